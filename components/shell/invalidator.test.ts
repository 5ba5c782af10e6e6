import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createInvalidator, EVERYTHING, FLUSH_MS } from "./invalidator.ts";

let paused = false;
let seen: string[] = [];
const make = () => createInvalidator({ isPaused: () => paused, invalidate: (topic) => seen.push(topic) });

beforeEach(() => {
  vi.useFakeTimers();
  paused = false;
  seen = [];
});
afterEach(() => vi.useRealTimers());

test("a burst refreshes each module once", () => {
  const invalidator = make();
  for (let i = 0; i < 50; i++) invalidator.add(i % 2 ? "services" : "queues");
  vi.advanceTimersByTime(FLUSH_MS);
  expect(seen).toEqual(["queues", "services"]);
});

test("everything swallows the rest", () => {
  const invalidator = make();
  invalidator.add("services");
  invalidator.add(EVERYTHING);
  vi.advanceTimersByTime(FLUSH_MS);
  expect(seen).toEqual([EVERYTHING]);
});

test("nothing moves while paused, everything once after it", () => {
  const invalidator = make();
  invalidator.add("services");
  paused = true;
  invalidator.follow();
  invalidator.add("queues");
  vi.advanceTimersByTime(10 * FLUSH_MS);
  expect(seen).toEqual([]);
  paused = false;
  invalidator.follow();
  vi.advanceTimersByTime(FLUSH_MS);
  expect(seen).toEqual([EVERYTHING]);
});

test("stopping forgets what was due", () => {
  const invalidator = make();
  invalidator.add("services");
  invalidator.stop();
  vi.advanceTimersByTime(FLUSH_MS);
  expect(seen).toEqual([]);
});
