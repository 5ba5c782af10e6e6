import { expect, test } from "vitest";
import { treemap } from "./treemap.ts";

test("areas are shares of the whole, nothing overlaps the edge, empty things are left out", () => {
  const boxes = treemap([6, 6, 4, 3, 2, 2, 1, 0], (size) => size, 2);
  expect(boxes).toHaveLength(7);
  for (const { item, left, top, width, height } of boxes) {
    expect((width * height) / 10_000).toBeCloseTo(item / 24);
    expect(left + width).toBeLessThanOrEqual(100.001);
    expect(top + height).toBeLessThanOrEqual(100.001);
  }
});

test("boxes stay near to squares on a wide page", () => {
  const ratios = treemap([5, 5, 5, 5, 5, 5], (size) => size, 1.5).map(({ width, height }) => (width * 1.5) / height);
  expect(Math.max(...ratios, ...ratios.map((ratio) => 1 / ratio))).toBeLessThan(2.1);
});

test("nothing makes no boxes", () => {
  expect(treemap([], () => 1, 1)).toEqual([]);
  expect(treemap([0], (size) => size, 1)).toEqual([]);
});
