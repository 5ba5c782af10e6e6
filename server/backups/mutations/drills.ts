/** Drills that people and the calendar start. */
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { nextDrill } from "../cadence.ts";
import { findPlan, getDrill } from "../queries/index.ts";
import type { DrillNow, DrillRow, DrillRules } from "../schema.ts";
import { startDrill } from "./start.ts";

type Drillable = { runId: string; storeId: string };

/** The newest backup that lies in a store, or the one asked for; a local copy before one in a bucket. */
async function choose(ctx: Context, planId: string, wanted: { runId?: string; storeId?: string }): Promise<Drillable | null> {
  const copy = await ctx.db.backupCopy.findFirst({
    where: { state: "stored", manifestProblem: null, storeId: wanted.storeId, store: { archivedAt: null }, run: { id: wanted.runId, planId, state: "stored" } },
    select: { runId: true, storeId: true },
    orderBy: [{ run: { requestedAt: "desc" } }, { store: { kind: "asc" } }, { storeId: "asc" }],
  });
  return copy;
}

/** Starts a drill now. Throws `precondition` when there is nothing to restore, `conflict` while the plan has a drill. */
export async function drillNow(ctx: Context, input: DrillNow): Promise<DrillRow> {
  return inTransaction(ctx, async (tx) => {
    const plan = await findPlan(tx, input.id);
    const chosen = await choose(tx, plan.id, input);
    if (!chosen) throw new AppError("precondition", input.runId ? "This backup lies in no store that can be read." : `${plan.name} has no stored backup yet.`);
    const id = await startDrill(tx, { planId: plan.id, ...chosen, trigger: "manual" });
    if (id === null) throw new AppError("conflict", `A drill of ${plan.name} is under way.`);
    await audit(tx, { action: "backups.drillNow", target: { kind: "backupDrill", id }, summary: `Started a drill of ${plan.name}`, after: chosen });
    await announce(tx, { topic: "backups", id: plan.id });
    return getDrill(tx, { id });
  });
}

/** Stops a drill. Its scratch place is destroyed; the backup's state stays what it was. */
export async function cancelDrill(ctx: Context, input: { id: string }): Promise<DrillRow> {
  return inTransaction(ctx, async (tx) => {
    const queued = await tx.db.backupDrill.updateMany({ where: { id: input.id, state: "queued" }, data: { state: "cancelled", activeKey: null, finishedAt: tx.now(), cancelRequestedAt: tx.now(), problem: "Cancelled before it began." } });
    const running = await tx.db.backupDrill.updateMany({ where: { id: input.id, state: "running", cancelRequestedAt: null }, data: { cancelRequestedAt: tx.now() } });
    const drill = await getDrill(tx, input);
    if (queued.count + running.count === 0) throw new AppError("conflict", "This drill has ended already, or is being cancelled.");
    await audit(tx, { action: "backups.cancelDrill", target: { kind: "backupDrill", id: drill.id }, summary: `${actorLabel(tx.actor)} cancelled a drill of ${drill.planName}` });
    await announce(tx, { topic: "backups", id: drill.planId });
    return drill;
  });
}

/** Starts the drills that the calendar says are due. A plan without a stored backup is asked again at its next date. */
export async function startDueDrills(ctx: Context): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    const due = await tx.db.$queryRaw<{ id: string; timeZone: string; drill: DrillRules; now: Date }[]>`
      SELECT p.id, p.time_zone AS "timeZone", p.drill, now() AS now FROM backup_plan p
      WHERE p.next_drill_at <= now() AND p.archived_at IS NULL AND NOT EXISTS (SELECT 1 FROM backup_drill d WHERE d.active_key = p.id)
      ORDER BY p.next_drill_at LIMIT 5 FOR UPDATE OF p SKIP LOCKED`;
    let started = 0;
    for (const plan of due) {
      const chosen = await choose(tx, plan.id, {});
      const id = chosen && (await startDrill(tx, { planId: plan.id, ...chosen, trigger: "scheduled" }));
      await tx.db.backupPlan.updateMany({ where: { id: plan.id }, data: { nextDrillAt: nextDrill(plan.drill, plan.timeZone, plan.now) } });
      if (!id) continue;
      started += 1;
      await audit(tx, { action: "backups.drillScheduled", target: { kind: "backupDrill", id }, summary: "Started a drill that was due" });
      await announce(tx, { topic: "backups", id: plan.id });
    }
    return started;
  });
}
