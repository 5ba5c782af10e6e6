-- Heartbeats: checks that wait for a sign of life instead of asking for one. The id in the address finds the check.
CREATE TABLE "heartbeat" (
    "check_id" TEXT NOT NULL,
    "ping_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_ping_at" TIMESTAMPTZ(3),
    "last_kind" TEXT,
    "succeeded_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "run_id" TEXT,
    "last_run_ms" DOUBLE PRECISION,
    "last_note" TEXT NOT NULL DEFAULT '',
    "pings" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "heartbeat_pkey" PRIMARY KEY ("check_id")
);

CREATE UNIQUE INDEX "heartbeat_ping_id_key" ON "heartbeat"("ping_id");

ALTER TABLE "heartbeat" ADD CONSTRAINT "heartbeat_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "service_check"("id") ON DELETE CASCADE ON UPDATE CASCADE;
