/** Depth over time as a chart draws it: the deepest queues by name, the rest as one. Pure. */
import type { Range, Summary } from "../../server/queues/schema/index.ts";
import type { Series, SeriesPoint } from "../data/series.ts";
import type { TimeRange } from "../shell/time-range-value.ts";

/** A stack has five fills. */
const MOST_SERIES = 5;
const REST_KEY = "other queues";

/** What the queues are asked for a range of the page: its name, or its two ends. */
export function queueRange({ key, from, to }: Pick<TimeRange, "key" | "from" | "to">): { range?: Range; from?: Date; to?: Date } {
  return key === "custom" ? { from, to } : { range: key };
}

/** Series from the deepest queue (drawn on top, in the first colour) down, and their points. */
export function depthSeries({ queues, series }: Pick<Summary, "queues" | "series">): { series: Series[]; points: SeriesPoint[] } {
  const isCut = queues.length > MOST_SERIES;
  const named = isCut ? queues.slice(0, MOST_SERIES - 1) : queues;
  const rest = isCut ? queues.slice(MOST_SERIES - 1).map(({ key }) => key) : [];
  const shown = isCut ? [...named, { key: REST_KEY, label: REST_KEY }] : named;
  const drawn = shown.map(({ key, label }, index): Series => ({ key, label, tone: (index + 1) as Series["tone"], kind: "area" }));
  const points = series.map(({ at, depths }): SeriesPoint => {
    const point: SeriesPoint = { at: at.getTime() };
    for (const { key } of named) point[key] = depths[key] ?? null;
    if (isCut) point[REST_KEY] = restOf(depths, rest);
    return point;
  });
  return { series: drawn.toReversed(), points };
}

function restOf(depths: Record<string, number>, names: readonly string[]): number | null {
  const known = names.flatMap((name) => depths[name] ?? []);
  return known.length === 0 ? null : known.reduce((sum, depth) => sum + depth, 0);
}
