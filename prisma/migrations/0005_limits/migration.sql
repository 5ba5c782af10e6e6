-- CreateTable
CREATE TABLE "limit_rule" (
    "window" TEXT NOT NULL,
    "max" INTEGER,
    "proposed_max" INTEGER,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "limit_rule_pkey" PRIMARY KEY ("window")
);

-- CreateTable
CREATE TABLE "limit_override" (
    "caller" TEXT NOT NULL,
    "window" TEXT NOT NULL,
    "max" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "limit_override_pkey" PRIMARY KEY ("caller","window")
);

-- CreateTable
CREATE TABLE "limit_exemption" (
    "key_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "limit_exemption_pkey" PRIMARY KEY ("key_id")
);

-- CreateTable
CREATE TABLE "limit_attempt" (
    "subject" TEXT NOT NULL,
    "failed_at" TIMESTAMPTZ(6)[],
    "last_charge" TEXT NOT NULL,
    "blocked_at" TIMESTAMPTZ(3),
    "blocked_until" TIMESTAMPTZ(3),
    "level" INTEGER NOT NULL DEFAULT 0,
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "limit_attempt_pkey" PRIMARY KEY ("subject")
);

-- CreateIndex
CREATE INDEX "limit_attempt_blocked_until_idx" ON "limit_attempt"("blocked_until");

-- CreateIndex
CREATE INDEX "limit_attempt_updated_at_idx" ON "limit_attempt"("updated_at");

-- Calls by minute, tier and caller, summed over processes.
CREATE TABLE IF NOT EXISTS series.limit_usage (
  minute  timestamptz NOT NULL,
  tier    text        NOT NULL,
  caller  text        NOT NULL,
  allowed integer     NOT NULL,
  refused integer     NOT NULL,
  -- The most of a window that was used at any moment of the minute, in percent.
  peak    smallint    NOT NULL,
  PRIMARY KEY (minute, tier, caller)
);

CREATE INDEX IF NOT EXISTS limit_usage_caller_idx ON series.limit_usage (caller, minute);

-- Counts calls that must be counted although the shared store is away. Short-lived, so nothing is lost with the log.
CREATE UNLOGGED TABLE IF NOT EXISTS series.limit_counter (
  window_name text    NOT NULL,
  caller      text    NOT NULL,
  slot        bigint  NOT NULL,
  slot_ends   timestamptz NOT NULL,
  calls       integer NOT NULL,
  PRIMARY KEY (window_name, caller, slot)
);

CREATE INDEX IF NOT EXISTS limit_counter_ends_idx ON series.limit_counter (slot_ends);
