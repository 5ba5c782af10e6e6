/** Changes of runs by people and by the schedule. */
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { latestRun, nextRuns } from "../../platform/cron.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { findPlan, findRun, getRun } from "../queries/index.ts";
import type { LockBackup, RunDetail, RunNow } from "../schema.ts";
import { startRun } from "./start.ts";

/** Plans started in one turn of the schedule; the rest follow in the next, seconds later. */
const DUE_BATCH = 20;

async function record(ctx: Context, run: RunDetail, entry: { action: `backups.${string}`; summary: string; before?: unknown; after?: unknown }): Promise<void> {
  await audit(ctx, { ...entry, target: { kind: "backupRun", id: run.id } });
  await announce(ctx, { topic: "backups", id: run.planId });
}

/** Starts a run now. Throws `conflict` while the plan has one, `precondition` for a plan that cannot run. */
export async function runNow(ctx: Context, input: RunNow): Promise<RunDetail> {
  return inTransaction(ctx, async (tx) => {
    const plan = await findPlan(tx, input.id);
    if (plan.archivedAt) throw new AppError("precondition", `${plan.name} is archived. Take it back into use first.`);
    if (plan.source === null) throw new AppError("precondition", `${plan.name} has no source. Edit it and say what to back up.`);
    const id = await startRun(tx, plan, { trigger: input.trigger, occurrenceAt: null });
    if (id === null) throw new AppError("conflict", `A run of ${plan.name} is under way. Wait for it, or cancel it.`);
    const run = await getRun(tx, { id });
    await record(tx, run, { action: "backups.runNow", summary: `Started a backup of ${plan.name}`, after: { trigger: input.trigger } });
    return run;
  });
}

type Due = { id: string; name: string; cron: string; timeZone: string; nextRunAt: Date; now: Date };

/**
 * Starts what the schedule says is due, by the database's clock. What was missed is caught up once, for the latest
 * occurrence. Any number of workers may call it: rows are skipped while another holds them, and the occurrence is unique.
 * A plan whose run is still going stays due and starts when that ends. Returns how many were started.
 */
export async function startDueRuns(ctx: Context): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    const due = await tx.db.$queryRaw<Due[]>`
      SELECT p.id, p.name, p.cron, p.time_zone AS "timeZone", p.next_run_at AS "nextRunAt", now() AS now FROM backup_plan p
      WHERE p.next_run_at <= now() AND p.source IS NOT NULL AND NOT EXISTS (SELECT 1 FROM backup_run r WHERE r.active_key = p.id)
      ORDER BY p.next_run_at LIMIT ${DUE_BATCH} FOR UPDATE OF p SKIP LOCKED`;
    let started = 0;
    for (const plan of due) {
      const schedule = { line: plan.cron, zone: plan.timeZone };
      const latest = latestRun(schedule, plan.now);
      const occurrenceAt = latest && latest > plan.nextRunAt ? latest : plan.nextRunAt;
      const id = await startRun(tx, plan, { trigger: "scheduled", occurrenceAt });
      await tx.db.backupPlan.updateMany({ where: { id: plan.id }, data: { nextRunAt: nextRuns(schedule, plan.now, 1)[0] ?? null } });
      if (id === null) continue;
      started += 1;
      await audit(tx, { action: "backups.scheduled", target: { kind: "backupRun", id }, summary: `Started the backup of ${plan.name} that was due at ${occurrenceAt.toISOString()}` });
      await announce(tx, { topic: "backups", id: plan.id });
    }
    return started;
  });
}

/** Cancels a run. One that waits ends at once; one that runs stops, removes what it wrote and then ends. */
export async function cancelRun(ctx: Context, input: { id: string }): Promise<RunDetail> {
  return inTransaction(ctx, async (tx) => {
    const before = await findRun(tx, input.id);
    const asked = { cancelRequestedAt: tx.now(), cancelRequestedBy: actorLabel(tx.actor) };
    const queued = await tx.db.backupRun.updateMany({ where: { id: before.id, state: "queued" }, data: { ...asked, state: "cancelled", activeKey: null, finishedAt: tx.now(), problem: "Cancelled before it began." } });
    const running = await tx.db.backupRun.updateMany({ where: { id: before.id, state: "running", cancelRequestedAt: null }, data: asked });
    if (queued.count + running.count === 0) throw new AppError("conflict", "This run has ended already, or is being cancelled.");
    const run = await getRun(tx, { id: before.id });
    await record(tx, run, { action: "backups.cancelRun", summary: `Cancelled the backup of ${run.planName}`, before: { state: before.state } });
    return run;
  });
}

/** Keeps a backup whatever the policy says. */
export async function lockBackup(ctx: Context, input: LockBackup): Promise<RunDetail> {
  return inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.backupRun.updateMany({ where: { id: input.id, state: "stored", lockedAt: null }, data: { lockedAt: tx.now(), lockedBy: actorLabel(tx.actor), lockReason: input.reason } });
    const run = await getRun(tx, { id: input.id });
    if (count === 0) throw new AppError("conflict", run.lock ? "This backup is locked already." : "Only a stored backup can be locked.");
    await record(tx, run, { action: "backups.lock", summary: `Locked a backup of ${run.planName}: ${input.reason}`, after: { reason: input.reason } });
    return run;
  });
}

/** Lets the policy decide again. */
export async function unlockBackup(ctx: Context, input: { id: string }): Promise<RunDetail> {
  return inTransaction(ctx, async (tx) => {
    const before = await getRun(tx, input);
    const { count } = await tx.db.backupRun.updateMany({ where: { id: input.id, lockedAt: { not: null } }, data: { lockedAt: null, lockedBy: null, lockReason: null } });
    if (count === 0) throw new AppError("conflict", "This backup is not locked.");
    const run = await getRun(tx, input);
    await record(tx, run, { action: "backups.unlock", summary: `Unlocked a backup of ${run.planName}`, before: { reason: before.lock?.reason } });
    return run;
  });
}

/** Says that what stood out was meant to be: the backup counts as good again. Throws `precondition` when a drill refuted it. */
export async function acceptBackup(ctx: Context, input: { id: string }): Promise<RunDetail> {
  return inTransaction(ctx, async (tx) => {
    const before = await findRun(tx, input.id);
    if (before.refutedAt !== null) throw new AppError("precondition", "A drill could not restore this backup; only a drill that passes makes it good again.");
    const { count } = await tx.db.backupRun.updateMany({ where: { id: input.id, state: "stored", NOT: { suspicions: { equals: [] } } }, data: { suspicions: [] } });
    if (count === 0) throw new AppError("conflict", "Nothing about this backup is suspect any more.");
    const run = await getRun(tx, input);
    await record(tx, run, { action: "backups.accept", summary: `Accepted a suspect backup of ${run.planName}`, before: { suspicions: before.suspicions } });
    return run;
  });
}
