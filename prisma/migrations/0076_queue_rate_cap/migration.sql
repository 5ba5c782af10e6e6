-- How many jobs of an own queue may begin in one second, over all workers; counted by the claims themselves.
ALTER TABLE "queue_policy" ADD COLUMN "per_second" INTEGER;
ALTER TABLE "queue_policy" ADD COLUMN "counted_second" TIMESTAMPTZ(3);
ALTER TABLE "queue_policy" ADD COLUMN "counted" INTEGER NOT NULL DEFAULT 0;
