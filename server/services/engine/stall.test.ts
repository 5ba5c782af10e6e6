import { describe, expect, it, test } from "vitest";
import type { Reading } from "../probes/reading.ts";
import { believable, STALL_MS, watchStalls } from "./stall.ts";

const reading = (verdict: Reading["verdict"]): Reading => ({ verdict, latencyMs: 20, message: "what it said", components: [] });
const FREE = { stallMs: 0, startLagMs: 0, intervalSeconds: 30 };

describe("what may be believed", () => {
  test.each([
    ["a free prober, up", "up", FREE, "up", 20],
    ["a free prober, down", "down", FREE, "down", 20],
    ["a short stall", "down", { ...FREE, stallMs: STALL_MS }, "down", 20],
    ["a stall, down", "down", { ...FREE, stallMs: STALL_MS + 1 }, "unknown", null],
    ["a stall, degraded", "degraded", { ...FREE, stallMs: 900 }, "unknown", null],
    ["a stall, up: the answer counts, its latency does not", "up", { ...FREE, stallMs: 900 }, "up", null],
    ["one interval late, down", "down", { ...FREE, startLagMs: 30_000 }, "down", 20],
    ["more than an interval late, down", "down", { ...FREE, startLagMs: 30_001 }, "unknown", null],
    ["more than an interval late, up", "up", { ...FREE, startLagMs: 60_000 }, "up", 20],
  ] as const)("%s", (...[, verdict, prober, expected, latencyMs]) => {
    expect(believable(reading(verdict), prober)).toMatchObject({ verdict: expected, latencyMs });
  });

  it("says why it is not believed and keeps what was said", () => {
    expect(believable(reading("down"), { ...FREE, stallMs: 812 }).message).toBe("Not believed, this prober stood still for 812 ms: what it said");
  });
});

describe("the watch", () => {
  it("sees a blocked event loop, also before its own timer could run", async () => {
    const watch = watchStalls();
    const startedMs = performance.now();
    const until = startedMs + 400;
    while (performance.now() < until);
    expect(watch.longestSince(startedMs)).toBeGreaterThan(STALL_MS);
    expect(watch.longestSince(performance.now() + 1)).toBe(0);
    await watch.stop();
  });
});
