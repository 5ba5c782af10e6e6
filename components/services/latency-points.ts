/** Latency as the chart wants it: every step present, gaps empty, long gaps as bands. Pure. */
import type { LatencySeries } from "../../server/services/schema.ts";
import type { Band, SeriesPoint } from "../data/series.ts";

/** A gap shorter than this is a missed beat, not missing data. */
const SHORTEST_BAND_STEPS = 3;
/** Beyond this a series is so sparse that filling it would only cost time. */
const MOST_POINTS = 2_000;

/** The points in order with an empty one wherever a step is missing. */
export function withGaps({ stepSeconds, points }: LatencySeries): SeriesPoint[] {
  const stepMs = stepSeconds * 1000;
  const filled: SeriesPoint[] = [];
  for (const { at, p50, p95, p99, count } of points) {
    const time = at.getTime();
    const last = filled.at(-1);
    if (last && time - last.at > stepMs * 1.5 && filled.length < MOST_POINTS) filled.push(emptyPoint(last.at + stepMs));
    filled.push({ at: time, p50, p95, p99, count });
  }
  return filled;
}

const emptyPoint = (at: number): SeriesPoint => ({ at, p50: null, p95: null, p99: null, count: null });

/** Stretches without any measurement between measured points. */
export function missingBands(points: readonly SeriesPoint[], stepMs: number): Band[] {
  const known = points.filter((point) => point.p50 !== null);
  const bands: Band[] = [];
  known.forEach((point, index) => {
    const next = known[index + 1];
    if (next && next.at - point.at >= SHORTEST_BAND_STEPS * stepMs) bands.push({ from: point.at, to: next.at, kind: "missing", label: "no data" });
  });
  return bands;
}
