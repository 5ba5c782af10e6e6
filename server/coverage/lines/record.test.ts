import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addPoint, mergePoints, newPoints, settle, type Points } from "./points.ts";
import { classOf, decodeRecord, encodeRecord, hitsOf, mergeFiles, totalsOf, type FileCoverage } from "./record.ts";

const pointsOf = (list: readonly (readonly [number, number])[]): Points => {
  const points = newPoints();
  for (const [line, hits] of list) addPoint(points, line, hits);
  return points;
};
const listOf = (points: Points | null) => points && Array.from({ length: points.length }, (_, i) => [points.at[i], points.hits[i]]);

test.each([[0, 0], [1, 1], [3, 3], [4, 4], [7, 4], [8, 5], [1_000, 11], [8_192, 15], [2_147_483_647, 15]])("%d hits are of class %d", (hits, wanted) => {
  expect(classOf(hits)).toBe(wanted);
  expect(hitsOf(classOf(hits))).toBeLessThanOrEqual(hits);
});

const anyPoints = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 3 })), { maxLength: 200 });

describe("a record", () => {
  test("gives back what was put in: lines once, the order within a line kept", () => {
    fc.assert(
      fc.property(anyPoints, anyPoints, (lines, branches) => {
        const file: FileCoverage = { lines: pointsOf(lines), branches: pointsOf(branches), functions: null, statements: null };
        const back = decodeRecord(encodeRecord(file));
        const sums = new Map<number, number>();
        for (const [line, hits] of lines) sums.set(line, (sums.get(line) ?? 0) + hits);
        expect(listOf(back.lines)).toEqual([...sums].toSorted(([a], [b]) => a - b).map(([line, hits]) => [line, hitsOf(classOf(hits))]));
        expect(listOf(back.branches)).toEqual(branches.map(([line, hits], i) => ({ line, hits: Number(hits > 0), i })).toSorted((a, b) => a.line - b.line || a.i - b.i).map(({ line, hits }) => [line, hits]));
        expect([back.functions, back.statements]).toEqual([null, null]);
      }),
    );
  });

  test("is the same for a test that loops once more", () => {
    const record = (hits: number) => encodeRecord({ lines: pointsOf([[1, hits]]), branches: null, functions: null, statements: null });
    expect(record(1_000).equals(record(1_023))).toBe(true);
    expect(record(1).equals(record(0))).toBe(false);
  });

  test("that is damaged is refused", () => {
    expect(() => decodeRecord(Buffer.from([1, 0x85]))).toThrow(RangeError);
  });
});

describe("joining", () => {
  test("is by line, and a measure that only one report knows is kept", () => {
    const a: FileCoverage = { lines: pointsOf([[1, 1], [2, 0]]), branches: pointsOf([[2, 1], [2, 0]]), functions: null, statements: null };
    const b: FileCoverage = { lines: pointsOf([[2, 3], [5, 0]]), branches: null, functions: pointsOf([[1, 1]]), statements: null };
    expect(totalsOf(mergeFiles(a, b))).toEqual({ lines: { covered: 2, total: 3 }, branches: { covered: 1, total: 2 }, functions: { covered: 1, total: 1 }, statements: null });
  });

  test("does not care for the order, and joining with itself changes nothing", () => {
    fc.assert(
      fc.property(anyPoints, anyPoints, (left, right) => {
        const [a, b] = [pointsOf(left), pointsOf(right)];
        settle(a, false);
        settle(b, false);
        expect(listOf(mergePoints(a, b))).toEqual(listOf(mergePoints(b, a)));
        expect(listOf(mergePoints(a, a))).toEqual(listOf(a));
      }),
    );
  });
});
