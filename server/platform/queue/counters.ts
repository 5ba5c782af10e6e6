/**
 * What the queue tells Prometheus. Enqueued counts calls, so a rolled-back transaction counts too; processed counts
 * jobs done; failed counts failed attempts, whether or not another follows.
 */
import { Counter } from "prom-client";
import { instruments } from "../metrics/registry.ts";

/** Other queue systems have connections of their own; see the module `queues`. */
const OWN = "own";

function counter(name: string, help: string): Counter<"connection" | "queue"> {
  const known = instruments().registry.getSingleMetric(name);
  if (known) return known as Counter<"connection" | "queue">;
  return new Counter({ name, help, labelNames: ["connection", "queue"] as const, registers: [instruments().registry] });
}

const enqueued = () => counter("queue_messages_enqueued_total", "Jobs put into a queue.");
const processed = () => counter("queue_messages_processed_total", "Jobs done.");
const failed = () => counter("queue_messages_failed_total", "Failed attempts at a job.");

export const countEnqueued = (queue: string): void => enqueued().inc({ connection: OWN, queue });
export const countProcessed = (queue: string): void => processed().inc({ connection: OWN, queue });
export const countFailed = (queue: string): void => failed().inc({ connection: OWN, queue });

/** What flowed through a queue of another system between two readings; jobs that failed for good there. */
export function countFlow(of: { connection: string; queue: string }, flow: { added: number | null; completed: number; failed: number }): void {
  enqueued().inc(of, flow.added ?? 0);
  processed().inc(of, flow.completed);
  failed().inc(of, flow.failed);
}
