-- Operations on many jobs, and the one outcome of each job they reached.
CREATE TABLE "queue_operation" (
    "id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "queue" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "job_state" TEXT NOT NULL,
    "filter" TEXT NOT NULL,
    "ids" JSONB,
    "priority" INTEGER,
    "most_redrives" INTEGER NOT NULL,
    "per_second" INTEGER,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "total" INTEGER,
    "reached" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "already" INTEGER NOT NULL DEFAULT 0,
    "missing" INTEGER NOT NULL DEFAULT 0,
    "refused" INTEGER NOT NULL DEFAULT 0,
    "cursor" TEXT,
    "is_exhausted" BOOLEAN NOT NULL DEFAULT false,
    "step" INTEGER NOT NULL DEFAULT 0,
    "pending_since" TIMESTAMPTZ(3),
    "rate" DOUBLE PRECISION,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "trouble" TEXT,
    "started_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "queue_operation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "queue_operation_created_at_id_idx" ON "queue_operation"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "queue_operation_status_idx" ON "queue_operation"("status");

-- One row a job and operation: it is written before the job is acted on, and no second time.
CREATE TABLE series.queue_operation_item (
  operation_id text NOT NULL,
  job_id       text NOT NULL,
  -- done, already, missing or refused; null while it is acted on.
  result       text,
  reason       text,
  PRIMARY KEY (operation_id, job_id)
);
