-- CreateTable
CREATE TABLE "load_run" (
    "id" TEXT NOT NULL,
    "service_id" TEXT NOT NULL,
    "scenario" TEXT NOT NULL,
    "profile" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "commit" TEXT,
    "branch" TEXT,
    "verdict" TEXT NOT NULL,
    "reasons" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "figures" JSONB NOT NULL,
    "thresholds" JSONB NOT NULL,
    "metrics" JSONB NOT NULL,
    "omitted_metrics" INTEGER NOT NULL DEFAULT 0,
    "points" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "received_from" TEXT NOT NULL,

    CONSTRAINT "load_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "load_baseline" (
    "service_id" TEXT NOT NULL,
    "scenario" TEXT NOT NULL,
    "profile" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "promoted_at" TIMESTAMPTZ(3) NOT NULL,
    "promoted_by" TEXT NOT NULL,

    CONSTRAINT "load_baseline_pkey" PRIMARY KEY ("service_id","scenario","profile")
);

-- CreateTable
CREATE TABLE "load_rules" (
    "service_id" TEXT NOT NULL,
    "rules" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "load_rules_pkey" PRIMARY KEY ("service_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "load_run_service_id_scenario_profile_digest_key" ON "load_run"("service_id", "scenario", "profile", "digest");

-- CreateIndex
CREATE INDEX "load_run_service_id_scenario_profile_received_at_idx" ON "load_run"("service_id", "scenario", "profile", "received_at");

-- CreateIndex
CREATE INDEX "load_run_received_at_idx" ON "load_run"("received_at");

-- CreateIndex
CREATE INDEX "load_baseline_run_id_idx" ON "load_baseline"("run_id");

-- AddForeignKey
ALTER TABLE "load_run" ADD CONSTRAINT "load_run_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "load_baseline" ADD CONSTRAINT "load_baseline_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "load_rules" ADD CONSTRAINT "load_rules_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;
