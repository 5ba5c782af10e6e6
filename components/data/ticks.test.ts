import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteTicks, timeTicks, valueTicks } from "./ticks.ts";

describe("axis values", () => {
  it.each([
    [480, [0, 125, 250, 375, 500]],
    [4000, [0, 1000, 2000, 3000, 4000]],
    [0, [0, 0.25, 0.5, 0.75, 1]],
    [3, [0, 1, 2, 3]],
  ])("covers %d with round values", (highest, ticks) => expect(valueTicks(highest)).toEqual(ticks));

  it.each([
    [0, [0, 1]],
    [600, [0, 200, 400, 600]],
    [692_201, [0, 200, 400, 600, 800].map((kib) => kib * 1_024)],
    [1_500_000_000, [0, 0.5, 1, 1.5].map((gib) => gib * 1_024 ** 3)],
  ])("covers %d bytes with values that are round in binary units", (highest, ticks) => expect(byteTicks(highest)).toEqual(ticks));

  it("always covers the highest value with few ticks", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (highest) => {
        const ticks = valueTicks(highest);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest * 0.999_999);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });

  it("stands on round hours of a day", () => {
    const to = Date.parse("2026-11-17T07:06:00Z");
    const ticks = timeTicks(to - 86_400_000, to);
    expect(ticks.map((at) => new Date(at).toISOString().slice(11, 16))).toEqual(["08:00", "12:00", "16:00", "20:00", "00:00", "04:00"]);
    expect(timeTicks(5, 5)).toEqual([]);
  });
});
