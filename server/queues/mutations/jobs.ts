import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { redrive } from "../../platform/queue/redrive.ts";
import { DEAD_LETTERS, KEEP_WAITING_SECONDS } from "../../platform/queue/policy.ts";
import type { ByJob, Done } from "../schema.ts";

/** A job that failed for good: its record in the queue (kept a day) and its dead letter (kept thirty); one may be gone. */
type Failure = { failedId: string | null; letterId: string | null };

/** Finds and locks both halves by the id of either. Throws `not_found`, or `conflict` when the job did not fail for good. */
async function lockFailure(ctx: Context, { queue, id }: ByJob): Promise<Failure> {
  const rows = await ctx.db.$queryRaw<{ id: string; name: string; state: string }[]>`
    SELECT j.id::text, j.name, j.state::text FROM pgboss.job j
    WHERE (j.name = ${queue} AND (j.id = ${id}::uuid OR j.id = (SELECT l.source_id FROM pgboss.job l WHERE l.name = ${DEAD_LETTERS} AND l.id = ${id}::uuid)))
       OR (j.name = ${DEAD_LETTERS} AND j.source_name = ${queue} AND (j.id = ${id}::uuid OR j.source_id = ${id}::uuid))
    FOR UPDATE`;
  if (rows.length === 0) throw new AppError("not_found", "There is no such job. It may have been retried, discarded or cleaned away.");
  const letterId = rows.find((row) => row.name === DEAD_LETTERS)?.id ?? null;
  const failedId = rows.find((row) => row.name === queue && row.state === "failed")?.id ?? null;
  if (!letterId && !failedId) throw new AppError("conflict", "This job has not failed for good, so it was left as it is.");
  return { failedId, letterId };
}

/** Puts the kept record back in line as a first attempt. False when a job with its key waits or runs already. */
async function reopen(ctx: Context, queue: string, id: string): Promise<boolean> {
  const reopened = await ctx.db.$executeRaw`
    UPDATE pgboss.job j
    SET state = 'created', retry_count = 0, retry_limit = q.retry_limit, started_on = NULL, completed_on = NULL, output = NULL,
        start_after = now(), keep_until = now() + ${KEEP_WAITING_SECONDS}::int * interval '1 second'
    FROM pgboss.queue q
    WHERE q.name = j.name AND j.name = ${queue} AND j.id = ${id}::uuid AND j.state = 'failed'
      AND NOT EXISTS (SELECT 1 FROM pgboss.job o WHERE o.name = j.name AND o.state <= 'active' AND o.singleton_key = j.singleton_key)`;
  return reopened === 1;
}

async function remove(ctx: Context, name: string, id: string | null): Promise<void> {
  if (id) await ctx.db.$executeRaw`DELETE FROM pgboss.job WHERE name = ${name} AND id = ${id}::uuid`;
}

/** Runs a failed job or dead letter again, from its first attempt. Throws `conflict` when a job with its key waits or runs. */
export async function retryJob(ctx: Context, input: ByJob): Promise<Done> {
  return inTransaction(ctx, async (tx) => {
    const { failedId, letterId } = await lockFailure(tx, input);
    const isBack = failedId ? await reopen(tx, input.queue, failedId) : await redrive(tx, letterId ?? "");
    if (!isBack) throw new AppError("conflict", "A job with the same key waits or runs already, so this one was kept as it is.");
    if (failedId) await remove(tx, DEAD_LETTERS, letterId);
    await audit(tx, { action: "queues.retry", target: { kind: "job", id: input.id }, summary: `Retried a job of ${input.queue}`, before: { failedId, letterId } });
    await announce(tx, { topic: "queues", id: input.queue });
    return { id: failedId ?? input.id };
  });
}

/** Deletes a failed job with its dead letter; nothing of it runs again. */
export async function discardJob(ctx: Context, input: ByJob): Promise<Done> {
  return inTransaction(ctx, async (tx) => {
    const { failedId, letterId } = await lockFailure(tx, input);
    await remove(tx, input.queue, failedId);
    await remove(tx, DEAD_LETTERS, letterId);
    await audit(tx, { action: "queues.discard", target: { kind: "job", id: input.id }, summary: `Discarded a job of ${input.queue}`, before: { failedId, letterId } });
    await announce(tx, { topic: "queues", id: input.queue });
    return { id: input.id };
  });
}
