import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sparklinePath } from "./sparkline-path.ts";

const BOX = { width: 40, height: 20, inset: 2 };

describe("sparklinePath", () => {
  it("draws nothing without values", () => {
    expect(sparklinePath([], BOX)).toBeNull();
    expect(sparklinePath([null, null], BOX)).toBeNull();
  });

  it("breaks the line at a gap", () => {
    expect(sparklinePath([1, 2, null, 3], BOX)?.line.match(/M/g)).toHaveLength(2);
  });

  it("ends at the last known value, at the right edge", () => {
    expect(sparklinePath([5, 1, 9], BOX)?.end).toEqual({ x: 38, y: 2 });
    expect(sparklinePath([5], BOX)?.end.x).toBe(38);
  });

  it("stays inside its box whatever the values", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })), { maxLength: 60 }), (values) => {
        const drawing = sparklinePath(values, BOX);
        if (drawing === null) return;
        for (const pair of drawing.line.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)) {
          expect(Number(pair[1])).toBeGreaterThanOrEqual(0);
          expect(Number(pair[1])).toBeLessThanOrEqual(BOX.width);
          expect(Number(pair[2])).toBeGreaterThanOrEqual(0);
          expect(Number(pair[2])).toBeLessThanOrEqual(BOX.height);
        }
      }),
    );
  });
});
