/** Operations on many jobs: started, held, resumed and cancelled by people; carried out by a worker (engine/). */
import type { Prisma } from "../../platform/db.ts";
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import * as jobs from "../jobs.ts";
import { getBulk } from "../queries/bulks.ts";
import { systemOf } from "../queries/index.ts";
import { parseJobFilter } from "../job-filter.ts";
import { countTarget } from "../queries/preview.ts";
import type { Bulk, BulkStatus, ByBulk, StartBulk } from "../schema/index.ts";
import { assertAllowed } from "./act.ts";

/**
 * Puts the operation in a worker's hands. Each time under a key of its own, because a job that is about to let go of the
 * operation may still hold the former one; two jobs do no harm, the step number is the fence.
 */
export async function handOver(ctx: Context, id: string): Promise<void> {
  await enqueue(ctx, jobs.bulk, { id }, { key: `${id}:${ctx.now().getTime()}` });
}

const DOING = { retry: "Retry", promote: "Start early", discard: "Discard", moveToDead: "Move to the dead letters", changePriority: "Change the priority of", redrive: "Send back" } as const;

function sentenceOf(input: StartBulk, total: number | null): string {
  const what = input.ids ? `${input.ids.length} picked jobs` : `${total ?? "all"} ${input.state} jobs${input.filter ? ` that match ${input.filter}` : ""}`;
  return `Began: ${DOING[input.operation]} ${what} of ${input.queue}${input.reason ? ` (${input.reason})` : ""}`;
}

/** Starts an operation. Throws `precondition` where it cannot or must not be done, `invalid` without a priority to set. */
export async function startBulk(ctx: Context, input: StartBulk): Promise<Bulk> {
  const { connection, queue, operation, filter, ids, priority, perSecond, mostRedrives, reason } = input;
  if (operation === "changePriority" && priority === undefined) throw new AppError("invalid", "Say which priority they should get.");
  const opened = await systemOf(ctx, connection);
  await assertAllowed(ctx, opened, { queue, operation });
  const { count, isExact } = await countTarget(ctx, opened, input);
  if (count === 0) throw new AppError("precondition", "No job matches any more, so nothing was started.");
  const total = isExact ? count : null;
  const state = parseJobFilter(filter).state ?? input.state;
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const id = newId("qop", now);
    await tx.db.queueOperation.create({
      data: {
        id, connectionId: connection, queue, operation, jobState: state, filter, ids: ids as Prisma.InputJsonValue | undefined, priority, mostRedrives, perSecond, reason,
        status: "waiting", total, startedBy: actorLabel(tx.actor), createdAt: now, updatedAt: now,
      },
    });
    await handOver(tx, id);
    await audit(tx, { action: "queues.startOperation", target: { kind: "operation", id }, summary: sentenceOf(input, total), after: { ...input, total } });
    await announce(tx, { topic: "queues", id });
    return getBulk(tx, { id });
  });
}

type Turn = { from: BulkStatus[]; to: BulkStatus; action: "queues.pauseOperation" | "queues.resumeOperation" | "queues.cancelOperation"; summary: string; refusal: string };

async function turn(ctx: Context, { id }: ByBulk, { from, to, action, summary, refusal }: Turn): Promise<Bulk> {
  return inTransaction(ctx, async (tx) => {
    const before = await getBulk(tx, { id });
    const now = tx.now();
    const over = { finishedAt: to === "cancelled" ? now : null };
    const { count } = await tx.db.queueOperation.updateMany({ where: { id, status: { in: from } }, data: { status: to, updatedAt: now, trouble: null, failures: 0, ...over } });
    if (count === 0) throw new AppError("conflict", refusal);
    if (to === "waiting") await handOver(tx, id);
    const after = await getBulk(tx, { id });
    const { status, reached, done } = after;
    await audit(tx, { action, target: { kind: "operation", id }, summary: `${summary} an operation on ${after.queue}`, before: { status: before.status }, after: { status, reached, done } });
    await announce(tx, { topic: "queues", id });
    return after;
  });
}

/** Holds it after the step it is at. */
export const pauseBulk = (ctx: Context, input: ByBulk): Promise<Bulk> =>
  turn(ctx, input, { from: ["waiting", "running"], to: "paused", action: "queues.pauseOperation", summary: "Paused", refusal: "Only an operation that goes on can be paused." });

/** Lets it go on where it stopped; also one that gave up. */
export const resumeBulk = (ctx: Context, input: ByBulk): Promise<Bulk> =>
  turn(ctx, input, { from: ["paused", "failed"], to: "waiting", action: "queues.resumeOperation", summary: "Resumed", refusal: "Only an operation that is paused or gave up can be resumed." });

/** Ends it after the step it is at. What was done stays done. */
export const cancelBulk = (ctx: Context, input: ByBulk): Promise<Bulk> =>
  turn(ctx, input, { from: ["waiting", "running", "paused"], to: "cancelled", action: "queues.cancelOperation", summary: "Cancelled", refusal: "This operation is over already." });
