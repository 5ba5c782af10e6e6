/** Reads of the time series: minutes for ranges up to a day, hours beyond. */
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { percentilesOf } from "../../platform/histogram.ts";
import { MINUTE_MS } from "../../platform/clock.ts";
import type { DepthRow, Span } from "../states.ts";
import type { Percentiles, QueuePoint, QueueRef } from "../schema/index.ts";

const SPARKLINE_STEPS = 48;
const SPARKLINE_STEP_SECONDS = 30 * 60;

/** Names a queue among those of all connections. */
export const keyOf = (connection: string, queue: string): string => `${connection}/${queue}`;

/** The table that covers a span, narrowed to it. */
const rowsOf = ({ from, to, isHours }: Span): Prisma.Sql => Prisma.sql`${Prisma.raw(isHours ? "series.queue_hour" : "series.queue_sample")} WHERE at > ${from} AND at <= ${to}`;

/** The deepest depth in each half hour of the last day, by queue, oldest first; null where nobody looked. */
export async function readSparklines(ctx: Context, only?: QueueRef): Promise<Map<string, (number | null)[]>> {
  const narrowed = only ? Prisma.sql`AND connection = ${only.connection} AND queue = ${only.queue}` : Prisma.empty;
  const rows = await ctx.db.$queryRaw<{ connection: string; queue: string; step: number; depth: number }[]>`
    SELECT connection, queue, floor(extract(epoch FROM now() - at) / ${SPARKLINE_STEP_SECONDS}::int)::int AS step, max(depth_max)::int AS depth
    FROM series.queue_sample
    WHERE at > now() - ${SPARKLINE_STEPS * SPARKLINE_STEP_SECONDS}::int * interval '1 second' AND at <= now() ${narrowed}
    GROUP BY 1, 2, 3`;
  const lines = new Map<string, (number | null)[]>();
  for (const { connection, queue, step, depth } of rows) {
    const key = keyOf(connection, queue);
    const line = lines.get(key) ?? emptySparkline();
    line[SPARKLINE_STEPS - 1 - step] = depth;
    lines.set(key, line);
  }
  return lines;
}

export const emptySparkline = (): (number | null)[] => Array.from({ length: SPARKLINE_STEPS }, () => null);

/** What ended in the last hour, by queue. */
export async function readLastHour(ctx: Context, only?: QueueRef): Promise<Map<string, { done: number; broken: number }>> {
  const narrowed = only ? Prisma.sql`AND connection = ${only.connection} AND queue = ${only.queue}` : Prisma.empty;
  const rows = await ctx.db.$queryRaw<{ connection: string; queue: string; done: number; broken: number }[]>`
    SELECT connection, queue, sum(done)::int AS done, sum(broken)::int AS broken FROM series.queue_sample WHERE at > now() - interval '1 hour' ${narrowed} GROUP BY 1, 2`;
  return new Map(rows.map(({ connection, queue, ...flow }) => [keyOf(connection, queue), flow]));
}

/** The deepest depth in each step of a span, by queue, in order of time. */
export async function readDepths(ctx: Context, span: Span): Promise<DepthRow[]> {
  return ctx.db.$queryRaw<DepthRow[]>`
    SELECT date_bin(${span.stepMs}::float8 * interval '1 millisecond', at, 'epoch'::timestamptz) AS at, connection, queue, max(depth_max)::int AS depth
    FROM ${rowsOf(span)}
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
}

type StepRow = Omit<QueuePoint, "donePerMinute" | "failedPerMinute" | "wait" | "run"> & { done: number; broken: number };
type CellRow = { at: Date; what: "wait" | "run"; buckets: number[]; counts: number[] };

/** One queue over a span: the most of each state in each step, what flowed, and how long jobs waited and ran. */
export async function readQueueSeries(ctx: Context, { connection, queue }: QueueRef, span: Span): Promise<QueuePoint[]> {
  const { stepMs } = span;
  const bin = Prisma.sql`date_bin(${stepMs}::float8 * interval '1 millisecond', at, 'epoch'::timestamptz)`;
  const source = Prisma.sql`FROM ${rowsOf(span)} AND connection = ${connection} AND queue = ${queue}`;
  const [steps, cells] = await Promise.all([
    ctx.db.$queryRaw<StepRow[]>`
      SELECT ${bin} AS at, max(waiting)::int AS waiting, max(delayed)::int AS delayed, max(active)::int AS active, max(dead)::int AS dead,
        max(oldest_waiting_ms)::float8 AS "oldestWaitingMs", sum(done)::int AS done, sum(broken)::int AS broken ${source} GROUP BY 1 ORDER BY 1`,
    ctx.db.$queryRaw<CellRow[]>`
      SELECT at, what, array_agg(b ORDER BY b) AS buckets, array_agg(n ORDER BY b) AS counts FROM (
        SELECT at, what, b, sum(n)::int AS n FROM (
          SELECT ${bin} AS at, 'wait' AS what, h.b, h.n FROM (SELECT * ${source}) AS s, unnest(s.wait_buckets, s.wait_counts) AS h(b, n)
          UNION ALL SELECT ${bin}, 'run', h.b, h.n FROM (SELECT * ${source}) AS s, unnest(s.run_buckets, s.run_counts) AS h(b, n)) AS cell GROUP BY 1, 2, 3) AS merged GROUP BY 1, 2`,
  ]);
  const found = new Map(cells.map((cell) => [`${cell.at.getTime()} ${cell.what}`, cell]));
  const times = (at: Date, what: "wait" | "run"): Percentiles => percentilesOf(found.get(`${at.getTime()} ${what}`) ?? { buckets: [], counts: [] });
  const minutes = stepMs / MINUTE_MS;
  return steps.map(({ done, broken, ...point }) => ({ ...point, donePerMinute: done / minutes, failedPerMinute: broken / minutes, wait: times(point.at, "wait"), run: times(point.at, "run") }));
}

/** How long jobs of the last hour waited and ran. */
export async function readTimes(ctx: Context, { connection, queue }: QueueRef): Promise<{ wait: Percentiles; run: Percentiles }> {
  const rows = await ctx.db.$queryRaw<Omit<CellRow, "at">[]>`
    SELECT what, array_agg(b ORDER BY b) AS buckets, array_agg(n ORDER BY b) AS counts FROM (
      SELECT what, b, sum(n)::int AS n FROM (
        SELECT 'wait' AS what, h.b, h.n FROM series.queue_sample s, unnest(s.wait_buckets, s.wait_counts) AS h(b, n) WHERE s.connection = ${connection} AND s.queue = ${queue} AND s.at > now() - interval '1 hour'
        UNION ALL SELECT 'run', h.b, h.n FROM series.queue_sample s, unnest(s.run_buckets, s.run_counts) AS h(b, n) WHERE s.connection = ${connection} AND s.queue = ${queue} AND s.at > now() - interval '1 hour') AS cell
      GROUP BY 1, 2) AS merged GROUP BY 1`;
  const of = (what: string) => percentilesOf(rows.find((row) => row.what === what) ?? { buckets: [], counts: [] });
  return { wait: of("wait"), run: of("run") };
}
