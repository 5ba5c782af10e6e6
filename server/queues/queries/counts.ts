import type { Context } from "../../platform/context.ts";
import { DEAD_LETTERS } from "../../platform/queue/policy.ts";
import { depthOf, type QueueCounts } from "../states.ts";
import type { Counts } from "../schema.ts";

type Row = Counts & { name: string; oldestWaitingMs: number | null; failedLastHour: number; completedLastHour: number };

/** Counts every queue of the console in one pass, ordered by name; `only` narrows to one. Ages are on the database's clock. */
export async function countQueues(ctx: Context, only: string | null = null): Promise<QueueCounts[]> {
  const rows = await ctx.db.$queryRaw<Row[]>`
    WITH counted AS (
      SELECT name,
        count(*) FILTER (WHERE state < 'active' AND start_after <= now())::int AS waiting,
        count(*) FILTER (WHERE state < 'active' AND start_after > now())::int AS delayed,
        count(*) FILTER (WHERE state = 'active')::int AS active,
        count(*) FILTER (WHERE state = 'failed')::int AS failed,
        count(*) FILTER (WHERE state = 'completed')::int AS completed,
        count(*) FILTER (WHERE state = 'failed' AND completed_on > now() - interval '1 hour')::int AS failed_hour,
        count(*) FILTER (WHERE state = 'completed' AND completed_on > now() - interval '1 hour')::int AS completed_hour,
        min(start_after) FILTER (WHERE state < 'active' AND start_after <= now()) AS oldest
      FROM pgboss.job
      WHERE name <> ${DEAD_LETTERS} AND (${only}::text IS NULL OR name = ${only})
      GROUP BY name
    ), letters AS (
      SELECT source_name AS name, count(*)::int AS dead
      FROM pgboss.job WHERE name = ${DEAD_LETTERS} AND state < 'active' GROUP BY source_name
    )
    SELECT q.name,
      coalesce(c.waiting, 0) AS waiting, coalesce(c.delayed, 0) AS delayed, coalesce(c.active, 0) AS active,
      coalesce(c.failed, 0) AS failed, coalesce(c.completed, 0) AS completed, coalesce(l.dead, 0) AS dead,
      coalesce(c.failed_hour, 0) AS "failedLastHour", coalesce(c.completed_hour, 0) AS "completedLastHour",
      round(extract(epoch FROM now() - c.oldest) * 1000)::float8 AS "oldestWaitingMs"
    FROM pgboss.queue q LEFT JOIN counted c ON c.name = q.name LEFT JOIN letters l ON l.name = q.name
    WHERE q.name <> ${DEAD_LETTERS} AND q.name NOT LIKE '\_\_pgboss%' AND (${only}::text IS NULL OR q.name = ${only})
    ORDER BY q.name`;
  return rows.map(({ name, oldestWaitingMs, failedLastHour, completedLastHour, ...counts }) => ({
    name,
    counts,
    depth: depthOf(counts),
    oldestWaitingMs,
    failedLastHour,
    completedLastHour,
  }));
}
