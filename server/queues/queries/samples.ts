import type { Context } from "../../platform/context.ts";
import { RANGE_STEPS, type DepthRow } from "../states.ts";
import type { Range } from "../schema/index.ts";

const SPARKLINE_STEPS = 48;
const SPARKLINE_STEP_SECONDS = 30 * 60;

/** The deepest depth in each half hour of the last day, by queue, oldest first; null where nobody looked. */
export async function readSparklines(ctx: Context): Promise<Map<string, (number | null)[]>> {
  const rows = await ctx.db.$queryRaw<{ queue: string; step: number; depth: number }[]>`
    SELECT queue, floor(extract(epoch FROM now() - at) / ${SPARKLINE_STEP_SECONDS}::int)::int AS step, max(depth_max)::int AS depth
    FROM series.queue_sample
    WHERE at > now() - ${SPARKLINE_STEPS * SPARKLINE_STEP_SECONDS}::int * interval '1 second' AND at <= now()
    GROUP BY 1, 2`;
  const lines = new Map<string, (number | null)[]>();
  for (const { queue, step, depth } of rows) {
    const line = lines.get(queue) ?? emptySparkline();
    line[SPARKLINE_STEPS - 1 - step] = depth;
    lines.set(queue, line);
  }
  return lines;
}

export const emptySparkline = (): (number | null)[] => Array.from({ length: SPARKLINE_STEPS }, () => null);

/** The deepest depth in each step of a range, by queue, in order of time. */
export async function readDepths(ctx: Context, range: Range): Promise<DepthRow[]> {
  const { spanMs, stepMs } = RANGE_STEPS[range];
  return ctx.db.$queryRaw<DepthRow[]>`
    SELECT date_bin(${stepMs}::float8 * interval '1 millisecond', at, 'epoch'::timestamptz) AS at, queue, max(depth_max)::int AS depth
    FROM series.queue_sample WHERE at > now() - ${spanMs}::float8 * interval '1 millisecond'
    GROUP BY 1, 2 ORDER BY 1, 2`;
}

export type QueuePoint = { at: Date; waiting: number; delayed: number; active: number; oldestWaitingMs: number | null };

/** One queue over a range: the most of each state in each step. */
export async function readQueueSeries(ctx: Context, queue: string, range: Range): Promise<QueuePoint[]> {
  const { spanMs, stepMs } = RANGE_STEPS[range];
  return ctx.db.$queryRaw<QueuePoint[]>`
    SELECT date_bin(${stepMs}::float8 * interval '1 millisecond', at, 'epoch'::timestamptz) AS at,
      max(waiting)::int AS waiting, max(delayed)::int AS delayed, max(active)::int AS active,
      max(oldest_waiting_ms)::float8 AS "oldestWaitingMs"
    FROM series.queue_sample WHERE queue = ${queue} AND at > now() - ${spanMs}::float8 * interval '1 millisecond'
    GROUP BY 1 ORDER BY 1`;
}
