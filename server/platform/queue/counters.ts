/**
 * What the queue tells Prometheus. Enqueued counts calls, so a rolled-back transaction counts too; processed counts
 * jobs done; failed counts failed attempts, whether or not another follows.
 */
import { Counter } from "prom-client";
import { instruments } from "../metrics/registry.ts";

function counter(name: string, help: string): Counter<"queue"> {
  const known = instruments().registry.getSingleMetric(name);
  if (known) return known as Counter<"queue">;
  return new Counter({ name, help, labelNames: ["queue"] as const, registers: [instruments().registry] });
}

export const countEnqueued = (queue: string): void => counter("queue_messages_enqueued_total", "Jobs put into a queue.").inc({ queue });
export const countProcessed = (queue: string): void => counter("queue_messages_processed_total", "Jobs done.").inc({ queue });
export const countFailed = (queue: string): void => counter("queue_messages_failed_total", "Failed attempts at a job.").inc({ queue });
