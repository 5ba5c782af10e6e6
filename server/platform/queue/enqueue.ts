/**
 * Puts a job into its queue, on the caller's connection: inside `inTransaction` the job appears when the transaction
 * commits and never if it does not. The input is checked now, and again when the job runs.
 */
import { randomUUID } from "node:crypto";
import type * as z from "zod";
import { SECOND_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { senderBoss } from "./boss.ts";
import { countEnqueued } from "./counters.ts";
import type { JobDefinition, Priority } from "./define.ts";
import { DEAD_LETTER_OPTIONS, DEAD_LETTERS, queueOptions, toBossPriority, UNKEYED } from "./policy.ts";

export type EnqueueOptions = {
  /** Overrides the declaration's priority. */
  priority?: Priority;
  /** Earliest start, in milliseconds from now on the database's clock. */
  delayMs?: number;
  /** At most one job of this kind with this key waits or runs; a second one is not added. */
  key?: string;
};

type Arguments<Input extends z.ZodType> = [input: z.input<Input>, options?: EnqueueOptions];

/**
 * Adds one job. Returns its id, or null when a job with the same key already waits or runs. Throws `invalid` when the
 * input does not fit the declaration.
 */
export async function enqueue<Name extends string, Input extends z.ZodType>(
  ctx: Context,
  job: JobDefinition<Name, Input>,
  ...[input, options = {}]: Arguments<Input>
): Promise<string | null> {
  const parsed = job.input.safeParse(input);
  if (!parsed.success) throw new AppError("invalid", `The input of the job ${job.name} is wrong.`, { cause: parsed.error });
  const send = async () => {
    const [{ fromPrisma }, boss] = await Promise.all([import("pg-boss"), senderBoss()]);
    return boss.send(job.name, input as object, {
      db: fromPrisma(ctx.db),
      priority: toBossPriority(options.priority ?? job.priority ?? "normal"),
      // Queues admit one job a key, so a job without a key gets one of its own.
      singletonKey: options.key ?? `${UNKEYED}${randomUUID()}`,
      startAfter: (options.delayMs ?? 0) / SECOND_MS,
    });
  };
  const id = (await send()) ?? ((await addMissingQueue(ctx, job)) ? await send() : null);
  if (id) countEnqueued(job.name);
  return id;
}

/** Creates the job's queue when no worker has done so yet. False when it was there. */
async function addMissingQueue(ctx: Context, job: JobDefinition): Promise<boolean> {
  const known = await ctx.db.$queryRaw<unknown[]>`SELECT 1 FROM pgboss.queue WHERE name = ${job.name}`;
  if (known.length > 0) return false;
  await ctx.db.$executeRaw`SELECT pgboss.create_queue(${DEAD_LETTERS}, ${JSON.stringify(DEAD_LETTER_OPTIONS)}::jsonb)`;
  await ctx.db.$executeRaw`SELECT pgboss.create_queue(${job.name}, ${JSON.stringify(queueOptions(job))}::jsonb)`;
  return true;
}
