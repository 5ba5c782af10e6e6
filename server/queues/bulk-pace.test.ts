import { describe, expect, test } from "vitest";
import { Pace } from "./bulk-pace.ts";

describe("pace of an operation on many jobs", () => {
  test("steps grow while they are quick, up to a bound, and shrink when slow", () => {
    const pace = new Pace(null);
    const sizes = Array.from({ length: 8 }, () => {
      expect(pace.took(pace.size, 10)).toBe(0);
      return pace.size;
    });
    expect(sizes).toEqual([400, 800, 1_600, 3_200, 4_000, 4_000, 4_000, 4_000]);
    pace.took(4_000, 700);
    expect(pace.size).toBe(2_000);
  });

  test("a short step, at the end, does not grow", () => {
    const pace = new Pace(null);
    pace.took(3, 5);
    expect(pace.size).toBe(200);
  });

  test.each([1, 20, 400])("%i jobs a second are kept, in steps of at most half a second's worth", (perSecond) => {
    const pace = new Pace(perSecond);
    expect(pace.size).toBe(Math.max(1, Math.ceil(Math.min(200, perSecond / 2))));
    const rest = pace.took(pace.size, 30);
    expect(rest + 30).toBeCloseTo((pace.size / perSecond) * 1_000);
    expect(pace.rate).toBeCloseTo(perSecond);
  });

  test("a step slower than the limit needs no rest", () => {
    expect(new Pace(100).took(50, 2_000)).toBe(0);
  });
});
