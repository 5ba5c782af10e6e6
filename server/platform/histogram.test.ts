import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { bucketOf, countOf, EMPTY_HISTOGRAM, GAMMA, histogramOf, mergeHistograms, percentileOf, percentilesOf, valueOf } from "./histogram.ts";

const latency = fc.double({ min: 0.11, max: 60_000, noNaN: true });
const latencies = fc.array(latency, { minLength: 1, maxLength: 300 });
/** The error that the growth of the buckets allows, with room for rounding. */
const ERROR = (GAMMA - 1) / (GAMMA + 1) + 1e-6;

/** The exact percentile by nearest rank. */
function exact(values: number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(quantile * sorted.length)) - 1] ?? Number.NaN;
}

describe("buckets", () => {
  test.each([
    [0, 0],
    [0.1, 0],
    [-5, 0],
    [Number.NaN, 0],
    [0.11, 1],
    [1, 25],
    [100, 73],
    [60_000, 140],
    [120_000, 147],
    [1e9, 147],
  ])("%d ms is in bucket %d", (ms, bucket) => expect(bucketOf(ms)).toBe(bucket));

  it("stand for each latency within 5 %", () => {
    fc.assert(fc.property(latency, (ms) => {
      expect(Math.abs(valueOf(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(ERROR);
    }));
  });

  it("never descend", () => {
    fc.assert(fc.property(latency, latency, (a, b) => {
      expect(bucketOf(Math.min(a, b))).toBeLessThanOrEqual(bucketOf(Math.max(a, b)));
    }));
  });

  it("fit a small integer of the database", () => expect(bucketOf(Number.MAX_VALUE)).toBeLessThan(32_767));
});

describe("percentiles", () => {
  test.each([0.5, 0.95, 0.99, 0, 1])("p%d is within 5 %% of the exact one", (quantile) => {
    fc.assert(
      fc.property(latencies, (values) => {
        const wanted = exact(values, quantile);
        expect(Math.abs((percentileOf(histogramOf(values), quantile) ?? 0) - wanted) / wanted).toBeLessThanOrEqual(ERROR);
      }),
    );
  });

  it("of nothing are nothing", () => expect(percentilesOf(EMPTY_HISTOGRAM)).toEqual({ p50: null, p95: null, p99: null, count: 0 }));

  it("ascend", () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const { p50, p95, p99 } = percentilesOf(histogramOf(values));
        expect(p50!).toBeLessThanOrEqual(p95!);
        expect(p95!).toBeLessThanOrEqual(p99!);
      }),
    );
  });
});

describe("merging", () => {
  it("gives the histogram of all, so windows may be cut anywhere", () => {
    fc.assert(fc.property(latencies, latencies, (a, b) => {
      expect(mergeHistograms([histogramOf(a), histogramOf(b)])).toEqual(histogramOf([...a, ...b]));
    }));
  });

  it("neither order nor grouping matters", () => {
    fc.assert(
      fc.property(latencies, latencies, latencies, (a, b, c) => {
        const [x, y, z] = [histogramOf(a), histogramOf(b), histogramOf(c)];
        expect(mergeHistograms([mergeHistograms([x, y]), z])).toEqual(mergeHistograms([z, mergeHistograms([y, x])]));
      }),
    );
  });

  it("with nothing changes nothing", () => expect(mergeHistograms([histogramOf([5]), EMPTY_HISTOGRAM])).toEqual(histogramOf([5])));
  it("keeps the count", () => expect(countOf(mergeHistograms([histogramOf([1, 2]), histogramOf([3])]))).toBe(3));
});
