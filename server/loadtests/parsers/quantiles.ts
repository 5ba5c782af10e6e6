/**
 * Percentiles of a stream in little memory: counts in log-spaced buckets, as in DDSketch (Masson, Rim, Lee 2019,
 * arxiv.org/abs/1908.10693), with a relative error of 1 %.
 */
const GAMMA = 1.02;
const LOG_GAMMA = Math.log(GAMMA);
/** Everything at or under a microsecond is one bucket. */
const LEAST_MS = 0.001;
/** An hour; what takes longer counts as an hour. */
const MOST_MS = 3_600_000;

export type Quantiles = { add: (ms: number) => void; quantile: (share: number) => number | null; count: () => number };

export function createQuantiles(): Quantiles {
  const buckets = new Map<number, number>();
  let total = 0;
  const add = (ms: number) => {
    const bucket = Math.ceil(Math.log(Math.min(MOST_MS, Math.max(LEAST_MS, ms)) / LEAST_MS) / LOG_GAMMA);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    total += 1;
  };
  const quantile = (share: number): number | null => {
    if (total === 0) return null;
    const rank = Math.max(1, Math.ceil(share * total));
    let seen = 0;
    for (const bucket of [...buckets.keys()].toSorted((a, b) => a - b)) {
      seen += buckets.get(bucket) ?? 0;
      if (seen >= rank) return (LEAST_MS * 2 * GAMMA ** bucket) / (1 + GAMMA);
    }
    return null;
  };
  return { add, quantile, count: () => total };
}
