import { expect, test } from "vitest";
import { closedNetwork } from "../../platform/testing/context.ts";
import { runProbe, type SelfReport } from "./probe.ts";

const at = new Date("2026-11-22T00:00:00Z");
const measure = (report: SelfReport) => runProbe({ http: closedNetwork, now: () => at, checkSelf: async () => report, readHeartbeat: async () => null }, { kind: "self" }, { timeoutMs: 5_000 });

test.each([
  ["healthy", "up", "all parts up"],
  ["degraded", "degraded", "memory degraded"],
  ["unhealthy", "down", "memory degraded"],
] as const)("the console's own %s reads as %s", async (status, verdict, message) => {
  const memory = status === "healthy" ? "up" : "degraded";
  const reading = await measure({ status, checks: { database: { status: "up", responseTimeMs: 2 }, memory: { status: memory, error: null, detail: { heap: 1 } } } });
  expect(reading).toMatchObject({
    verdict,
    message,
    components: [
      { name: "database", verdict: "up", detail: null, value: 2, unit: "ms", observedAt: at },
      { name: "memory", verdict: memory, detail: null, value: null, unit: null, observedAt: at },
    ],
  });
});

test("its own checks that hang are cut off by the limit and prove nothing", async () => {
  const world = { http: closedNetwork, now: () => at, checkSelf: () => new Promise<SelfReport>(() => undefined), readHeartbeat: async () => null };
  expect(await runProbe(world, { kind: "self" }, { timeoutMs: 50 })).toMatchObject({ verdict: "unknown", message: "the console's own report took longer than 50 ms" });
});
