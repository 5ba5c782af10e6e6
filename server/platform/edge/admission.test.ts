import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST_PATIENCE, nextAllowance } from "./admission.ts";

test.each([
  { why: "quick and full, it rises", allowed: 100, load: { inFlight: 100, meanMs: 60, lateMs: 5 }, next: 102 },
  { why: "full before anything ended, it rises", allowed: 100, load: { inFlight: 100, meanMs: null, lateMs: 5 }, next: 102 },
  { why: "quick at the most, it stays", allowed: 256, load: { inFlight: 200, meanMs: 60, lateMs: 0 }, next: 256 },
  { why: "slow and full, it falls as far as it is too slow", allowed: 200, load: { inFlight: 200, meanMs: 312.5, lateMs: 0 }, next: 160 },
  { why: "very slow, it halves", allowed: 200, load: { inFlight: 180, meanMs: 5_000, lateMs: 0 }, next: 90 },
  { why: "a late event loop counts too", allowed: 200, load: { inFlight: 200, meanMs: 50, lateMs: 62.5 }, next: 160 },
  { why: "slow without a queue of ours, it rises all the same", allowed: 100, load: { inFlight: 31, meanMs: 9_000, lateMs: 900 }, next: 102 },
  { why: "slow with a queue, it falls from what is used", allowed: 256, load: { inFlight: 50, meanMs: 312.5, lateMs: 0 }, next: 40 },
  { why: "slow for long, it stops at the fewest", allowed: 17, load: { inFlight: 17, meanMs: 5_000, lateMs: 0 }, next: 16 },
  { why: "late for long, it goes on falling", allowed: 16, load: { inFlight: 16, meanMs: 20, lateMs: 900 }, next: 8 },
  { why: "late with a few, it stops", allowed: 8, load: { inFlight: 8, meanMs: 20, lateMs: 900 }, next: 8 },
])("$why", ({ allowed, load, next }) => {
  expect(nextAllowance({ allowed, patience: 0 }, { ...load, most: 256 }).allowed).toBe(next);
});

test("after calm a short strain changes nothing, a lasting one is met, and patience comes back with calm alone", () => {
  const strained = { inFlight: 200, meanMs: 50, lateMs: 200, most: 256 };
  const calm = { inFlight: 20, meanMs: 5, lateMs: 0, most: 256 };
  let now = { allowed: 256, patience: MOST_PATIENCE };
  for (let tick = 0; tick < MOST_PATIENCE; tick++) now = nextAllowance(now, strained);
  expect(now).toEqual({ allowed: 256, patience: 0 });
  now = nextAllowance(now, strained);
  expect(now.allowed).toBe(100);
  for (let tick = 0; tick < 3; tick++) now = nextAllowance(now, calm);
  expect(nextAllowance(now, strained).allowed, "three calm ticks are not enough").toBeLessThan(now.allowed);
  for (let tick = 0; tick < 100; tick++) now = nextAllowance(now, calm);
  expect(now).toEqual({ allowed: 256, patience: MOST_PATIENCE });
});

test("it never leaves its bounds", () => {
  const load = fc.record({ inFlight: fc.nat(1_000), meanMs: fc.option(fc.nat(20_000)), lateMs: fc.nat(10_000) });
  const staysInside = fc.property(fc.integer({ min: 1, max: 1_000 }), fc.array(load), (most, loads) => {
    let now = { allowed: most, patience: MOST_PATIENCE };
    for (const one of loads) {
      now = nextAllowance(now, { ...one, most });
      expect(now.allowed).toBeGreaterThanOrEqual(Math.min(8, most));
      expect(now.allowed).toBeLessThanOrEqual(most);
      expect(now.patience).toBeGreaterThanOrEqual(0);
      expect(now.patience).toBeLessThanOrEqual(MOST_PATIENCE);
    }
  });
  fc.assert(staysInside);
});
