/** Work whose worker died: marked failed within a minute of its last heartbeat, what it left removed. */
import type { Context } from "../../platform/context.ts";
import { inTransaction, Prisma } from "../../platform/db.ts";
import { announce } from "../../platform/live/announce.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import { drillJob, restoreJob, runJob, sweepJob } from "../jobs.ts";

/** Heartbeats come every second; thirty missed in a row are a dead worker, not a slow one. */
const SILENT_SECONDS = 30;
/** A queued row whose job vanished (a cleared queue, a restored database) is sent again after this. */
const UNSENT_SECONDS = 60;
const PROBLEM = "The worker that ran it stopped. What it had written is being removed.";
/** Nobody removes these: only people know whether they want to look at them first. */
const RESTORE_PROBLEM = "The worker that ran it stopped before the target got its name. What it had begun may still be there: a database whose name goes on with _restoring_, a folder with .restoring-, objects below the chosen prefix.";

type Dead = { id: string; planId: string };

const markDead = (ctx: Context, table: Prisma.Sql, problem = PROBLEM) => ctx.db.$queryRaw<Dead[]>`
  UPDATE ${table} SET state = 'failed', problem = ${problem}, active_key = NULL, finished_at = now(), fence = fence + 1
  WHERE state = 'running' AND heartbeat_at < now() - make_interval(secs => ${SILENT_SECONDS}) RETURNING id, plan_id AS "planId"`;

/** Marks what is dead and has its left-overs removed. Returns how many were dead. */
export async function rescueDead(ctx: Context): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    const runs = await markDead(tx, Prisma.sql`backup_run`);
    const others = [...(await markDead(tx, Prisma.sql`backup_drill`)), ...(await markDead(tx, Prisma.sql`backup_restore`, RESTORE_PROBLEM))];
    if (runs.length > 0) {
      await tx.db.backupRun.updateMany({ where: { id: { in: runs.map(({ id }) => id) } }, data: { problemCode: "worker-died" } });
      const stores = await tx.db.backupPlanStore.findMany({ where: { planId: { in: runs.map(({ planId }) => planId) } }, select: { storeId: true } });
      await enqueue(tx, sweepJob, { storeIds: [...new Set(stores.map(({ storeId }) => storeId))], runIds: runs.map(({ id }) => id) });
    }
    for (const { planId } of [...runs, ...others]) await announce(tx, { topic: "backups", id: planId });
    return runs.length + others.length;
  });
}

const unsent = (ctx: Context, table: Prisma.Sql) => ctx.db.$queryRaw<{ id: string }[]>`
  SELECT id FROM ${table} WHERE state = 'queued' AND requested_at < now() - make_interval(secs => ${UNSENT_SECONDS}) LIMIT 50`;

/** Sends jobs again for rows that wait without one. A job that is there already is not doubled: its key is the row's id. */
export async function sendLost(ctx: Context): Promise<void> {
  for (const { id } of await unsent(ctx, Prisma.sql`backup_run`)) await enqueue(ctx, runJob, { runId: id }, { key: id });
  for (const { id } of await unsent(ctx, Prisma.sql`backup_drill`)) await enqueue(ctx, drillJob, { drillId: id }, { key: id });
  for (const { id } of await unsent(ctx, Prisma.sql`backup_restore`)) await enqueue(ctx, restoreJob, { restoreId: id }, { key: id });
}
