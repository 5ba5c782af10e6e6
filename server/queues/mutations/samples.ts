import type { Context } from "../../platform/context.ts";
import { DEAD_LETTERS } from "../../platform/queue/policy.ts";
import { getSettings } from "../../settings/queries/index.ts";

const KEEP_MINUTES_DAYS = 3;
const KEEP_HOURS_DAYS = 120;
/** A job that did not come back for this long starts anew. */
const KEEP_REDRIVES_DAYS = 60;
/** Deleted at once; a backlog goes over several statements instead of in one long transaction. */
const DELETE_BATCH = 20_000;
const MOST_BATCHES = 50;

/** Adds the minutes of the last hours up to hours: the most of each figure, the sum of what flowed. Idempotent. */
export async function rollUpSamples(ctx: Context): Promise<number> {
  return ctx.db.$executeRaw`
    WITH source AS MATERIALIZED (SELECT *, date_trunc('hour', at, 'UTC') AS hour FROM series.queue_sample WHERE at >= date_trunc('hour', now(), 'UTC') - interval '2 hours'),
    waits AS (SELECT connection, queue, hour, array_agg(b ORDER BY b) AS b, array_agg(n ORDER BY b) AS n FROM (
      SELECT connection, queue, hour, h.b, sum(h.n)::int AS n FROM source, unnest(wait_buckets, wait_counts) AS h(b, n) GROUP BY 1, 2, 3, 4) AS x GROUP BY 1, 2, 3),
    runs AS (SELECT connection, queue, hour, array_agg(b ORDER BY b) AS b, array_agg(n ORDER BY b) AS n FROM (
      SELECT connection, queue, hour, h.b, sum(h.n)::int AS n FROM source, unnest(run_buckets, run_counts) AS h(b, n) GROUP BY 1, 2, 3, 4) AS x GROUP BY 1, 2, 3),
    totals AS (
      SELECT connection, queue, hour, max(waiting) AS waiting, max(delayed) AS delayed, max(active) AS active, max(failed) AS failed, max(dead) AS dead, max(depth_max) AS depth_max,
        max(oldest_waiting_ms) AS oldest, max(consumers) AS consumers, sum(added)::int AS added, sum(done)::int AS done, sum(broken)::int AS broken FROM source GROUP BY 1, 2, 3)
    INSERT INTO series.queue_hour (connection, queue, at, waiting, delayed, active, failed, dead, depth_max, oldest_waiting_ms, consumers, added, done, broken, wait_buckets, wait_counts, run_buckets, run_counts)
    SELECT t.connection, t.queue, t.hour, t.waiting, t.delayed, t.active, t.failed, t.dead, t.depth_max, t.oldest, t.consumers, t.added, t.done, t.broken,
      coalesce(w.b, '{}'), coalesce(w.n, '{}'), coalesce(r.b, '{}'), coalesce(r.n, '{}')
    FROM totals t LEFT JOIN waits w USING (connection, queue, hour) LEFT JOIN runs r USING (connection, queue, hour)
    ON CONFLICT (connection, queue, at) DO UPDATE SET waiting = excluded.waiting, delayed = excluded.delayed, active = excluded.active, failed = excluded.failed, dead = excluded.dead,
      depth_max = excluded.depth_max, oldest_waiting_ms = excluded.oldest_waiting_ms, consumers = excluded.consumers, added = excluded.added, done = excluded.done, broken = excluded.broken,
      wait_buckets = excluded.wait_buckets, wait_counts = excluded.wait_counts, run_buckets = excluded.run_buckets, run_counts = excluded.run_counts`;
}

/** Repeats a delete in batches until nothing is left of it. */
async function inBatches(remove: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const count = await remove();
    total += count;
    if (count < DELETE_BATCH) break;
  }
  return total;
}

/** Deletes jobs of the own queue that are past their time in the settings, and old samples. Returns how many of each. */
export async function tidyQueues(ctx: Context): Promise<{ jobs: number; letters: number; samples: number }> {
  const { queuesCompletedHours, queuesFailedHours, queuesDeadDays } = (await getSettings(ctx)).values;
  const ended = (state: "completed" | "failed", hours: number) =>
    inBatches(() => ctx.db.$executeRaw`
      DELETE FROM pgboss.job WHERE (name, id) IN (
        SELECT j.name, j.id FROM pgboss.job j JOIN pgboss.queue q ON q.name = j.name
        WHERE j.name <> ${DEAD_LETTERS} AND j.state = ${state}::pgboss.job_state AND j.completed_on < now() - ${hours}::int * interval '1 hour' LIMIT ${DELETE_BATCH}::int)`);
  const jobs = (await ended("completed", queuesCompletedHours)) + (await ended("failed", queuesFailedHours));
  const letters = await inBatches(() => ctx.db.$executeRaw`
    DELETE FROM pgboss.job WHERE (name, id) IN (
      SELECT name, id FROM pgboss.job WHERE name = ${DEAD_LETTERS} AND created_on < now() - ${queuesDeadDays}::int * interval '1 day' LIMIT ${DELETE_BATCH}::int)`);
  const minutes = await ctx.db.$executeRaw`DELETE FROM series.queue_sample WHERE at < now() - ${KEEP_MINUTES_DAYS}::int * interval '1 day'`;
  const hours = await ctx.db.$executeRaw`DELETE FROM series.queue_hour WHERE at < now() - ${KEEP_HOURS_DAYS}::int * interval '1 day'`;
  await ctx.db.$executeRaw`DELETE FROM queue_redrive WHERE last_at < now() - ${KEEP_REDRIVES_DAYS}::int * interval '1 day'`;
  return { jobs, letters, samples: minutes + hours };
}
