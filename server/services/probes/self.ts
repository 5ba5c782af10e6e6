/** Reads the console's own health inside the process: no address, no socket. */
import { monotonicMs } from "../../platform/clock.ts";
import { Deadline } from "../../platform/http/deadline.ts";
import type { SelfCheck } from "../check-config.ts";
import type { Probe, ProbeLimits, SelfReport, Verdict } from "./reading.ts";

const VERDICT_OF: Record<SelfReport["status"], Verdict> = { healthy: "up", degraded: "degraded", unhealthy: "down" };

/** The parts have limits of their own; a report that still does not come is a fault of this process. */
async function withinLimit(report: Promise<SelfReport>, limits: ProbeLimits): Promise<SelfReport> {
  const deadline = new Deadline(limits.timeoutMs, limits.signal);
  deadline.phase = "report";
  try {
    return await deadline.race(report);
  } finally {
    deadline.end();
  }
}

/** Verdict from the health document; its checks become components. */
export const probeSelf: Probe<SelfCheck> = async (world, _check, limits) => {
  const started = monotonicMs();
  const report = await withinLimit(world.checkSelf(), limits);
  const observedAt = world.now();
  const checks = Object.entries(report.checks);
  const failing = checks.filter(([, check]) => check.status !== "up").map(([name, check]) => `${name} ${check.status}`);
  return {
    verdict: VERDICT_OF[report.status],
    latencyMs: monotonicMs() - started,
    message: failing.length > 0 ? failing.join(", ") : "all parts up",
    components: checks.map(([name, check]) => ({
      name,
      verdict: check.status,
      detail: check.error ?? (typeof check.detail === "string" ? check.detail : null),
      value: check.responseTimeMs ?? null,
      unit: check.responseTimeMs === undefined || check.responseTimeMs === null ? null : "ms",
      observedAt,
    })),
  };
};
