import { describe, expect, it } from "vitest";
import { missingBands, withGaps } from "./latency-points.ts";

const point = (minute: number) => ({ at: new Date(minute * 60_000), p50: 1, p95: 2, p99: 3, count: 4 });

describe("latency points", () => {
  it("breaks the line where steps are missing and marks long gaps", () => {
    const points = withGaps({ stepSeconds: 60, points: [point(0), point(1), point(6), point(7)] });
    expect(points.map(({ at, p50 }) => [at / 60_000, p50])).toEqual([[0, 1], [1, 1], [2, null], [6, 1], [7, 1]]);
    expect(missingBands(points, 60_000)).toEqual([{ from: 60_000, to: 360_000, kind: "missing", label: "no data" }]);
  });

  it("leaves a single missed step alone", () => {
    const points = withGaps({ stepSeconds: 60, points: [point(0), point(2)] });
    expect(missingBands(points, 60_000)).toEqual([]);
    expect(withGaps({ stepSeconds: 60, points: [] })).toEqual([]);
  });
});
