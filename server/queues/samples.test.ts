import { expect, test } from "vitest";
import type { QueueReading } from "./adapters/adapter.ts";
import { addReading, nextReadingIn } from "./samples.ts";

test.each([[15, 5, 15], [15, 750, 15], [15, 1_000, 20], [15, 2_500, 50], [15, 20_000, 60], [300, 20_000, 300]])("every %i s, after a reading of %i ms the next comes in %i s", (...[every, took, next]) => {
  expect(nextReadingIn(every, took)).toBe(next);
});

test("readings of one minute add up: the deepest depth, all flow, all times", () => {
  const reading = (waiting: number, added: number | null, completed: number): QueueReading => ({
    name: "mail", counts: { waiting, active: 1, delayed: 0, failed: 0, completed: 0, dead: 0 }, oldestWaitingMs: null, isPaused: false, consumers: 1,
    flow: { added, completed, failed: 1, waitMs: [10], runMs: [20, 30] },
  });
  const minute = [reading(4, 3, 2), reading(9, null, 1), reading(2, 1, 0)].reduce(addReading, undefined as ReturnType<typeof addReading> | undefined);
  expect(minute).toMatchObject({ depthMax: 10, added: 4, done: 3, broken: 3 });
  expect(minute?.run.counts.reduce((sum, n) => sum + n, 0)).toBe(6);
});
