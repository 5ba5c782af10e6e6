/**
 * Mergeable latency histograms. Fixed log-spaced buckets: bucket i holds latencies in (GAMMA^(i-1), GAMMA^i] × MIN_MS, as
 * in DDSketch (Masson, Rim, Lee 2019, arxiv.org/abs/1908.10693) with a relative error of (GAMMA-1)/(GAMMA+1) ≈ 4.8 %.
 * Sparse: only buckets that hold something are kept, as two parallel arrays. Adding the counts of two histograms gives
 * the histogram of both, so percentiles of any window come from rollups.
 */

/** Growth from one bucket to the next. */
export const GAMMA = 1.1;
const LOG_GAMMA = Math.log(GAMMA);
/** Everything at or under 0.1 ms is bucket 0: no network answers faster. */
export const MIN_MS = 0.1;
/** Bucket of 120 s, twice the longest timeout. */
const MAX_BUCKET = 147;

/** Sparse histogram; `buckets` ascends and `counts` runs beside it. */
export type Histogram = { buckets: number[]; counts: number[] };

export const EMPTY_HISTOGRAM: Histogram = { buckets: [], counts: [] };

/** The bucket of a latency in milliseconds, 0 to 147. */
export function bucketOf(latencyMs: number): number {
  if (!(latencyMs > MIN_MS)) return 0;
  return Math.min(MAX_BUCKET, Math.ceil(Math.log(latencyMs / MIN_MS) / LOG_GAMMA - 1e-9));
}

/** The latency in milliseconds that stands for a bucket, at most 4.8 % off any value in it. */
export function valueOf(bucket: number): number {
  if (bucket <= 0) return MIN_MS;
  return (2 * MIN_MS * GAMMA ** bucket) / (GAMMA + 1);
}

/** Builds a histogram of latencies. */
export function histogramOf(latenciesMs: readonly number[]): Histogram {
  return fromCounts(latenciesMs.map((latency) => [bucketOf(latency), 1] as const));
}

function fromCounts(entries: Iterable<readonly [number, number]>): Histogram {
  const sums = new Map<number, number>();
  for (const [bucket, count] of entries) sums.set(bucket, (sums.get(bucket) ?? 0) + count);
  const buckets = [...sums.keys()].sort((a, b) => a - b);
  return { buckets, counts: buckets.map((bucket) => sums.get(bucket) ?? 0) };
}

/** The histogram of everything in all of them. */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
  return fromCounts(histograms.flatMap(({ buckets, counts }) => buckets.map((bucket, i) => [bucket, counts[i] ?? 0] as const)));
}

/** How many latencies it holds. */
export function countOf(histogram: Histogram): number {
  return histogram.counts.reduce((sum, count) => sum + count, 0);
}

/** The latency in ms that a share `quantile` (0 to 1) of all is at or under (nearest rank); null when empty. */
export function percentileOf(histogram: Histogram, quantile: number): number | null {
  const total = countOf(histogram);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(quantile * total));
  let seen = 0;
  for (const [i, bucket] of histogram.buckets.entries()) {
    seen += histogram.counts[i] ?? 0;
    if (seen >= rank) return valueOf(bucket);
  }
  return null;
}

/** p50, p95 and p99 in ms with the count. */
export function percentilesOf(histogram: Histogram): { p50: number | null; p95: number | null; p99: number | null; count: number } {
  return {
    p50: percentileOf(histogram, 0.5),
    p95: percentileOf(histogram, 0.95),
    p99: percentileOf(histogram, 0.99),
    count: countOf(histogram),
  };
}
