/** What people do to a queue as a whole. */
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import type { QueueSystem } from "../adapters/adapter.ts";
import { systemOf } from "../queries/index.ts";
import type { ActOnQueue, Changed, Done, Drained, EnqueueTest, QueueOperation, RunSchedule, SetRateCap } from "../schema/index.ts";
import { assertAllowed } from "./act.ts";

type Deed<Result> = {
  of: ActOnQueue;
  operation: QueueOperation;
  run: (ctx: Context, system: QueueSystem) => Promise<Result>;
  /** One sentence for the audit trail; null when nothing happened. */
  tell: (result: Result) => string | null;
};

/** Acts inside the transaction where the system takes part in it, before it elsewhere; then records it. */
async function actOnQueue<Result>(ctx: Context, { of, operation, run, tell }: Deed<Result>): Promise<Result> {
  const { connection, queue, reason } = of;
  const opened = await systemOf(ctx, connection);
  await assertAllowed(ctx, opened, { queue, operation });
  const { system } = opened;
  const early = system.isTransactional ? null : { result: await run(ctx, system) };
  return inTransaction(ctx, async (tx) => {
    const result = early ? early.result : await run(tx, system);
    const summary = tell(result);
    if (summary === null) return result;
    await audit(tx, { action: `queues.${operation}`, target: { kind: "queue", id: `${connection}/${queue}` }, summary, after: { result, reason } });
    await announce(tx, { topic: "queues", id: `${connection}/${queue}` });
    return result;
  });
}

/** Lets no worker take jobs of the queue; what runs goes on. */
export async function pauseQueue(ctx: Context, input: ActOnQueue): Promise<Changed> {
  const isChanged = await actOnQueue(ctx, {
    of: input,
    operation: "pause",
    run: (world, system) => system.setPaused(world, input.queue, true),
    tell: (changed) => (changed ? `Paused ${input.queue}` : null),
  });
  return { isChanged };
}

export async function resumeQueue(ctx: Context, input: ActOnQueue): Promise<Changed> {
  const isChanged = await actOnQueue(ctx, {
    of: input,
    operation: "resume",
    run: (world, system) => system.setPaused(world, input.queue, false),
    tell: (changed) => (changed ? `Resumed ${input.queue}` : null),
  });
  return { isChanged };
}

/** Caps how many jobs of the queue begin in a second, or lifts the cap. */
export async function setRateCap(ctx: Context, input: SetRateCap): Promise<Changed> {
  const { queue, perSecond } = input;
  const isChanged = await actOnQueue(ctx, {
    of: input,
    operation: "setRateCap",
    run: (world, system) => system.setRateCap(world, queue, perSecond),
    tell: (changed) => (!changed ? null : perSecond === null ? `Lifted the rate cap of ${queue}` : `Capped ${queue} at ${perSecond} ${perSecond === 1 ? "job" : "jobs"} a second`),
  });
  return { isChanged };
}

/** Deletes what waits and is delayed. */
export async function drainQueue(ctx: Context, input: ActOnQueue): Promise<Drained> {
  const count = await actOnQueue(ctx, {
    of: input,
    operation: "drain",
    run: (world, system) => system.drain(world, input.queue),
    tell: (gone) => `Drained ${input.queue}: ${gone} deleted`,
  });
  return { count };
}

/** Adds the job that a schedule of the queue would add. Throws `not_found`. */
export async function runScheduleNow(ctx: Context, input: RunSchedule): Promise<Done> {
  const id = await actOnQueue(ctx, {
    of: input,
    operation: "runSchedule",
    run: (world, system) => system.runSchedule(world, input.queue, input.key),
    tell: () => `Ran a schedule of ${input.queue}${input.key ? ` (${input.key})` : ""} now`,
  });
  return { id };
}

/** Adds a job with this data. */
export async function enqueueTest(ctx: Context, input: EnqueueTest): Promise<Done> {
  const id = await actOnQueue(ctx, {
    of: input,
    operation: "enqueueTest",
    run: (world, system) => system.enqueueTest(world, input.queue, input.data),
    tell: () => `Added a test job to ${input.queue}`,
  });
  if (!id) throw new AppError("conflict", "The queue took no job.");
  return { id };
}
