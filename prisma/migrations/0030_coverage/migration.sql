-- Coverage and test results of services. Records, pages and texts are named by their content and stored once.

-- CreateTable
CREATE TABLE "coverage_policy" (
    "service_id" TEXT NOT NULL,
    "default_branch" TEXT NOT NULL DEFAULT 'main',
    "expected_flags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "gate" JSONB NOT NULL,
    "is_badge_public" BOOLEAN NOT NULL DEFAULT false,
    "source_url" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "coverage_policy_pkey" PRIMARY KEY ("service_id")
);

-- CreateTable
CREATE TABLE "coverage_commit" (
    "id" TEXT NOT NULL,
    "service_id" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "pull_request" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "pushed_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "lines_covered" INTEGER,
    "lines_total" INTEGER,
    "branches_covered" INTEGER,
    "branches_total" INTEGER,
    "functions_covered" INTEGER,
    "functions_total" INTEGER,
    "statements_covered" INTEGER,
    "statements_total" INTEGER,
    "files" INTEGER NOT NULL DEFAULT 0,
    "flags" JSONB NOT NULL,
    "is_carried" BOOLEAN NOT NULL DEFAULT false,
    "outcome" TEXT NOT NULL DEFAULT 'unknown',
    "verdict" JSONB NOT NULL,
    "added_lines" JSONB,
    "patch" JSONB,
    "pages" BYTEA,

    CONSTRAINT "coverage_commit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coverage_suite" (
    "commit_id" TEXT NOT NULL,
    "service_id" TEXT NOT NULL,
    "flag" TEXT NOT NULL,
    "totals" JSONB NOT NULL,
    "files" INTEGER NOT NULL,
    "formats" TEXT[],
    "pages" BYTEA,
    "pushed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "coverage_suite_pkey" PRIMARY KEY ("commit_id","flag")
);

-- CreateTable
CREATE TABLE "coverage_report" (
    "id" TEXT NOT NULL,
    "commit_id" TEXT NOT NULL,
    "flag" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "files" INTEGER NOT NULL,
    "pushed_by" TEXT NOT NULL,
    "pushed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "coverage_report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coverage_record" (
    "name" BYTEA NOT NULL,
    "data" BYTEA NOT NULL,
    "used_on" DATE NOT NULL,

    CONSTRAINT "coverage_record_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "coverage_page" (
    "name" BYTEA NOT NULL,
    "data" BYTEA NOT NULL,
    "used_on" DATE NOT NULL,

    CONSTRAINT "coverage_page_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "coverage_text" (
    "name" BYTEA NOT NULL,
    "data" BYTEA NOT NULL,
    "used_on" DATE NOT NULL,

    CONSTRAINT "coverage_text_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "coverage_source" (
    "service_id" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "text_name" BYTEA NOT NULL,

    CONSTRAINT "coverage_source_pkey" PRIMARY KEY ("service_id","commit","path")
);

-- CreateTable
CREATE TABLE "coverage_test_run" (
    "id" TEXT NOT NULL,
    "service_id" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "flag" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "pushed_at" TIMESTAMPTZ(3) NOT NULL,
    "tests" INTEGER NOT NULL,
    "passed" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "skipped" INTEGER NOT NULL,
    "flaky" INTEGER NOT NULL,
    "duration_ms" DOUBLE PRECISION NOT NULL,
    "failures" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "coverage_test_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coverage_test" (
    "service_id" TEXT NOT NULL,
    "flag" TEXT NOT NULL,
    "suite" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "runs" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "flakes" INTEGER NOT NULL DEFAULT 0,
    "total_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "last_commit" TEXT NOT NULL,
    "last_bad" BOOLEAN NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "last_flaky_at" TIMESTAMPTZ(3),

    CONSTRAINT "coverage_test_pkey" PRIMARY KEY ("service_id","flag","suite","name")
);

-- CreateIndex
CREATE INDEX "coverage_commit_service_id_branch_at_idx" ON "coverage_commit"("service_id", "branch", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "coverage_commit_service_id_commit_key" ON "coverage_commit"("service_id", "commit");

-- CreateIndex
CREATE INDEX "coverage_suite_service_id_flag_pushed_at_idx" ON "coverage_suite"("service_id", "flag", "pushed_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "coverage_report_commit_id_flag_sha256_key" ON "coverage_report"("commit_id", "flag", "sha256");

-- CreateIndex
CREATE INDEX "coverage_record_used_on_idx" ON "coverage_record"("used_on");

-- CreateIndex
CREATE INDEX "coverage_page_used_on_idx" ON "coverage_page"("used_on");

-- CreateIndex
CREATE INDEX "coverage_text_used_on_idx" ON "coverage_text"("used_on");

-- CreateIndex
CREATE INDEX "coverage_test_run_service_id_branch_flag_at_idx" ON "coverage_test_run"("service_id", "branch", "flag", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "coverage_test_run_service_id_commit_flag_sha256_key" ON "coverage_test_run"("service_id", "commit", "flag", "sha256");

-- CreateIndex
CREATE INDEX "coverage_test_service_id_flakes_idx" ON "coverage_test"("service_id", "flakes" DESC);

-- AddForeignKey
ALTER TABLE "coverage_policy" ADD CONSTRAINT "coverage_policy_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_commit" ADD CONSTRAINT "coverage_commit_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_suite" ADD CONSTRAINT "coverage_suite_commit_id_fkey" FOREIGN KEY ("commit_id") REFERENCES "coverage_commit"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_report" ADD CONSTRAINT "coverage_report_commit_id_flag_fkey" FOREIGN KEY ("commit_id", "flag") REFERENCES "coverage_suite"("commit_id", "flag") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_source" ADD CONSTRAINT "coverage_source_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_source" ADD CONSTRAINT "coverage_source_text_name_fkey" FOREIGN KEY ("text_name") REFERENCES "coverage_text"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_test_run" ADD CONSTRAINT "coverage_test_run_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_test" ADD CONSTRAINT "coverage_test_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Pages and texts are packed already; trying again costs time and saves nothing.
ALTER TABLE "coverage_page" ALTER COLUMN "data" SET STORAGE EXTERNAL;
ALTER TABLE "coverage_text" ALTER COLUMN "data" SET STORAGE EXTERNAL;
