-- Where a run spent its time, in milliseconds: name, connection, TLS, first byte, rest of the answer. Null for phases that a run did not have.
ALTER TABLE "series"."check_result" ADD COLUMN "phases_ms" REAL[];
