/** What retention would do to the copies of a plan in one store: the same decision for preview and deletion. */
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { decideRetention, type Candidate, type Verdict } from "../retention/decide.ts";
import { retentionStanding, runState } from "../run-state.ts";
import type { PreviewRetention, RetentionPolicy, RetentionPreview } from "../schema.ts";
import type { Suspicion } from "../suspicion.ts";
import { findPlan, type PlanWithStores } from "./plans.ts";

type Row = {
  id: string;
  takenAt: Date;
  state: string;
  suspicions: Suspicion[];
  verifiedAt: Date | null;
  refutedAt: Date | null;
  lockReason: string | null;
  manifestProblem: string | null;
  bytes: bigint | null;
};

/** Copies that lie in a store, newest first. The time is our own record's, never the store's. */
async function readCopies(ctx: Context, planId: string, storeId: string): Promise<Row[]> {
  return ctx.db.$queryRaw<Row[]>`
    SELECT r.id, coalesce(r.data_as_of, r.started_at, r.requested_at) AS "takenAt", r.state, r.suspicions, r.verified_at AS "verifiedAt",
      r.refuted_at AS "refutedAt", CASE WHEN r.locked_at IS NULL THEN NULL ELSE coalesce(r.lock_reason, '') END AS "lockReason",
      c.manifest_problem AS "manifestProblem", c.bytes
    FROM backup_copy c JOIN backup_run r ON r.id = c.run_id
    WHERE r.plan_id = ${planId} AND c.store_id = ${storeId} AND c.state = 'stored'
    ORDER BY 2 DESC, r.id DESC`;
}

async function circumstancesOf(ctx: Context, plan: PlanWithStores) {
  const [newest, clock] = await Promise.all([
    ctx.db.backupRun.findFirst({ where: { planId: plan.id, state: { in: ["stored", "failed"] } }, select: { state: true }, orderBy: [{ requestedAt: "desc" }, { id: "desc" }] }),
    ctx.db.backupClock.findUnique({ where: { id: 1 } }),
  ]);
  return { now: ctx.now(), zone: plan.timeZone, isNewestFailed: newest?.state === "failed", steadySince: clock?.steadySince ?? null };
}

export type Judged = { verdict: Verdict; rows: Row[] };

/** Judges every copy of a plan in a store by a policy. */
export async function judgeCopies(ctx: Context, plan: PlanWithStores, rules: { storeId: string; policy: RetentionPolicy }): Promise<Judged> {
  const [rows, circumstances] = await Promise.all([readCopies(ctx, plan.id, rules.storeId), circumstancesOf(ctx, plan)]);
  const candidates = rows.map((row): Candidate => ({ id: row.id, takenAt: row.takenAt, standing: retentionStanding(runState(row)), lockReason: row.lockReason, manifestProblem: row.manifestProblem }));
  return { rows, verdict: decideRetention(rules.policy, candidates, circumstances) };
}

/** Shows what stays and what goes, and the rule why, before a policy is saved. */
export async function previewRetention(ctx: Context, input: PreviewRetention): Promise<RetentionPreview> {
  const plan = await findPlan(ctx, input.id);
  const saved = plan.stores.find(({ storeId }) => storeId === input.storeId);
  const policy = input.policy ?? (saved?.retention as RetentionPolicy | undefined);
  if (!policy) throw new AppError("not_found", `${plan.name} keeps nothing in the store ${input.storeId}.`);
  const { verdict, rows } = await judgeCopies(ctx, plan, { storeId: input.storeId, policy });
  const decisions = rows.map((row, index) => {
    const { goes, rule } = verdict.decisions[index] ?? { goes: false, rule: "" };
    return { runId: row.id, takenAt: row.takenAt, state: runState(row), bytes: row.bytes === null ? null : Number(row.bytes), goes, rule };
  });
  const goesBytes = decisions.reduce((sum, decision) => sum + (decision.goes ? (decision.bytes ?? 0) : 0), 0);
  return { stays: verdict.stays, goes: verdict.goes, goesBytes, refusal: verdict.refusal, decisions };
}
