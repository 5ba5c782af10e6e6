import { Gauge } from "prom-client";
import { instruments } from "../platform/metrics/registry.ts";
import { JOB_STATES } from "./schema/index.ts";
import type { QueueFigures } from "./states.ts";

function gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> {
  const { registry } = instruments();
  const known = registry.getSingleMetric(name);
  if (known) return known as Gauge<Label>;
  // Every worker measures the same facts, so merging processes must not add them up.
  return new Gauge({ name, help, labelNames, registers: [registry], aggregator: "max" });
}

/** Shows the counts to Prometheus. `queue_depth_total` is a gauge despite its name, which alert rules out there use. */
export function showCounts(queues: QueueFigures[]): void {
  const depth = gauge("queue_depth_total", "Jobs in a queue, by state.", ["queue", "state"]);
  const waiting = gauge("queue_jobs_waiting", "Jobs that wait and may start now.", ["queue"]);
  for (const { name, counts } of queues) {
    for (const state of JOB_STATES) depth.set({ queue: name, state }, counts[state]);
    waiting.set({ queue: name }, counts.waiting);
  }
}
