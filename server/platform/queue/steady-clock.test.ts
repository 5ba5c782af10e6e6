import { expect, test } from "vitest";
import { HOUR_MS, SECOND_MS } from "../clock.ts";
import { steadyClock } from "./steady-clock.ts";

test.each([
  ["goes on", 0, false],
  ["is set back two hours", -2 * HOUR_MS, true],
  ["is set ahead a year", 365 * 24 * HOUR_MS, true],
  ["is corrected a little", -SECOND_MS, false],
])("when the wall clock %s, it counts on", (_what, setBy, isApart) => {
  const start = Date.parse("2027-01-15T12:00:00Z");
  const time = { wall: start, steady: 500 };
  const clock = steadyClock(() => new Date(time.wall), () => time.steady);
  expect(clock.now()).toBe(start);
  Object.assign(time, { wall: start + 10 * SECOND_MS + setBy, steady: 500 + 10 * SECOND_MS });
  expect(clock.now()).toBe(start + 10 * SECOND_MS);
  expect(clock.isApart()).toBe(isApart);
});
