import { expect, test } from "vitest";
import { depthSeries, queueRange } from "./depth-series.ts";

const named = (...keys: string[]) => keys.map((key) => ({ key, label: key }));
const AT = new Date("2026-11-17T07:00:00Z");

test("each queue is an area, the deepest on top in the first colour", () => {
  const { series, points } = depthSeries({ queues: named("mail", "reports"), series: [{ at: AT, depths: { mail: 7 } }] });
  expect(series.map(({ key, tone, kind }) => [key, tone, kind])).toEqual([["reports", 2, "area"], ["mail", 1, "area"]]);
  expect(points).toEqual([{ at: AT.getTime(), mail: 7, reports: null }]);
});

test("more than five become four and the rest", () => {
  const { series, points } = depthSeries({ queues: named("a", "b", "c", "d", "e", "f"), series: [{ at: AT, depths: { a: 1, e: 2, f: 3 } }, { at: AT, depths: {} }] });
  expect(series.map(({ key }) => key)).toEqual(["other queues", "d", "c", "b", "a"]);
  expect(points.map((point) => point["other queues"])).toEqual([5, null]);
});

test("a range of the page is asked for by its name, a custom one by its ends", () => {
  const ends = { from: AT, to: new Date(AT.getTime() + 60_000) };
  expect(queueRange({ key: "90d", ...ends })).toEqual({ range: "90d" });
  expect(queueRange({ key: "custom", ...ends })).toEqual(ends);
});
