import { describe, expect, it } from "vitest";
import { standingOf } from "./sentence.ts";

const counts = (part: Partial<{ up: number; degraded: number; down: number; unknown: number }>) => {
  const all = { up: 0, degraded: 0, down: 0, unknown: 0, ...part };
  return { ...all, all: all.up + all.degraded + all.down + all.unknown };
};
const worst = [{ id: "svc_1", name: "Payments API", slug: "payments-api", tier: 1, state: "down" as const, stateSince: new Date(), stateReason: "connection refused" }];

describe("standingOf", () => {
  it.each([
    [counts({}), "unknown", "Nothing is watched yet."],
    [counts({ up: 1 }), "ok", "The one service watched is OK."],
    [counts({ up: 14 }), "ok", "All 14 services are OK."],
    [counts({ up: 3, unknown: 1 }), "unknown", "1 service has no known state."],
    [counts({ up: 3, degraded: 2 }), "warn", "2 services are degraded."],
    [counts({ up: 3, down: 1, degraded: 1 }), "fail", "1 service is down, 1 is degraded."],
  ])("%j", (given, tone, lead) => {
    expect(standingOf({ counts: given, worst: [] })).toMatchObject({ tone, lead });
  });

  it("names the cause and what is left", () => {
    expect(standingOf({ counts: counts({ down: 1, up: 8, unknown: 1 }), worst }).rest).toBe("Payments API: connection refused. 8 are OK and 1 is unknown.");
  });
});
