-- Links that go by mail: null for links that were shown to an administrator.
ALTER TABLE "one_time_link" ADD COLUMN "mail_state" TEXT;
ALTER TABLE "one_time_link" ADD COLUMN "mail_problem" TEXT;
ALTER TABLE "one_time_link" ADD COLUMN "mailed_at" TIMESTAMPTZ(3);

-- Checks of the audit trail that people asked for.
CREATE TABLE "audit_verification" (
    "id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "entries" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL DEFAULT 0,
    "verdict" JSONB,
    "problem" TEXT,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_verification_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "audit_verification_created_at_idx" ON "audit_verification"("created_at");

-- One at a time.
CREATE UNIQUE INDEX "audit_verification_open_key" ON "audit_verification"((true)) WHERE "finished_at" IS NULL;
