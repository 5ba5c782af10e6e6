/** Fills the own queue with what tests need: failed jobs with their dead letters, by the thousand. */
import type pg from "pg";
import { enqueue } from "../../platform/queue/enqueue.ts";
import type { Context } from "../../platform/context.ts";
import type { JobDefinition } from "../../platform/queue/define.ts";

/** Adds failed jobs with dead letters; `n` is in the data of each, from 0. */
export async function addFailures(pool: pg.Pool, queue: string, options: { count: number; error?: string; data?: object }): Promise<void> {
  await pool.query(
    `WITH made AS (
       INSERT INTO pgboss.job (name, data, state, singleton_key, policy, retry_limit, retry_count, expire_seconds, heartbeat_seconds, dead_letter, created_on, started_on, completed_on, output)
       SELECT $1, $4::jsonb || jsonb_build_object('n', n), 'failed', '~' || n || random(), 'exclusive', 2, 2, 300, 20, 'dead-letters',
         now() - interval '2 hours', now() - interval '1 hour', now() - interval '1 hour' + n * interval '1 millisecond', jsonb_build_object('message', $3::text)
       FROM generate_series(0, $2::int - 1) n RETURNING *)
     INSERT INTO pgboss.job (name, data, singleton_key, source_name, source_id, source_created_on, source_retry_count, source_output, source_root_id, created_on)
     SELECT 'dead-letters', data, singleton_key, name, id, created_on, retry_count, output, id, completed_on FROM made`,
    [queue, options.count, options.error ?? "mailbox full", JSON.stringify(options.data ?? {})],
  );
}

/** Makes the queue of a declared job exist, without a job in it. */
export async function addQueue(ctx: Context, job: JobDefinition, input: object): Promise<void> {
  await enqueue(ctx, job, input);
  await ctx.db.$executeRaw`DELETE FROM pgboss.job WHERE name = ${job.name}`;
}
