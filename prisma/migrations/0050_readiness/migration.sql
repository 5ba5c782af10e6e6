-- CreateTable
CREATE TABLE "readiness_score" (
    "service_id" TEXT NOT NULL,
    "score" INTEGER NOT NULL,
    "earned" DOUBLE PRECISION NOT NULL,
    "is_capped" BOOLEAN NOT NULL,
    "blocking" INTEGER NOT NULL,
    "level" TEXT NOT NULL,
    "lines" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "evaluated_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "readiness_score_pkey" PRIMARY KEY ("service_id")
);

-- CreateTable
CREATE TABLE "readiness_point" (
    "id" BIGSERIAL NOT NULL,
    "service_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "score" INTEGER NOT NULL,
    "earned" DOUBLE PRECISION NOT NULL,
    "note" TEXT,
    "stated_by" TEXT,

    CONSTRAINT "readiness_point_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "readiness_change" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "service_id" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "from_outcome" TEXT,
    "to_outcome" TEXT,
    "points" DOUBLE PRECISION NOT NULL,
    "why" TEXT NOT NULL,

    CONSTRAINT "readiness_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "readiness_observation" (
    "service_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "answered" BOOLEAN NOT NULL,
    "status" INTEGER,
    "detail" JSONB NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "readiness_observation_pkey" PRIMARY KEY ("service_id","kind")
);

-- CreateTable
CREATE TABLE "readiness_waiver" (
    "id" TEXT NOT NULL,
    "service_id" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_by_id" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_by_id" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "decision_note" TEXT NOT NULL DEFAULT '',
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "readiness_waiver_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "readiness_adoption" (
    "service_id" TEXT NOT NULL,
    "list" TEXT NOT NULL,
    "adopted_at" TIMESTAMPTZ(3) NOT NULL,
    "adopted_by" TEXT NOT NULL,

    CONSTRAINT "readiness_adoption_pkey" PRIMARY KEY ("service_id","list")
);

-- CreateTable
CREATE TABLE "readiness_answer" (
    "service_id" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "evidence_url" TEXT,
    "reviewer" TEXT NOT NULL,
    "answered_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "readiness_answer_pkey" PRIMARY KEY ("service_id","item")
);

-- CreateTable
CREATE TABLE "readiness_risk" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "likelihood" TEXT NOT NULL,
    "impact" TEXT NOT NULL,
    "previous" TEXT NOT NULL,
    "current" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "target_kind" TEXT NOT NULL DEFAULT 'risk',
    "mitigation" TEXT NOT NULL DEFAULT '',
    "owner" TEXT NOT NULL DEFAULT '',
    "closed_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "readiness_risk_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "readiness_workstream" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "priority" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "owner" TEXT NOT NULL DEFAULT '',
    "phase" TEXT NOT NULL DEFAULT '',
    "starts_on" TIMESTAMPTZ(3),
    "ends_on" TIMESTAMPTZ(3),
    "rules" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "note" TEXT NOT NULL DEFAULT '',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "readiness_workstream_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "readiness_milestone" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "due_on" TIMESTAMPTZ(3) NOT NULL,
    "goal" INTEGER NOT NULL,
    "is_done" BOOLEAN NOT NULL DEFAULT false,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "readiness_milestone_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "readiness_deferred" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "phase" TEXT NOT NULL DEFAULT '',
    "look_again_on" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "readiness_deferred_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "readiness_policy" (
    "id" INTEGER NOT NULL,
    "weights" JSONB NOT NULL,
    "goal" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "readiness_policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "readiness_progress" (
    "name" TEXT NOT NULL,
    "done_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "readiness_progress_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "readiness_score_score_idx" ON "readiness_score"("score");

-- CreateIndex
CREATE INDEX "readiness_point_service_id_at_idx" ON "readiness_point"("service_id", "at");

-- CreateIndex
CREATE INDEX "readiness_change_service_id_id_idx" ON "readiness_change"("service_id", "id" DESC);

-- CreateIndex
CREATE INDEX "readiness_change_at_idx" ON "readiness_change"("at");

-- CreateIndex
CREATE INDEX "readiness_observation_observed_at_idx" ON "readiness_observation"("observed_at");

-- CreateIndex
CREATE INDEX "readiness_waiver_service_id_idx" ON "readiness_waiver"("service_id");

-- CreateIndex
CREATE INDEX "readiness_waiver_expires_at_idx" ON "readiness_waiver"("expires_at");

-- AddForeignKey
ALTER TABLE "readiness_score" ADD CONSTRAINT "readiness_score_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "readiness_observation" ADD CONSTRAINT "readiness_observation_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "readiness_waiver" ADD CONSTRAINT "readiness_waiver_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "readiness_adoption" ADD CONSTRAINT "readiness_adoption_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "readiness_answer" ADD CONSTRAINT "readiness_answer_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Who asks for a waiver never approves it, whatever the program says.
ALTER TABLE "readiness_waiver" ADD CONSTRAINT "readiness_waiver_two_people" CHECK ("state" <> 'approved' OR ("decided_by_id" IS NOT NULL AND "decided_by_id" <> "requested_by_id"));
ALTER TABLE "readiness_waiver" ADD CONSTRAINT "readiness_waiver_ends_later" CHECK ("expires_at" > "requested_at");

-- One waiver of a rule at a time.
CREATE UNIQUE INDEX "readiness_waiver_open_key" ON "readiness_waiver"("service_id", "rule") WHERE "state" IN ('asked', 'approved') AND "ended_at" IS NULL;

-- The past of a score is not rewritten: a row may go with its service, but never change.
CREATE FUNCTION "readiness_change_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'readiness_change is append only';
END
$$;
CREATE TRIGGER "readiness_change_append_only" BEFORE UPDATE ON "readiness_change" FOR EACH ROW EXECUTE FUNCTION "readiness_change_is_append_only"();
