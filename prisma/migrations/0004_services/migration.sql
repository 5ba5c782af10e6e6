-- CreateEnum
CREATE TYPE "service_state" AS ENUM ('up', 'degraded', 'down', 'unknown');

-- CreateTable
CREATE TABLE "service" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "domain" TEXT NOT NULL DEFAULT '',
    "tier" INTEGER NOT NULL DEFAULT 2,
    "environment" TEXT NOT NULL DEFAULT 'production',
    "owner" TEXT NOT NULL DEFAULT '',
    "repository_url" TEXT,
    "links" JSONB NOT NULL DEFAULT '[]',
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "is_self" BOOLEAN NOT NULL DEFAULT false,
    "archived_at" TIMESTAMPTZ(3),
    "state" "service_state" NOT NULL DEFAULT 'unknown',
    "state_since" TIMESTAMPTZ(3) NOT NULL,
    "state_reason" TEXT NOT NULL DEFAULT '',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_check" (
    "id" TEXT NOT NULL,
    "service_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "interval_seconds" INTEGER NOT NULL DEFAULT 30,
    "timeout_ms" INTEGER NOT NULL DEFAULT 5000,
    "failures_before_down" INTEGER NOT NULL DEFAULT 2,
    "successes_before_up" INTEGER NOT NULL DEFAULT 1,
    "paused_at" TIMESTAMPTZ(3),
    "state" "service_state" NOT NULL DEFAULT 'unknown',
    "state_since" TIMESTAMPTZ(3) NOT NULL,
    "state_reason" TEXT NOT NULL DEFAULT '',
    "consecutive_failures" INTEGER NOT NULL DEFAULT 0,
    "consecutive_successes" INTEGER NOT NULL DEFAULT 0,
    "last_verdict" "service_state",
    "last_result_at" TIMESTAMPTZ(3),
    "last_latency_ms" DOUBLE PRECISION,
    "last_message" TEXT NOT NULL DEFAULT '',
    "last_known_at" TIMESTAMPTZ(3),
    "certificate_expires_at" TIMESTAMPTZ(3),
    "phase" DOUBLE PRECISION NOT NULL,
    "next_due_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "lease_token" INTEGER NOT NULL DEFAULT 0,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_component" (
    "check_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "verdict" "service_state" NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '',
    "value" DOUBLE PRECISION,
    "unit" TEXT,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_component_pkey" PRIMARY KEY ("check_id","name")
);

-- CreateTable
CREATE TABLE "service_transition" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "service_id" TEXT NOT NULL,
    "check_id" TEXT,
    "check_name" TEXT,
    "from_state" "service_state" NOT NULL,
    "to_state" "service_state" NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "service_transition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_summary" (
    "service_id" TEXT NOT NULL,
    "uptime_24h" DOUBLE PRECISION,
    "p95_ms_24h" DOUBLE PRECISION,
    "bars" JSONB NOT NULL DEFAULT '[]',
    "sparkline" JSONB NOT NULL DEFAULT '[]',
    "refreshed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_summary_pkey" PRIMARY KEY ("service_id")
);

-- CreateTable
CREATE TABLE "service_rollup_progress" (
    "name" TEXT NOT NULL,
    "done_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_rollup_progress_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE UNIQUE INDEX "service_slug_key" ON "service"("slug");

-- CreateIndex
CREATE INDEX "service_tags_idx" ON "service" USING GIN ("tags");

-- CreateIndex
CREATE INDEX "service_check_service_id_idx" ON "service_check"("service_id");

-- CreateIndex
CREATE INDEX "service_check_next_due_at_idx" ON "service_check"("next_due_at");

-- CreateIndex
CREATE INDEX "service_transition_service_id_id_idx" ON "service_transition"("service_id", "id" DESC);

-- CreateIndex
CREATE INDEX "service_transition_service_id_check_id_at_idx" ON "service_transition"("service_id", "check_id", "at");

-- AddForeignKey
ALTER TABLE "service_check" ADD CONSTRAINT "service_check_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_component" ADD CONSTRAINT "service_component_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "service_check"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_transition" ADD CONSTRAINT "service_transition_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_summary" ADD CONSTRAINT "service_summary_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- Every claim rewrites a check's row, every result too: leave room on the page so that most updates stay on it.
ALTER TABLE "service_check" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Time series, outside Prisma: raw results and their rollups.
CREATE SCHEMA IF NOT EXISTS "series";

-- One row a run of a check. One partition a day, made ahead and dropped whole. Checks never run twice at once, so
-- (check_id, observed_at) is unique, and writing a batch twice changes nothing.
CREATE TABLE "series"."check_result" (
    "check_id" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ NOT NULL,
    "written_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "verdict" "service_state" NOT NULL,
    "latency_ms" REAL,
    "latency_bucket" SMALLINT,
    "http_status" SMALLINT,
    "message" TEXT NOT NULL DEFAULT '',
    "start_lag_ms" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "check_result_pkey" PRIMARY KEY ("check_id", "observed_at")
) PARTITION BY RANGE ("observed_at");

-- The rollup job finds what is new by the time of writing, so late results are never missed.
CREATE INDEX "check_result_written_at_idx" ON "series"."check_result" ("written_at");

-- A subject is a check (counts of results) or, in hours and days, a service (seconds in each state).
-- hist_buckets and hist_counts are a sparse latency histogram, see server/services/histogram.ts.
CREATE TABLE "series"."rollup_minute" (
    "subject_id" TEXT NOT NULL,
    "bucket" TIMESTAMPTZ NOT NULL,
    "up" INTEGER NOT NULL,
    "degraded" INTEGER NOT NULL,
    "down" INTEGER NOT NULL,
    "unknown" INTEGER NOT NULL,
    "latency_sum" DOUBLE PRECISION NOT NULL,
    "latency_count" INTEGER NOT NULL,
    "hist_buckets" SMALLINT[] NOT NULL,
    "hist_counts" INTEGER[] NOT NULL,
    "p95_bucket" SMALLINT,
    CONSTRAINT "rollup_minute_pkey" PRIMARY KEY ("subject_id", "bucket")
) PARTITION BY RANGE ("bucket");

CREATE TABLE "series"."rollup_hour" (LIKE "series"."rollup_minute", CONSTRAINT "rollup_hour_pkey" PRIMARY KEY ("subject_id", "bucket"));
CREATE INDEX "rollup_hour_bucket_idx" ON "series"."rollup_hour" ("bucket");

CREATE TABLE "series"."rollup_day" (LIKE "series"."rollup_minute", CONSTRAINT "rollup_day_pkey" PRIMARY KEY ("subject_id", "bucket"));
CREATE INDEX "rollup_day_bucket_idx" ON "series"."rollup_day" ("bucket");

-- Partitions are made by server/services/partitions.ts: ahead by services.prune, and when a worker starts.
