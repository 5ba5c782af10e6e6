-- New plans hash tables of up to 32 MiB row by row; plans that are there keep their figure.
ALTER TABLE "backup_plan" ALTER COLUMN "hash_full_up_to_bytes" SET DEFAULT 33554432;
