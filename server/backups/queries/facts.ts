/** The facts that a plan's standing is computed from, for any number of plans in one query. */
import type { BackupPlan } from "../../../prisma/generated/client.ts";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { drillPeriodMs } from "../cadence.ts";
import { runState } from "../run-state.ts";
import type { DrillRules } from "../schema/drill-rules.ts";
import { standingOf, type PlanFacts, type Standing } from "../standing.ts";
import type { Suspicion } from "../suspicion.ts";

/** The window of the success rate that ages out (the other one covers all time). */
const SUCCESS_WINDOW_MS = 30 * DAY_MS;

export type FactsRow = {
  id: string;
  activeRunId: string | null;
  activeDrillId: string | null;
  lastState: string | null;
  lastProblem: string | null;
  lastSuspicions: Suspicion[] | null;
  lastVerifiedAt: Date | null;
  lastRefutedAt: Date | null;
  lastUploadFailed: boolean | null;
  goodRunId: string | null;
  goodCipher: string | null;
  goodAsOf: Date | null;
  goodBytes: bigint | null;
  verifiedAsOf: Date | null;
  verifiedAt: Date | null;
  verifiedSeconds: number | null;
  drillState: "passed" | "failed" | null;
  drillAt: Date | null;
  drillSeconds: number | null;
  stored30: number;
  ended30: number;
  storedAll: number;
  endedAll: number;
  copies: number;
  lostCopies: number;
  copyBytes: bigint | null;
};

/** Reads the facts of these plans, by plan id. */
export async function readFacts(ctx: Context, planIds: readonly string[]): Promise<Map<string, FactsRow>> {
  const since = new Date(ctx.now().getTime() - SUCCESS_WINDOW_MS);
  const rows = await ctx.db.$queryRaw<FactsRow[]>`
    SELECT p.id, run.id AS "activeRunId", drl.id AS "activeDrillId",
      l.state AS "lastState", l.problem AS "lastProblem", l.suspicions AS "lastSuspicions", l.verified_at AS "lastVerifiedAt",
      l.refuted_at AS "lastRefutedAt", l.upload_failed AS "lastUploadFailed",
      g.id AS "goodRunId", g.cipher AS "goodCipher", g.data_as_of AS "goodAsOf", g.bytes AS "goodBytes",
      v.data_as_of AS "verifiedAsOf", v.verified_at AS "verifiedAt", v.restore_seconds AS "verifiedSeconds",
      d.state AS "drillState", d.finished_at AS "drillAt", d.restore_seconds AS "drillSeconds",
      s.stored30, s.ended30, s.stored_all AS "storedAll", s.ended_all AS "endedAll", c.copies, c.lost AS "lostCopies", c.bytes AS "copyBytes"
    FROM unnest(${planIds as string[]}::text[]) AS p(id)
    LEFT JOIN backup_run run ON run.active_key = p.id
    LEFT JOIN backup_drill drl ON drl.active_key = p.id
    LEFT JOIN LATERAL (
      SELECT r.state, r.problem, r.suspicions, r.verified_at, r.refuted_at,
        EXISTS (SELECT 1 FROM backup_copy x WHERE x.run_id = r.id AND x.state = 'failed') AS upload_failed
      FROM backup_run r WHERE r.plan_id = p.id AND r.state IN ('stored', 'failed') ORDER BY r.requested_at DESC, r.id DESC LIMIT 1) l ON true
    LEFT JOIN LATERAL (
      SELECT r.id, r.cipher, r.data_as_of, r.bytes FROM backup_run r
      WHERE r.plan_id = p.id AND r.state = 'stored' AND r.refuted_at IS NULL AND r.suspicions = '[]'
        AND EXISTS (SELECT 1 FROM backup_copy x WHERE x.run_id = r.id AND x.state = 'stored')
      ORDER BY r.data_as_of DESC LIMIT 1) g ON true
    LEFT JOIN LATERAL (
      SELECT r.data_as_of, r.verified_at, (
        SELECT x.restore_seconds FROM backup_drill x WHERE x.run_id = r.id AND x.state = 'passed' ORDER BY x.finished_at DESC LIMIT 1) AS restore_seconds
      FROM backup_run r
      WHERE r.plan_id = p.id AND r.state = 'stored' AND r.verified_at IS NOT NULL AND r.refuted_at IS NULL AND r.suspicions = '[]'
        AND EXISTS (SELECT 1 FROM backup_copy x WHERE x.run_id = r.id AND x.state = 'stored')
      ORDER BY r.data_as_of DESC LIMIT 1) v ON true
    LEFT JOIN LATERAL (
      SELECT x.state, x.finished_at, x.restore_seconds FROM backup_drill x
      WHERE x.plan_id = p.id AND x.state IN ('passed', 'failed') ORDER BY x.finished_at DESC LIMIT 1) d ON true
    LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE r.state = 'stored' AND r.finished_at >= ${since})::int AS stored30, count(*) FILTER (WHERE r.finished_at >= ${since})::int AS ended30,
        count(*) FILTER (WHERE r.state = 'stored')::int AS stored_all, count(*)::int AS ended_all
      FROM backup_run r WHERE r.plan_id = p.id AND r.state IN ('stored', 'failed')) s ON true
    LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE x.state = 'stored')::int AS copies, count(*) FILTER (WHERE x.state = 'lost')::int AS lost, sum(x.bytes) FILTER (WHERE x.state = 'stored')::bigint AS bytes
      FROM backup_copy x JOIN backup_run r ON r.id = x.run_id WHERE r.plan_id = p.id AND x.state IN ('stored', 'lost')) c ON true`;
  return new Map(rows.map((row) => [row.id, row]));
}

type Plan = Pick<BackupPlan, "timeZone" | "pausedAt" | "archivedAt" | "source" | "rpoMinutes" | "rtoMinutes" | "cipher" | "nextRunAt" | "createdAt" | "drill">;

function lastRunOf(row: FactsRow): PlanFacts["lastRun"] {
  if (row.lastState === null) return null;
  const state = runState({ state: row.lastState, suspicions: row.lastSuspicions ?? [], verifiedAt: row.lastVerifiedAt, refutedAt: row.lastRefutedAt });
  return { state: state as "stored" | "verified" | "suspect" | "failed", problem: row.lastProblem, hasFailedUpload: row.lastUploadFailed === true };
}

/** Computes the standing of a plan from its row and facts. */
export function standingFrom(plan: Plan, row: FactsRow, now: Date): Standing {
  return standingOf(
    {
      timeZone: plan.timeZone,
      isPaused: plan.pausedAt !== null || plan.archivedAt !== null,
      hasSource: plan.source !== null,
      rpoMinutes: plan.rpoMinutes,
      rtoMinutes: plan.rtoMinutes,
      isEncrypted: plan.cipher !== "none",
      nextRunAt: plan.nextRunAt,
      isRunning: row.activeRunId !== null,
      createdAt: plan.createdAt,
      lastRun: lastRunOf(row),
      lastGood: row.goodAsOf && { dataAsOf: row.goodAsOf },
      lastVerified: row.verifiedAsOf && row.verifiedAt && { dataAsOf: row.verifiedAsOf, verifiedAt: row.verifiedAt, restoreSeconds: row.verifiedSeconds },
      lastDrill: row.drillState && row.drillAt && { state: row.drillState, finishedAt: row.drillAt },
      lostCopies: row.lostCopies,
      drillPeriodMs: drillPeriodMs(plan.drill as DrillRules, plan.timeZone, now),
    },
    now,
  );
}
