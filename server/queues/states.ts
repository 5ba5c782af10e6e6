/** Sums over queues, when they count as stalled, and the points of depth charts. Pure. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../platform/clock.ts";
import type { Counts, Range, Summary } from "./schema/index.ts";

/** What is still to be done. */
export function depthOf(counts: Pick<Counts, "waiting" | "delayed" | "active">): number {
  return counts.waiting + counts.delayed + counts.active;
}

export const NO_COUNTS: Counts = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, dead: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    waiting: a.waiting + b.waiting,
    active: a.active + b.active,
    delayed: a.delayed + b.delayed,
    failed: a.failed + b.failed,
    completed: a.completed + b.completed,
    dead: a.dead + b.dead,
  };
}

/** How long a range is and how wide its steps are: samples are a minute apart, and a chart holds some 100 points. */
export const RANGE_STEPS: Record<Range, { spanMs: number; stepMs: number }> = {
  "5m": { spanMs: 5 * MINUTE_MS, stepMs: MINUTE_MS },
  "15m": { spanMs: 15 * MINUTE_MS, stepMs: MINUTE_MS },
  "1h": { spanMs: HOUR_MS, stepMs: MINUTE_MS },
  "6h": { spanMs: 6 * HOUR_MS, stepMs: 4 * MINUTE_MS },
  "24h": { spanMs: DAY_MS, stepMs: 15 * MINUTE_MS },
  "7d": { spanMs: 7 * DAY_MS, stepMs: 2 * HOUR_MS },
  "30d": { spanMs: 30 * DAY_MS, stepMs: 8 * HOUR_MS },
  "90d": { spanMs: 90 * DAY_MS, stepMs: DAY_MS },
};

/** A stretch of time as figures are read over it. */
export type Span = { from: Date; to: Date; stepMs: number; isHours: boolean };

/** Minutes are kept for three days, so what began before is told by the hour. */
const MINUTES_KEPT_MS = 3 * DAY_MS;
const MOST_POINTS = 100;
const BY_MINUTES_MS = 2 * DAY_MS;
const STEPS_MS = [1, 2, 4, 10, 15, 30, 60, 2 * 60, 4 * 60, 8 * 60, 12 * 60, 24 * 60, 48 * 60].map((minutes) => minutes * MINUTE_MS);

/** The span that was asked for, with the narrowest step that keeps a chart under 100 points. */
export function spanOf({ range, from, to }: { range: Range; from?: Date; to?: Date }, now: Date): Span {
  if (from === undefined || to === undefined) {
    const { spanMs, stepMs } = RANGE_STEPS[range];
    return { from: new Date(now.getTime() - spanMs), to: now, stepMs, isHours: spanMs > DAY_MS };
  }
  const spanMs = to.getTime() - from.getTime();
  const isHours = spanMs > BY_MINUTES_MS || now.getTime() - from.getTime() > MINUTES_KEPT_MS;
  const stepMs = STEPS_MS.find((step) => spanMs / step <= MOST_POINTS && (!isHours || step >= HOUR_MS)) ?? 2 * DAY_MS;
  return { from, to, stepMs, isHours };
}

/** Jobs that wait this long while nothing runs mean that nobody works. */
const STALL_MS = MINUTE_MS;

/** True when jobs wait and nobody takes them. */
export function isStalled(facts: { oldestWaitingMs: number | null; active: number; workers: number }): boolean {
  if (facts.oldestWaitingMs === null || facts.oldestWaitingMs < STALL_MS) return false;
  return facts.workers === 0 || facts.active === 0;
}

/** The deepest depth of a queue in one step. */
export type DepthRow = { at: Date; connection: string; queue: string; depth: number };

/** Turns rows into points with one entry a queue, and names the queues, deepest first; with their connection where a name is not alone. */
export function stackDepths(rows: DepthRow[], connections: ReadonlyMap<string, string>): Pick<Summary, "queues" | "series"> {
  const found = new Map<string, { connection: string; queue: string; deepest: number }>();
  const points = new Map<number, Summary["series"][number]>();
  for (const { at, connection, queue, depth } of rows) {
    const key = `${connection}/${queue}`;
    found.set(key, { connection, queue, deepest: Math.max(found.get(key)?.deepest ?? 0, depth) });
    const point = points.get(at.getTime()) ?? { at, depths: {} };
    point.depths[key] = depth;
    points.set(at.getTime(), point);
  }
  const times = Map.groupBy(found.values(), ({ queue }) => queue);
  const labelOf = ({ connection, queue }: { connection: string; queue: string }) => ((times.get(queue)?.length ?? 0) > 1 ? `${queue} (${connections.get(connection) ?? connection})` : queue);
  const queues = [...found].sort(([a, x], [b, y]) => y.deepest - x.deepest || a.localeCompare(b)).map(([key, facts]) => ({ key, label: labelOf(facts) }));
  return { queues, series: [...points.values()] };
}
