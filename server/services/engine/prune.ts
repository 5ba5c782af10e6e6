/** The job `services.prune`: partitions ahead, and nothing older than its retention. Idempotent. */
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { PARTITION_DAYS_AHEAD, RETENTION_MS } from "../retention.ts";
import { dropPartitions, ensurePartitions } from "./partitions.ts";

/** Makes and drops partitions, deletes old rollups, transitions and vanished components. */
export async function prune(ctx: Context): Promise<void> {
  const now = ctx.now().getTime();
  const before = (ms: number) => new Date(now - ms);
  await ensurePartitions(ctx, { from: before(DAY_MS), to: new Date(now + PARTITION_DAYS_AHEAD * DAY_MS) });
  const dropped = [
    ...(await dropPartitions(ctx, "check_result", before(RETENTION_MS.raw))),
    ...(await dropPartitions(ctx, "rollup_minute", before(RETENTION_MS.minute))),
  ];
  await ctx.db.$executeRaw`DELETE FROM series.rollup_hour WHERE bucket < ${before(RETENTION_MS.hour)}`;
  await ctx.db.$executeRaw`DELETE FROM series.rollup_day WHERE bucket < ${before(RETENTION_MS.day)}`;
  await ctx.db.transition.deleteMany({ where: { at: { lt: before(RETENTION_MS.transitions) } } });
  await ctx.db.component.deleteMany({ where: { lastSeenAt: { lt: before(RETENTION_MS.components) } } });
  if (dropped.length > 0) ctx.log.info({ dropped }, "old partitions dropped");
}
