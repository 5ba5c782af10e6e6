/** What Prometheus hears of queues: every worker shows what the database knows, so it does not matter who read it. */
import { Gauge } from "prom-client";
import { SECOND_MS } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { instruments } from "../platform/metrics/registry.ts";
import { JOB_STATES } from "./schema/index.ts";

function gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> {
  const { registry } = instruments();
  const known = registry.getSingleMetric(name);
  if (known) return known as Gauge<Label>;
  // Every worker shows the same facts, so merging processes must not add them up.
  return new Gauge({ name, help, labelNames, registers: [registry], aggregator: "max" });
}

const LABELS = ["connection", "queue"] as const;

/** Shows all queues. `queue_depth_total` is a gauge despite its name, which alert rules out there use. */
export async function showFigures(ctx: Context): Promise<void> {
  const rows = await ctx.db.queueState.findMany();
  const connections = await ctx.db.queueConnection.findMany({ select: { id: true, state: true } });
  const depth = gauge("queue_depth_total", "Jobs in a queue, by state.", [...LABELS, "state"]);
  const waiting = gauge("queue_jobs_waiting", "Jobs that wait and may start now.", LABELS);
  const oldest = gauge("queue_oldest_waiting_seconds", "How long the job that waits longest could have started.", LABELS);
  const consumers = gauge("queue_consumers", "Workers that take jobs of a queue.", LABELS);
  const up = gauge("queue_connection_up", "Whether a queue system answers.", ["connection"] as const);
  for (const shown of [depth, waiting, oldest, consumers, up]) shown.reset();
  for (const { connectionId: connection, queue, ...row } of rows) {
    for (const state of JOB_STATES) depth.set({ connection, queue, state }, row[state]);
    waiting.set({ connection, queue }, row.waiting);
    oldest.set({ connection, queue }, (row.oldestWaitingMs ?? 0) / SECOND_MS);
    if (row.consumers !== null) consumers.set({ connection, queue }, row.consumers);
  }
  for (const { id, state } of connections) up.set({ connection: id }, state === "up" ? 1 : 0);
}
