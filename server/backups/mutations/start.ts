/** Starts of runs and drills: the row, its unique keys and its job in one statement each, inside the caller's transaction. */
import type { BackupPlan } from "../../../prisma/generated/client.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { newId } from "../../platform/ids.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import { drillJob, runJob } from "../jobs.ts";
import type { Trigger } from "../schema/manifest.ts";

/**
 * Adds a queued run and its job. Returns its id, or null when the plan has a run already or the occurrence was started
 * before: the unique keys decide, whatever many ask at once.
 */
export async function startRun(ctx: Context, plan: Pick<BackupPlan, "id">, how: { trigger: Trigger; occurrenceAt: Date | null; isJobless?: true }): Promise<string | null> {
  const id = newId("run", ctx.now());
  const added = await ctx.db.$executeRaw`
    INSERT INTO backup_run (id, plan_id, trigger, occurrence_at, active_key, state, requested_by, requested_at)
    VALUES (${id}, ${plan.id}, ${how.trigger}, ${how.occurrenceAt}, ${plan.id}, 'queued', ${actorLabel(ctx.actor)}, ${ctx.now()})
    ON CONFLICT DO NOTHING`;
  if (added === 0) return null;
  // A safety backup runs inside the restore that needs it.
  if (!how.isJobless) await enqueue(ctx, runJob, { runId: id }, { key: id, priority: how.trigger === "scheduled" ? "normal" : "high" });
  return id;
}

export type DrillStart = { planId: string; runId: string; storeId: string; trigger: "scheduled" | "after-backup" | "manual" };

/** Adds a queued drill and its job. Returns its id, or null when a drill of the plan waits or runs. */
export async function startDrill(ctx: Context, start: DrillStart): Promise<string | null> {
  const id = newId("drl", ctx.now());
  const added = await ctx.db.$executeRaw`
    INSERT INTO backup_drill (id, plan_id, run_id, store_id, trigger, active_key, state, requested_by, requested_at)
    VALUES (${id}, ${start.planId}, ${start.runId}, ${start.storeId}, ${start.trigger}, ${start.planId}, 'queued', ${actorLabel(ctx.actor)}, ${ctx.now()})
    ON CONFLICT DO NOTHING`;
  if (added === 0) return null;
  await enqueue(ctx, drillJob, { drillId: id }, { key: id });
  await ctx.db.backupPlan.updateMany({ where: { id: start.planId }, data: { backupsSinceDrill: 0 } });
  return id;
}
