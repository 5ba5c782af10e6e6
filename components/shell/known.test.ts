import { expect, test } from "vitest";
import { isOld } from "./known.ts";

const AT = 1_000_000;
const known = { isError: false, data: {}, dataUpdatedAt: AT };
const after = (ms: number, isPaused = false) => ({ now: AT + ms, maxAgeMs: 40_000, isPaused });

test.each([
  ["fresh", known, after(5_000), false],
  ["at the limit", known, after(40_000), false],
  ["past it", known, after(40_001), true],
  ["past it, but paused", known, after(90_000, true), false],
  ["failed", { ...known, isError: true }, after(1), true],
  ["never known", { ...known, data: undefined, isError: true }, after(90_000), false],
  ["before the clock is known", known, { ...after(0), now: 0 }, false],
] as const)("%s", (...[, query, at, old]) => expect(isOld(query, at)).toBe(old));
