/** The score for Prometheus. */
import { Gauge } from "prom-client";
import { instruments } from "../platform/metrics/registry.ts";
import type { FleetSummary } from "./schema/index.ts";

function gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> {
  const { registry } = instruments();
  const known = registry.getSingleMetric(name);
  if (known) return known as Gauge<Label>;
  // Every worker measures the same facts, so merging processes must not add them up.
  return new Gauge({ name, help, labelNames, registers: [registry], aggregator: "max" });
}

/** Shows how all services stand. */
export function showReadiness({ score, levels, heldBack, waivers }: FleetSummary): void {
  if (score !== null) gauge("readiness_score", "Score of all services together, 0 to 100.", []).set(score);
  gauge("readiness_services_held_back", "Services of tier 1 that a blocking rule holds back.", []).set(heldBack);
  gauge("readiness_waivers_in_force", "Waivers in force.", []).set(waivers.inForce);
  const services = gauge("readiness_services", "Services by level.", ["level"]);
  for (const [level, count] of Object.entries(levels)) services.set({ level }, count);
}
