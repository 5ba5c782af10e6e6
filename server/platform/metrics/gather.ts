/**
 * One text for all processes: this one's registry now, the others' as they last reported, and the queue as the
 * database sees it. What cannot be had in time is left out; a scrape never fails because the database is away.
 */
import { hostname } from "node:os";
import { AggregatorRegistry, Gauge, type Registry } from "prom-client";
import type { Context } from "../context.ts";
import { STALE_MS } from "../processes.ts";
import { instruments } from "./registry.ts";

/** Well under the ten seconds that Prometheus waits for a scrape. */
const DATABASE_PATIENCE_MS = 1_000;

type World = Pick<Context, "db" | "now" | "log">;
type Depth = { queue: string; state: "waiting" | "delayed" | "active"; jobs: number };

async function inTime<T>(work: Promise<T>, otherwise: T, log: World["log"]): Promise<T> {
  const late = Promise.withResolvers<T>();
  const timer = setTimeout(() => late.resolve(otherwise), DATABASE_PATIENCE_MS);
  const failed = (error: unknown) => {
    log.warn({ err: error }, "metrics without the database's part");
    return otherwise;
  };
  const result = await Promise.race([work.catch(failed), late.promise]);
  clearTimeout(timer);
  return result;
}

/** The latest reports of the other live processes. */
async function reportsOfOthers({ db, now }: World): Promise<object[]> {
  const rows = await db.processInstance.findMany({
    where: { lastSeenAt: { gte: new Date(now().getTime() - STALE_MS) }, NOT: { host: hostname(), pid: process.pid } },
    select: { metrics: true },
  });
  return rows.flatMap(({ metrics }) => (Array.isArray(metrics) ? [metrics] : []));
}

/** Jobs that are not finished, by queue and state. */
function depths({ db }: World): Promise<Depth[]> {
  return db.$queryRaw<Depth[]>`
    SELECT name AS queue,
      CASE WHEN state = 'active' THEN 'active' WHEN start_after > now() THEN 'delayed' ELSE 'waiting' END AS state,
      count(*)::int AS jobs
    FROM pgboss.job WHERE state < 'completed' GROUP BY 1, 2`;
}

function addQueueGauges(registry: Registry, rows: readonly Depth[]): void {
  const registers = [registry];
  const depth = new Gauge({ name: "queue_depth_total", help: "Jobs waiting, delayed and active.", labelNames: ["queue", "state"] as const, registers });
  const waiting = new Gauge({ name: "queue_jobs_waiting", help: "Jobs that are due and not yet taken.", labelNames: ["queue"] as const, registers });
  for (const { queue, state, jobs } of rows) {
    depth.set({ queue, state }, jobs);
    if (state === "waiting") waiting.set({ queue }, jobs);
  }
}

/** The exposition in Prometheus's text format. */
export async function gatherMetrics(world: World): Promise<{ contentType: string; text: string }> {
  const [own, others, queue] = await Promise.all([
    instruments().registry.getMetricsAsJSON(),
    inTime(reportsOfOthers(world), [], world.log),
    inTime(depths(world), [], world.log),
  ]);
  const merged = AggregatorRegistry.aggregate([own, ...others]) as Registry;
  addQueueGauges(merged, queue);
  return { contentType: instruments().registry.contentType, text: await merged.metrics() };
}
