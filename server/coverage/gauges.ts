/** How services stand at their gates, for Prometheus. */
import { Gauge } from "prom-client";
import { instruments } from "../platform/metrics/registry.ts";
import type { CoverageSummary } from "./schema/index.ts";

/** Shows how many services each verdict has. Every worker sees the same, so merging processes must not add them up. */
export function showCoverage({ outcomes }: Pick<CoverageSummary, "outcomes">): void {
  const { registry } = instruments();
  const name = "coverage_services";
  const known = registry.getSingleMetric(name) as Gauge<"outcome"> | undefined;
  const gauge = known ?? new Gauge({ name, help: "Services by the verdict of their coverage gate.", labelNames: ["outcome"], registers: [registry], aggregator: "max" });
  for (const [outcome, count] of Object.entries(outcomes)) gauge.set({ outcome }, count);
}
