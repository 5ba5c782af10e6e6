import { describe, expect, it } from "vitest";
import { addCounts, depthOf, isStalled, NO_COUNTS, RANGE_STEPS, spanOf, stackDepths } from "./states.ts";

describe("depth (C24)", () => {
  it("is what is still to be done, and nothing else", () => {
    expect(depthOf({ ...NO_COUNTS, waiting: 1, delayed: 10, active: 100, failed: 1_000, completed: 10_000, dead: 100_000 } as typeof NO_COUNTS)).toBe(111);
  });

  it("adds up state by state", () => {
    const counts = { waiting: 1, active: 2, delayed: 3, failed: 4, completed: 5, dead: 6 };
    expect(addCounts(counts, counts)).toEqual({ waiting: 2, active: 4, delayed: 6, failed: 8, completed: 10, dead: 12 });
    expect(addCounts(counts, NO_COUNTS)).toEqual(counts);
  });
});

describe("a span of its own", () => {
  const now = new Date("2026-11-26T12:00:00Z");
  it.each([
    ["2026-11-26T11:00Z", "2026-11-26T11:30Z", 1, false],
    ["2026-11-24T12:00Z", "2026-11-26T12:00Z", 30, false],
    ["2026-11-20T11:00Z", "2026-11-20T12:00Z", 60, true],
    ["2026-10-01T00:00Z", "2026-11-26T12:00Z", 24 * 60, true],
    ["2026-07-30T00:00Z", "2026-11-26T12:00Z", 48 * 60, true],
  ])("%s to %s has steps of %i min", (...[from, to, minutes, isHours]) => {
    expect(spanOf({ range: "24h", from: new Date(from), to: new Date(to) }, now)).toMatchObject({ stepMs: minutes * 60_000, isHours });
  });

  it("is up to now without ends", () => {
    expect(spanOf({ range: "7d" }, now)).toEqual({ from: new Date("2026-11-19T12:00Z"), to: now, stepMs: 7_200_000, isHours: true });
  });
});

describe("stalled", () => {
  it.each([
    [{ oldestWaitingMs: null, active: 0, workers: 0 }, false],
    [{ oldestWaitingMs: 59_999, active: 0, workers: 0 }, false],
    [{ oldestWaitingMs: 60_000, active: 0, workers: 2 }, true],
    [{ oldestWaitingMs: 60_000, active: 1, workers: 2 }, false],
    [{ oldestWaitingMs: 60_000, active: 1, workers: 0 }, true],
  ])("%o is %s", (facts, expected) => {
    expect(isStalled(facts)).toBe(expected);
  });
});

describe("charts", () => {
  it.each(Object.entries(RANGE_STEPS))("%s has 5 to 100 points", (_range, { spanMs, stepMs }) => {
    expect(spanMs / stepMs).toBeGreaterThanOrEqual(5);
    expect(spanMs / stepMs).toBeLessThanOrEqual(100);
  });

  it("stacks queues by time, deepest first", () => {
    const [first, second] = [new Date(0), new Date(60_000)];
    const rows = [
      { at: first, connection: "own", queue: "a.b", depth: 1 },
      { at: first, connection: "own", queue: "mail", depth: 5 },
      { at: second, connection: "own", queue: "a.b", depth: 9 },
      { at: second, connection: "shop", queue: "mail", depth: 2 },
    ];
    expect(stackDepths(rows, new Map([["own", "Seaworthy"], ["shop", "Shop"]]))).toEqual({
      queues: [
        { key: "own/a.b", label: "a.b" },
        { key: "own/mail", label: "mail (Seaworthy)" },
        { key: "shop/mail", label: "mail (Shop)" },
      ],
      series: [
        { at: first, depths: { "own/a.b": 1, "own/mail": 5 } },
        { at: second, depths: { "own/a.b": 9, "shop/mail": 2 } },
      ],
    });
    expect(stackDepths([], new Map())).toEqual({ queues: [], series: [] });
  });
});
