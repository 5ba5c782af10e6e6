import fc from "fast-check";
import { expect, test } from "vitest";
import { nextAllowed } from "./admission.ts";

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
  expect(nextAllowed(allowed, { ...load, most: 256 })).toBe(next);
});

test("it never leaves its bounds", () => {
  const load = fc.record({ inFlight: fc.nat(1_000), meanMs: fc.option(fc.nat(20_000)), lateMs: fc.nat(10_000) });
  const staysInside = fc.property(fc.integer({ min: 1, max: 1_000 }), fc.array(load), (most, loads) => {
    let allowed = most;
    for (const one of loads) {
      allowed = nextAllowed(allowed, { ...one, most });
      expect(allowed).toBeGreaterThanOrEqual(Math.min(8, most));
      expect(allowed).toBeLessThanOrEqual(most);
    }
  });
  fc.assert(staysInside);
});
