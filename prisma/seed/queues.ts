/**
 * Demo data of queues: a day of depth for the console's own queues, jobs that failed with every attempt's error and
 * their dead letters, one job that was put aside, and an operation that sent some back. Does nothing when it is there.
 */
import type { Context } from "../../server/platform/context.ts";
import { newId } from "../../server/platform/ids.ts";
import { enqueue } from "../../server/platform/queue/enqueue.ts";
import { DEAD_LETTERS } from "../../server/platform/queue/policy.ts";
import { pruneJob, rollupJob } from "../../server/services/jobs.ts";

type Failure = { queue: string; count: number; error: string; cause: string | null; minutesAgo: number; stepMinutes: number };

const FAILURES: readonly Failure[] = [
  { queue: rollupJob.name, count: 9, error: "canceling statement due to statement timeout", cause: "57014 query_canceled", minutesAgo: 18, stepMinutes: 3 },
  { queue: rollupJob.name, count: 3, error: "connect ECONNREFUSED 10.4.0.12:5432", cause: "all 2 addresses failed", minutesAgo: 190, stepMinutes: 7 },
  { queue: pruneJob.name, count: 2, error: "deadlock detected", cause: null, minutesAgo: 320, stepMinutes: 30 },
];
const ATTEMPTS = 3;

/** Writes jobs that failed for good, their attempts and their dead letters. */
async function addFailures(ctx: Context, { queue, count, error, cause, minutesAgo, stepMinutes }: Failure): Promise<void> {
  const output = JSON.stringify({ name: "Error", message: error, stack: `Error: ${error}\n    at Rollup.read (server/services/engine/rollup.ts:88:14)\n    at Rollup.run (server/services/engine/rollup.ts:41:22)`, ...(cause ? { cause } : {}) });
  await ctx.db.$executeRaw`
    WITH made AS (
      INSERT INTO pgboss.job (name, data, state, singleton_key, policy, retry_limit, retry_count, expire_seconds, heartbeat_seconds, dead_letter, priority, created_on, started_on, completed_on, keep_until, output)
      SELECT ${queue}, '{}'::jsonb, 'failed', '~demo' || gen_random_uuid(), 'exclusive', ${ATTEMPTS - 1}::int, ${ATTEMPTS - 1}::int, 330, 20, ${DEAD_LETTERS}, -5, f.at - interval '50 seconds', f.at - interval '10 seconds', f.at, now() + interval '14 days', ${output}::jsonb
      FROM (SELECT now() - (${minutesAgo}::int + n * ${stepMinutes}::int) * interval '1 minute' AS at FROM generate_series(0, ${count}::int - 1) n) f RETURNING *),
    tried AS (
      INSERT INTO series.queue_attempt (queue, job_id, attempt, worker, started_at, ended_at, error, is_silent)
      SELECT m.name, m.id, a, 'northpier-1:' || (4100 + a), m.completed_on - (${ATTEMPTS}::int - a) * interval '20 seconds' - interval '10 seconds', m.completed_on - (${ATTEMPTS}::int - a) * interval '20 seconds', m.output, false
      FROM made m, generate_series(1, ${ATTEMPTS}::int) a ORDER BY a)
    INSERT INTO pgboss.job (name, data, singleton_key, source_name, source_id, source_created_on, source_retry_count, source_output, source_root_id, created_on, keep_until)
    SELECT ${DEAD_LETTERS}, data, singleton_key, name, id, created_on, retry_count, output, id, completed_on, now() + interval '14 days' FROM made`;
}

/** A day of samples, one a minute: quiet with a wave in the morning. */
async function addSamples(ctx: Context): Promise<void> {
  await ctx.db.$executeRaw`
    INSERT INTO series.queue_sample (connection, at, queue, waiting, delayed, active, failed, dead, depth_max, oldest_waiting_ms, consumers, added, done, broken, wait_buckets, wait_counts, run_buckets, run_counts)
    SELECT 'own', at, q.name, w.waiting, 1, 1, 0, 0, w.waiting + 2, CASE WHEN w.waiting = 0 THEN NULL ELSE w.waiting * 400 END, 1, w.waiting + 2, w.waiting + 2, 0,
      -- Some 20 ms to wait and 100 ms to run, with a slow tail.
      ARRAY[56, 66, 84], ARRAY[w.waiting + 1, 1, 1], ARRAY[73, 80, 95], ARRAY[w.waiting + 1, 1, 1]
    FROM (VALUES (${rollupJob.name}, 14), (${pruneJob.name}, 4)) AS q(name, size),
      generate_series(date_trunc('minute', now() - interval '1 day'), date_trunc('minute', now() - interval '1 minute'), interval '1 minute') at,
      LATERAL (SELECT greatest(0, round(q.size * (0.3 + sin(extract(epoch FROM at) / 5000) + 0.3 * random())))::int AS waiting) w
    ON CONFLICT DO NOTHING`;
}

async function addOperation(ctx: Context): Promise<void> {
  const at = new Date(ctx.now().getTime() - 40 * 60_000);
  await ctx.db.queueOperation.create({
    data: {
      id: newId("qop", at), connectionId: "own", queue: rollupJob.name, operation: "redrive", jobState: "dead", filter: "error:ECONNREFUSED", mostRedrives: 3, reason: "The database is back",
      status: "done", total: 214, reached: 214, done: 211, refused: 2, already: 1, isExhausted: true, rate: 3_400, startedBy: "Maya Lindqvist", createdAt: at, startedAt: at, finishedAt: new Date(at.getTime() + 900), updatedAt: at,
    },
  });
}

async function putAside(ctx: Context): Promise<void> {
  await ctx.db.$executeRaw`
    INSERT INTO queue_quarantine (job_id, queue, deaths, at)
    SELECT id, name, 3, completed_on FROM pgboss.job WHERE name = ${pruneJob.name} AND state = 'failed' AND singleton_key LIKE '~demo%' ORDER BY completed_on LIMIT 1
    ON CONFLICT DO NOTHING`;
}

/** False when demo data is there already. */
export async function seedQueues(ctx: Context): Promise<boolean> {
  const known = await ctx.db.$queryRaw<unknown[]>`SELECT 1 FROM pgboss.job WHERE singleton_key LIKE '~demo%' LIMIT 1`;
  if (known.length > 0) return false;
  await enqueue(ctx, rollupJob, {}, { key: "demo" });
  await enqueue(ctx, pruneJob, {}, { key: "demo" });
  for (const failure of FAILURES) await addFailures(ctx, failure);
  // Writing a failed job notes its last attempt as of now; the demo tells all three in their time.
  await ctx.db.$executeRaw`DELETE FROM series.queue_attempt a USING pgboss.job j WHERE j.id = a.job_id AND j.singleton_key LIKE '~demo%' AND a.worker IS NULL`;
  await putAside(ctx);
  await addSamples(ctx);
  await addOperation(ctx);
  return true;
}
