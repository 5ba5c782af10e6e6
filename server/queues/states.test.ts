import { describe, expect, it } from "vitest";
import { addCounts, depthOf, isStalled, NO_COUNTS, RANGE_STEPS, stackDepths } from "./states.ts";

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
      { at: first, queue: "a.b", depth: 1 },
      { at: first, queue: "c.d", depth: 5 },
      { at: second, queue: "a.b", depth: 9 },
    ];
    expect(stackDepths(rows)).toEqual({
      queues: ["a.b", "c.d"],
      series: [
        { at: first, depths: { "a.b": 1, "c.d": 5 } },
        { at: second, depths: { "a.b": 9 } },
      ],
    });
    expect(stackDepths([])).toEqual({ queues: [], series: [] });
  });
});
