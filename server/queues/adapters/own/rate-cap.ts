/** How many jobs of an own queue may begin in a second, over all workers: kept beside the queue's policy, where every claim reads it. */
import { actorLabel, type Context } from "../../../platform/context.ts";
import { AppError } from "../../../platform/errors.ts";
import { OWN_CONNECTION } from "../../schema/index.ts";

/** The cap in force; null without one. */
export async function readRateCap(ctx: Context, queue: string): Promise<number | null> {
  const row = await ctx.db.queuePolicy.findUnique({ where: { connectionId_queue: { connectionId: OWN_CONNECTION, queue } }, select: { perSecond: true } });
  return row?.perSecond ?? null;
}

/** Sets or lifts (null) the cap. False when it was so already. Throws `not_found`. */
export async function setRateCap(ctx: Context, queue: string, perSecond: number | null): Promise<boolean> {
  const known = await ctx.db.$queryRaw<unknown[]>`SELECT 1 FROM pgboss.queue WHERE name = ${queue}`;
  if (known.length === 0) throw new AppError("not_found", `There is no queue ${queue}.`);
  const [at, by] = [ctx.now(), actorLabel(ctx.actor)];
  const changed = await ctx.db.$executeRaw`
    INSERT INTO queue_policy AS p (connection_id, queue, per_second, updated_at, updated_by) SELECT ${OWN_CONNECTION}, ${queue}, ${perSecond}::int, ${at}, ${by}
    WHERE ${perSecond}::int IS NOT NULL OR EXISTS (SELECT 1 FROM queue_policy WHERE connection_id = ${OWN_CONNECTION} AND queue = ${queue})
    ON CONFLICT (connection_id, queue) DO UPDATE SET per_second = excluded.per_second, updated_at = excluded.updated_at, updated_by = excluded.updated_by
    WHERE p.per_second IS DISTINCT FROM excluded.per_second`;
  return changed > 0;
}
