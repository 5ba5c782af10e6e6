import { describe, expect, test } from "vitest";
import { hasTimeRange, parseTimeRange, PRESETS, stepOf, withTimeRange } from "./time-range-value.ts";

const NOW = Date.UTC(2026, 10, 17, 7, 6, 12);

describe("parseTimeRange", () => {
  test.each(["", "range=nonsense", "from=2026-11-17T00:00:00Z", "from=x&to=y", "from=2026-11-17T02:00:00Z&to=2026-11-17T01:00:00Z"])(
    "%s is the last 24 hours",
    (text) => expect(parseTimeRange(new URLSearchParams(text), NOW)).toMatchObject({ key: "24h", isLive: true, durationMs: 86_400_000 }),
  );

  test.each(PRESETS)("$key has its length and ends at most one step after now", ({ key, ms }) => {
    const range = parseTimeRange(new URLSearchParams({ range: key }), NOW);
    expect(range.to.getTime() - range.from.getTime()).toBe(ms);
    expect(range.to.getTime() - NOW).toBeGreaterThanOrEqual(0);
    expect(range.to.getTime() - NOW).toBeLessThan(stepOf(ms));
  });

  test("a custom range keeps its ends and does not move", () => {
    const range = parseTimeRange(new URLSearchParams("range=1h&from=2026-11-17T01:00:00Z&to=2026-11-17T02:30:00Z"), NOW);
    expect(range).toMatchObject({ key: "custom", isLive: false, durationMs: 5_400_000, label: "2026-11-17 01:00 to 2026-11-17 02:30" });
  });
});

describe("withTimeRange", () => {
  test("keeps other parameters and replaces the range", () => {
    const search = new URLSearchParams("q=state%3Adown&from=a&to=b");
    expect(withTimeRange(search, { key: "7d" }).toString()).toBe("q=state%3Adown&range=7d");
  });

  test("the default leaves no trace, a custom range round-trips", () => {
    expect(withTimeRange(new URLSearchParams("range=7d"), { key: "24h" }).toString()).toBe("");
    const from = new Date("2026-11-17T01:00:00Z");
    const to = new Date("2026-11-17T02:00:00Z");
    expect(parseTimeRange(withTimeRange(new URLSearchParams(), { from, to }), NOW)).toMatchObject({ from, to });
  });
});

test.each([
  ["/", true],
  ["/services", false],
  ["/services/payments-api", true],
  ["/queues", true],
  ["/queues/own/mail", true],
  ["/queues/operations/qop_1", false],
  ["/queues/workers", false],
  ["/limits", true],
  ["/coverage", false],
  ["/coverage/shop", true],
  ["/access/audit", false],
  ["/settings", false],
])("the picker stands on %s: %s", (path, stands) => expect(hasTimeRange(path)).toBe(stands));
