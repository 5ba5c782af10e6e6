/** Figures of every queue in one pass. Ages are on the database's clock. */
import type { Context } from "../../../platform/context.ts";
import { Prisma } from "../../../platform/db.ts";
import type { Counts } from "../../schema/index.ts";
import type { QueueReading } from "../adapter.ts";
import { table, type Desk } from "./desk.ts";

/** Times of this many ended jobs tell the percentiles of a quarter of a minute. */
const MOST_TIMES = 200;

type Row = Counts & { name: string; oldestWaitingMs: number | null; added: number; done: number; broken: number; waits: number[] | null; runs: number[] | null };

/** Dead letters by the queue they came from; none where the version does not record it. */
function lettersOf(desk: Desk): Prisma.Sql {
  if (!desk.has("source_name")) return Prisma.sql`SELECT NULL::text AS name, 0 AS dead WHERE false`;
  return Prisma.sql`
    SELECT source_name AS name, count(*)::int AS dead FROM ${table(desk, "job")}
    WHERE name IN (SELECT dead_letter FROM ${table(desk, "queue")}) AND source_name IS NOT NULL AND state < 'active' GROUP BY source_name`;
}

/** Counts every queue, or one, ordered by name. */
export async function readQueues(desk: Desk, ctx: Context, wanted: { since: Date; only?: string }): Promise<QueueReading[]> {
  const only = wanted.only ?? null;
  const since = wanted.since.toISOString();
  const isLetter = desk.has("source_name") ? Prisma.sql`(source_name IS NOT NULL AND name IN (SELECT dead_letter FROM ${table(desk, "queue")}))` : Prisma.sql`false`;
  const rows = await desk.run<Row>(
    ctx,
    Prisma.sql`
    WITH counted AS (
      SELECT name,
        count(*) FILTER (WHERE state < 'active' AND start_after <= now())::int AS waiting,
        count(*) FILTER (WHERE state < 'active' AND start_after > now())::int AS delayed,
        count(*) FILTER (WHERE state = 'active')::int AS active,
        count(*) FILTER (WHERE state = 'failed')::int AS failed,
        count(*) FILTER (WHERE state = 'completed')::int AS completed,
        count(*) FILTER (WHERE created_on > ${since}::timestamptz)::int AS added,
        count(*) FILTER (WHERE state = 'completed' AND completed_on > ${since}::timestamptz)::int AS done,
        count(*) FILTER (WHERE state = 'failed' AND completed_on > ${since}::timestamptz)::int AS broken,
        (array_agg(round(extract(epoch FROM completed_on - started_on) * 1000)::float8) FILTER (WHERE completed_on > ${since}::timestamptz AND started_on IS NOT NULL))[1:${MOST_TIMES}::int] AS runs,
        (array_agg(round(extract(epoch FROM started_on - greatest(start_after, created_on)) * 1000)::float8) FILTER (WHERE started_on > ${since}::timestamptz))[1:${MOST_TIMES}::int] AS waits,
        min(start_after) FILTER (WHERE state < 'active' AND start_after <= now()) AS oldest
      FROM ${table(desk, "job")}
      WHERE NOT ${isLetter} AND (${only}::text IS NULL OR name = ${only})
      GROUP BY name
    ), letters AS (${lettersOf(desk)})
    SELECT q.name,
      coalesce(c.waiting, 0) AS waiting, coalesce(c.delayed, 0) AS delayed, coalesce(c.active, 0) AS active,
      coalesce(c.failed, 0) AS failed, coalesce(c.completed, 0) AS completed, coalesce(l.dead, 0) AS dead,
      coalesce(c.added, 0) AS added, coalesce(c.done, 0) AS done, coalesce(c.broken, 0) AS broken, c.waits, c.runs,
      round(extract(epoch FROM now() - c.oldest) * 1000)::float8 AS "oldestWaitingMs"
    FROM ${table(desk, "queue")} q LEFT JOIN counted c ON c.name = q.name LEFT JOIN letters l ON l.name = q.name
    WHERE q.name <> ALL(${[...desk.hidden]}::text[]) AND q.name NOT LIKE '\_\_pgboss%' AND (${only}::text IS NULL OR q.name = ${only})
    ORDER BY q.name`,
  );
  return rows.map(({ name, oldestWaitingMs, added, done, broken, waits, runs, ...counts }) => ({
    name,
    counts,
    oldestWaitingMs,
    isPaused: false,
    consumers: null,
    flow: { added, completed: done, failed: broken, waitMs: waits ?? [], runMs: runs ?? [] },
  }));
}
