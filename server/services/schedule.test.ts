import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextSlot } from "./schedule.ts";

const times = fc.date({ min: new Date("2026-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
const checks = fc.record({ phase: fc.double({ min: 0, max: 0.999999, noNaN: true }), intervalSeconds: fc.integer({ min: 5, max: 86_400 }) });

describe("slots", () => {
  it("lie ahead, at most one interval away", () => {
    fc.assert(
      fc.property(checks, times, (check, now) => {
        const waitMs = nextSlot(check, now).getTime() - now.getTime();
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(check.intervalSeconds * 1_000);
      }),
    );
  });

  it("keep their rhythm however long a run takes", () => {
    fc.assert(
      fc.property(checks, times, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (check, now, share) => {
        const first = nextSlot(check, now);
        const next = nextSlot(check, new Date(first.getTime() + share * check.intervalSeconds * 1_000));
        expect(Math.abs(next.getTime() - first.getTime() - check.intervalSeconds * 1_000)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("do not depend on when somebody looks", () => {
    const check = { phase: 0.3, intervalSeconds: 30 };
    const slot = nextSlot(check, new Date("2027-01-15T12:00:10Z"));
    expect(nextSlot(check, new Date("2027-01-15T12:00:29Z"))).toEqual(slot);
  });

  it("spread a thousand checks evenly", () => {
    const perSecond = Array.from({ length: 20 }, () => 0);
    const now = new Date("2027-01-15T12:00:00Z");
    for (let i = 0; i < 1_000; i++) {
      const second = Math.floor((nextSlot({ phase: i / 1_000, intervalSeconds: 20 }, now).getTime() - now.getTime()) / 1_000);
      perSecond[second % 20] = (perSecond[second % 20] ?? 0) + 1;
    }
    expect(Math.max(...perSecond)).toBeLessThanOrEqual(52);
  });
});
