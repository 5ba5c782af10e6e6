-- CreateTable
CREATE TABLE "backup_store" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "label" TEXT NOT NULL,
    "archived_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "check_problem" TEXT,
    "free_bytes" BIGINT,
    "is_versioned" BOOLEAN,
    "is_locked" BOOLEAN,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "backup_store_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_plan" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "source" JSONB,
    "source_kind" TEXT NOT NULL,
    "source_label" TEXT NOT NULL,
    "is_self" BOOLEAN NOT NULL DEFAULT false,
    "engine_wish" TEXT NOT NULL DEFAULT 'auto',
    "cron" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "next_run_at" TIMESTAMPTZ(3),
    "cipher" TEXT NOT NULL DEFAULT 'aes-256-gcm',
    "rpo_minutes" INTEGER NOT NULL,
    "rto_minutes" INTEGER NOT NULL,
    "drill" JSONB NOT NULL,
    "next_drill_at" TIMESTAMPTZ(3),
    "backups_since_drill" INTEGER NOT NULL DEFAULT 0,
    "hooks" JSONB NOT NULL,
    "expected_bytes" BIGINT,
    "hash_full_up_to_bytes" BIGINT NOT NULL DEFAULT 1073741824,
    "volatile_tables" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "findings" JSONB NOT NULL DEFAULT '[]',
    "checked_at" TIMESTAMPTZ(3),
    "source_version" TEXT,
    "paused_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "backup_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_plan_store" (
    "plan_id" TEXT NOT NULL,
    "store_id" TEXT NOT NULL,
    "retention" JSONB NOT NULL,

    CONSTRAINT "backup_plan_store_pkey" PRIMARY KEY ("plan_id","store_id")
);

-- CreateTable
CREATE TABLE "backup_run" (
    "id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "occurrence_at" TIMESTAMPTZ(3),
    "active_key" TEXT,
    "state" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "cancel_requested_by" TEXT,
    "progress" JSONB,
    "engine" TEXT,
    "engine_reason" TEXT,
    "source_version" TEXT,
    "data_as_of" TIMESTAMPTZ(3),
    "plain_bytes" BIGINT,
    "bytes" BIGINT,
    "cipher" TEXT,
    "key_id" TEXT,
    "content" JSONB,
    "manifest_name" TEXT,
    "suspicions" JSONB NOT NULL DEFAULT '[]',
    "problem" TEXT,
    "problem_code" TEXT,
    "verified_at" TIMESTAMPTZ(3),
    "refuted_at" TIMESTAMPTZ(3),
    "locked_at" TIMESTAMPTZ(3),
    "locked_by" TEXT,
    "lock_reason" TEXT,

    CONSTRAINT "backup_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_copy" (
    "run_id" TEXT NOT NULL,
    "store_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "bytes" BIGINT,
    "archive_name" TEXT,
    "manifest_name" TEXT,
    "problem" TEXT,
    "manifest_problem" TEXT,
    "stored_at" TIMESTAMPTZ(3),
    "delete_rule" TEXT,
    "delete_decided_at" TIMESTAMPTZ(3),
    "delete_tries" INTEGER NOT NULL DEFAULT 0,
    "delete_problem" TEXT,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "backup_copy_pkey" PRIMARY KEY ("run_id","store_id")
);

-- CreateTable
CREATE TABLE "backup_drill" (
    "id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "store_id" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "active_key" TEXT,
    "state" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "progress" JSONB,
    "restore_seconds" DOUBLE PRECISION,
    "data_age_seconds" DOUBLE PRECISION,
    "compared_rows" BIGINT,
    "compared_tables" INTEGER,
    "differences" JSONB NOT NULL DEFAULT '[]',
    "assertions" JSONB NOT NULL DEFAULT '[]',
    "problem" TEXT,

    CONSTRAINT "backup_drill_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_restore" (
    "id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "store_id" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "target" JSONB NOT NULL,
    "target_label" TEXT NOT NULL,
    "active_key" TEXT,
    "selection" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL,
    "phase" TEXT,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "progress" JSONB,
    "comparison" JSONB,
    "left_out" JSONB NOT NULL DEFAULT '[]',
    "former_name" TEXT,
    "safety_run_id" TEXT,
    "seconds" DOUBLE PRECISION,
    "problem" TEXT,

    CONSTRAINT "backup_restore_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_log_line" (
    "id" BIGSERIAL NOT NULL,
    "subject_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "level" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "backup_log_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_retention_pass" (
    "id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "store_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "stays" INTEGER NOT NULL,
    "goes" INTEGER NOT NULL,
    "refusal" TEXT,

    CONSTRAINT "backup_retention_pass_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_kit" (
    "key_id" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_by" TEXT NOT NULL,

    CONSTRAINT "backup_kit_pkey" PRIMARY KEY ("key_id")
);

-- CreateTable
CREATE TABLE "backup_clock" (
    "id" INTEGER NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "steady_since" TIMESTAMPTZ(3) NOT NULL,
    "jump_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "backup_clock_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "backup_store_name_key" ON "backup_store"("name");

-- CreateIndex
CREATE UNIQUE INDEX "backup_plan_slug_key" ON "backup_plan"("slug");

-- CreateIndex
CREATE INDEX "backup_plan_next_run_at_idx" ON "backup_plan"("next_run_at");

-- CreateIndex
CREATE UNIQUE INDEX "backup_run_active_key_key" ON "backup_run"("active_key");

-- CreateIndex
CREATE UNIQUE INDEX "backup_run_plan_id_occurrence_at_key" ON "backup_run"("plan_id", "occurrence_at");

-- CreateIndex
CREATE INDEX "backup_run_plan_id_requested_at_id_idx" ON "backup_run"("plan_id", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "backup_run_state_idx" ON "backup_run"("state");

-- CreateIndex
CREATE INDEX "backup_copy_store_id_state_idx" ON "backup_copy"("store_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "backup_drill_active_key_key" ON "backup_drill"("active_key");

-- CreateIndex
CREATE INDEX "backup_drill_plan_id_requested_at_id_idx" ON "backup_drill"("plan_id", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "backup_drill_run_id_idx" ON "backup_drill"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "backup_restore_active_key_key" ON "backup_restore"("active_key");

-- CreateIndex
CREATE INDEX "backup_restore_plan_id_requested_at_id_idx" ON "backup_restore"("plan_id", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "backup_log_line_subject_id_id_idx" ON "backup_log_line"("subject_id", "id");

-- CreateIndex
CREATE INDEX "backup_retention_pass_plan_id_at_idx" ON "backup_retention_pass"("plan_id", "at" DESC);

-- AddForeignKey
ALTER TABLE "backup_plan_store" ADD CONSTRAINT "backup_plan_store_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "backup_plan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backup_plan_store" ADD CONSTRAINT "backup_plan_store_store_id_fkey" FOREIGN KEY ("store_id") REFERENCES "backup_store"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backup_run" ADD CONSTRAINT "backup_run_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "backup_plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "backup_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_store_id_fkey" FOREIGN KEY ("store_id") REFERENCES "backup_store"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backup_drill" ADD CONSTRAINT "backup_drill_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "backup_plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backup_drill" ADD CONSTRAINT "backup_drill_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "backup_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backup_restore" ADD CONSTRAINT "backup_restore_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "backup_plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backup_restore" ADD CONSTRAINT "backup_restore_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "backup_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backup_retention_pass" ADD CONSTRAINT "backup_retention_pass_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "backup_plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
