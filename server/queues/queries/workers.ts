import { MINUTE_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Workload } from "../../platform/queue/workload.ts";
import type { Worker, WorkerList } from "../schema/index.ts";

/** A worker that was silent for longer is gone. */
const SEEN_MS = MINUTE_MS;
/** Shorter saturation says nothing about efficiency. */
const SATURATED_MS = 500;

type RunningRow = { queue: string; id: string; since: Date; attempt: number; worker: string };

/** What runs now, by the process that runs it, as the jobs themselves say. */
async function readRunning(ctx: Context, workers: string[]): Promise<Map<string, Worker["running"]>> {
  const rows = await ctx.db.$queryRaw<RunningRow[]>`
    SELECT name AS queue, id::text, started_on AS since, retry_count + 1 AS attempt, group_tier AS worker FROM pgboss.job_common
    WHERE name IN (SELECT name FROM pgboss.queue) AND state = 'active' AND policy = 'exclusive' AND group_tier = ANY(${workers}::text[]) ORDER BY started_on`;
  const grouped = Map.groupBy(rows, (row) => row.worker);
  return new Map([...grouped].map(([worker, jobs]) => [worker, jobs.map(({ worker: _worker, ...job }) => job)]));
}

const share = (part: number, whole: number, atLeast = 0): number | null => (whole > atLeast ? Math.min(1, part / whole) : null);

const IDLE: Workload = { places: 0, running: 0, done: 0, failed: 0, busyMs: 0, saturatedBusyMs: 0, saturatedPlaceMs: 0, isStopping: false };

/** Worker processes that gave a sign of life within the last minute, oldest first. */
export async function listWorkers(ctx: Context): Promise<WorkerList> {
  const now = ctx.now().getTime();
  const rows = await ctx.db.processInstance.findMany({ where: { role: "worker", lastSeenAt: { gte: new Date(now - SEEN_MS) } }, orderBy: { startedAt: "asc" }, omit: { metrics: true } });
  const running = await readRunning(ctx, rows.map((row) => row.id));
  const loads = rows.map((row) => Workload.safeParse(row.work).data ?? IDLE);
  const items = rows.map(({ id, host, pid, version, startedAt, lastSeenAt }, at): Worker => {
    const { places, done, failed, busyMs, saturatedBusyMs, saturatedPlaceMs, isStopping } = loads[at] ?? IDLE;
    return {
      id, host, pid, version, startedAt, seenAt: lastSeenAt, isStopping, places, done, failed,
      running: running.get(id) ?? [],
      busy: share(busyMs, places * (lastSeenAt.getTime() - startedAt.getTime())) ?? 0,
      efficiency: share(saturatedBusyMs, saturatedPlaceMs, SATURATED_MS),
    };
  });
  const sum = (of: (load: Workload) => number) => loads.reduce((total, load) => total + of(load), 0);
  return { items, efficiency: share(sum((load) => load.saturatedBusyMs), sum((load) => load.saturatedPlaceMs), SATURATED_MS) };
}
