/**
 * One step of an operation on many jobs. Inside the database, finding, acting and recording are one transaction. A system
 * elsewhere cannot take part in it, so the jobs are noted first, acted on, and their outcomes recorded; after a crash in
 * between, each noted job is looked at: one that has left its state, or came back into it later, was acted on.
 */
import * as z from "zod";
import type { QueueOperation } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import type { FoundIds, JobBatch } from "../adapters/adapter.ts";
import { parseJobFilter } from "../job-filter.ts";
import { actOnBatch } from "../mutations/act.ts";
import type { OpenedSystem } from "../queries/index.ts";
import { JobOperation, JobState, type Outcome } from "../schema/index.ts";
import { advance, freshOf, noteIntent, noteOutcomes, settleIntents, takeTurn, tallyOf, type Reach } from "./bulk-record.ts";

export type Step = { operation: QueueOperation; opened: OpenedSystem; size: number; rate: number | null };
/** `isOver`: nothing more is to be done by this worker. */
export type Stepped = { count: number; isOver: boolean };

const OVER: Stepped = { count: 0, isOver: true };

const batchOf = ({ queue, operation, priority, mostRedrives }: QueueOperation, ids: readonly string[]): JobBatch => ({
  queue,
  operation: JobOperation.parse(operation),
  ids,
  priority: priority ?? undefined,
  mostRedrives,
});

/** The next jobs: of those picked, or of those that match. */
async function find(ctx: Context, { operation, opened, size }: Step): Promise<FoundIds> {
  const { ids, cursor, queue, filter, jobState, createdAt } = operation;
  if (ids !== null) {
    const picked = z.array(z.string()).parse(ids);
    const from = Number(cursor ?? 0);
    const next = from + size;
    return { ids: picked.slice(from, next), nextCursor: next < picked.length ? String(next) : null, looked: 0 };
  }
  return opened.system.findIds(ctx, { queue, state: JobState.parse(jobState), filter: parseJobFilter(filter), cursor: cursor ?? undefined, limit: size, until: createdAt });
}

const reachOf = ({ nextCursor }: Pick<FoundIds, "nextCursor">): Reach => ({ cursor: nextCursor, isExhausted: nextCursor === null });

/** All failed jobs that match are to run again: the system does it in one statement. */
const isSweep = ({ operation }: Step) => operation.operation === "retry" && operation.jobState === "failed" && operation.ids === null;

async function stepSweeping(ctx: Context, step: Step, sweep: NonNullable<OpenedSystem["system"]["sweepFailed"]>): Promise<Stepped> {
  return inTransaction(ctx, async (tx) => {
    const operation = await takeTurn(tx, step.operation);
    if (!operation) return OVER;
    const { id, queue, filter, cursor, createdAt } = operation;
    const swept = await sweep(tx, { operation: id, queue, filter: parseJobFilter(filter), cursor: cursor ?? undefined, until: createdAt, limit: step.size });
    await advance(tx, operation, { tally: swept.counts, reach: reachOf(swept), rate: step.rate });
    return { count: swept.counts.done + swept.counts.refused, isOver: swept.nextCursor === null };
  });
}

async function stepInside(ctx: Context, step: Step): Promise<Stepped> {
  return inTransaction(ctx, async (tx) => {
    const operation = await takeTurn(tx, step.operation);
    if (!operation) return OVER;
    const found = await find(tx, { ...step, operation });
    const fresh = await freshOf(tx, operation.id, found.ids);
    const outcomes = fresh.length > 0 ? await actOnBatch(tx, step.opened, batchOf(operation, fresh)) : [];
    await noteOutcomes(tx, operation.id, outcomes);
    await advance(tx, operation, { tally: tallyOf(outcomes), reach: reachOf(found), rate: step.rate });
    return { count: outcomes.length, isOver: found.nextCursor === null };
  });
}

async function record(ctx: Context, operation: QueueOperation, made: { outcomes: Outcome[]; reach: Reach; rate: number | null }): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await settleIntents(tx, operation.id, made.outcomes);
    await advance(tx, operation, { ...made, tally: tallyOf(made.outcomes) });
  });
}

async function stepOutside(ctx: Context, step: Step): Promise<Stepped> {
  const { opened, rate } = step;
  const found = await find(ctx, step);
  const reach = reachOf(found);
  const taken = await inTransaction(ctx, async (tx) => {
    const operation = await takeTurn(tx, step.operation);
    if (!operation) return null;
    const fresh = await freshOf(tx, operation.id, found.ids);
    await noteIntent(tx, operation.id, fresh);
    await tx.db.queueOperation.update({ where: { id: operation.id }, data: { ...reach, pendingSince: tx.now() } });
    return { operation, fresh };
  });
  if (!taken) return OVER;
  const outcomes = taken.fresh.length > 0 ? await actOnBatch(ctx, opened, batchOf(taken.operation, taken.fresh)) : [];
  await record(ctx, taken.operation, { outcomes, reach, rate });
  return { count: outcomes.length, isOver: reach.isExhausted };
}

const BEFORE = "Done before the worker was interrupted.";
/** Jobs looked at together after an interruption. */
const LOOK_AT_ONCE = 20;

/** True when the job is as it was before the interrupted step: in its state, and since before that step. */
async function isUntouched(ctx: Context, { operation, opened }: Step, id: string): Promise<boolean> {
  const job = await opened.system.getJob(ctx, { queue: operation.queue, id });
  if (!job || job.state !== operation.jobState) return false;
  return operation.pendingSince === null || job.finishedAt === null || job.finishedAt < operation.pendingSince;
}

/** Settles what an interrupted step left open. */
async function settle(ctx: Context, step: Step): Promise<Stepped> {
  const { opened, rate } = step;
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`SELECT job_id AS id FROM series.queue_operation_item WHERE operation_id = ${step.operation.id} AND result IS NULL`;
  const open = rows.map((row) => row.id);
  const operation = await inTransaction(ctx, (tx) => takeTurn(tx, step.operation));
  if (!operation) return OVER;
  const untouched = new Set<string>();
  for (let from = 0; from < open.length; from += LOOK_AT_ONCE) {
    const some = open.slice(from, from + LOOK_AT_ONCE);
    const answers = await Promise.all(some.map((id) => isUntouched(ctx, { ...step, operation }, id)));
    for (const [at, id] of some.entries()) if (answers[at]) untouched.add(id);
  }
  const acted = untouched.size > 0 ? await actOnBatch(ctx, opened, batchOf(operation, [...untouched])) : [];
  const before = open.filter((id) => !untouched.has(id)).map((id): Outcome => ({ id, result: "done", reason: BEFORE }));
  const { cursor, isExhausted } = operation;
  await record(ctx, operation, { outcomes: [...acted, ...before], reach: { cursor, isExhausted }, rate });
  return { count: open.length, isOver: isExhausted };
}

/** Does the next step. A second worker that tries the same finds that it was overtaken. */
export function takeStep(ctx: Context, step: Step): Promise<Stepped> {
  const { system } = step.opened;
  if (system.sweepFailed && isSweep(step)) return stepSweeping(ctx, step, system.sweepFailed);
  if (system.isTransactional) return stepInside(ctx, step);
  return step.operation.pendingSince === null ? stepOutside(ctx, step) : settle(ctx, step);
}
