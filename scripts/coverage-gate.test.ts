import { expect, test } from "vitest";
import { FLOORS, judge, shareOf } from "./coverage-gate.mjs";

const counts = (covered: number, total: number) => ({ covered, total });
const all = (covered: number, total: number) => Object.fromEntries(Object.keys(FLOORS).map((measure) => [measure, counts(covered, total)]));

test.each([
  [85, 100, 8_500],
  [84_999, 100_000, 8_499],
  [2, 3, 6_666],
  [0, 0, 10_000],
  [9_007_199_254_740_991, 9_007_199_254_740_991, 10_000],
])("%d of %d is %d hundredths of a percent, never rounded up (SRV-022)", (covered, total, wanted) => {
  expect(shareOf(counts(covered, total))).toBe(wanted);
});

test("a share just below its floor fails and says by how much", () => {
  const verdict = judge({ ...all(90, 100), lines: counts(84_999, 100_000) });
  expect(verdict).toEqual({ holds: false, lines: ["✓ statements: 90.00 % of 85 %", "✗ lines: 84.99 % of 85 %, 0.01 points short", "✓ functions: 90.00 % of 85 %", "✓ branches: 90.00 % of 80 %"] });
});

test("a share at its floor holds; a measure that is absent does not", () => {
  expect(judge(all(85, 100)).holds).toBe(true);
  const { lines: _lines, ...rest } = all(99, 100);
  expect(judge(rest)).toMatchObject({ holds: false, lines: expect.arrayContaining(["✗ lines: not measured"]) });
});
