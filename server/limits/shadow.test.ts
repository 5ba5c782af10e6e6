import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLimiter } from "../platform/limiter/limiter.ts";
import { memoryWindows } from "../platform/limiter/memory.ts";
import { NO_POLICY } from "../platform/limiter/policy.ts";
import { countRefused } from "./shadow.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 17);
const every = (calls: number[]) => calls.map((count, index) => ({ minute: START + index * MINUTE, calls: count }));

describe("what a figure would have refused", () => {
  test.each([
    { what: "nothing when nobody comes near", calls: [5, 5, 5], max: 30, windowMs: MINUTE, refused: 0 },
    { what: "what is above the figure in one minute", calls: [50], max: 30, windowMs: MINUTE, refused: 20 },
    { what: "everything beyond the figure of a quarter of an hour", calls: [40, 40, 40], max: 100, windowMs: 15 * MINUTE, refused: 20 },
    { what: "nothing without calls", calls: [], max: 1, windowMs: MINUTE, refused: 0 },
  ])("$what", ({ calls, max, windowMs, refused }) => {
    expect(countRefused(every(calls), { max, windowMs })).toBe(refused);
  });

  test("a quiet time forgives", () => {
    const minutes = [{ minute: START, calls: 30 }, { minute: START + 10 * MINUTE, calls: 30 }];
    expect(countRefused(minutes, { max: 30, windowMs: MINUTE })).toBe(0);
  });

  test("never more than were made, never more with a higher figure", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(80), { maxLength: 60 }), fc.integer({ min: 1, max: 60 }), fc.constantFrom(MINUTE, 15 * MINUTE, 60 * MINUTE), (calls, max, windowMs) => {
        const total = calls.reduce((sum, count) => sum + count, 0);
        const refused = countRefused(every(calls), { max, windowMs });
        expect(refused).toBeLessThanOrEqual(total);
        expect(countRefused(every(calls), { max: max * 50, windowMs })).toBeLessThanOrEqual(refused);
      }),
    );
  });

  test("agrees with the limiter itself within a fifth for even traffic", async () => {
    for (const [perMinute, max] of [[20, 100], [60, 100], [10, 120], [90, 300]] as const) {
      let at = START;
      const now = () => new Date(at);
      const limits = { RATE_LIMIT_WINDOW_MS: 15 * MINUTE, RATE_LIMIT_MAX_REQUESTS: 1, RATE_LIMIT_MAX_AUTHENTICATED: max, RATE_LIMIT_BURST_PER_MINUTE: 1, AUTH_RATE_LIMIT_MAX: 1, WRITE_RATE_LIMIT_MAX: 1, PAGE_RATE_LIMIT_MAX: 1_200, ASSET_RATE_LIMIT_MAX: 6_000 };
      const limiter = createLimiter({ now, limits, local: memoryWindows(now) });
      let refused = 0;
      for (let call = 0; call < perMinute * 60; call++) {
        at = START + (call * MINUTE) / perMinute;
        if (!(await limiter.charge({ tier: "read", caller: "usr_1", isSignedIn: true }, { policy: NO_POLICY })).isAllowed) refused += 1;
      }
      const told = countRefused(every(Array.from({ length: 60 }, () => perMinute)), { max, windowMs: 15 * MINUTE });
      expect(Math.abs(told - refused)).toBeLessThanOrEqual(Math.max(5, perMinute * 60 * 0.05));
    }
  });
});
