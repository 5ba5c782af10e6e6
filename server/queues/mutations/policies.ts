/** What a person decides about a queue and what then holds for everybody. */
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { systemOf } from "../queries/index.ts";
import { getPolicy } from "../queries/policies.ts";
import { OWN_CONNECTION, type Policy, type QueueRef, type SetConcurrency, type SetNeverRetry } from "../schema/index.ts";

type Change = { of: QueueRef; data: { neverRetry?: string | null; concurrency?: number | null }; summary: string };

async function change(ctx: Context, { of, data, summary }: Change): Promise<Policy> {
  const { connection, queue } = of;
  const { system } = await systemOf(ctx, connection);
  const [known] = await system.readQueues(ctx, { since: ctx.now(), only: queue });
  if (!known) throw new AppError("not_found", `There is no queue ${queue}.`);
  return inTransaction(ctx, async (tx) => {
    const before = await getPolicy(tx, of);
    const marks = { updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) };
    await tx.db.queuePolicy.upsert({
      where: { connectionId_queue: { connectionId: connection, queue } },
      create: { connectionId: connection, queue, ...data, ...marks },
      update: { ...data, ...marks },
    });
    await audit(tx, { action: "queues.setPolicy", target: { kind: "queue", id: `${connection}/${queue}` }, summary, before, after: data });
    await announce(tx, { topic: "queues", id: `${connection}/${queue}` });
    return getPolicy(tx, of);
  });
}

/** Forbids retries of this queue's jobs, with the reason that everybody who tries will read; null allows them again. */
export async function setNeverRetry(ctx: Context, { reason, ...of }: SetNeverRetry): Promise<Policy> {
  return change(ctx, { of, data: { neverRetry: reason }, summary: reason === null ? `Allowed retries of ${of.queue}` : `Forbade retries of ${of.queue}: ${reason}` });
}

/** How many jobs of this own kind one worker runs at once; null leaves the declared figure in force. */
export async function setConcurrency(ctx: Context, { concurrency, ...of }: SetConcurrency): Promise<Policy> {
  if (of.connection !== OWN_CONNECTION) throw new AppError("precondition", "The workers of other systems decide themselves how many jobs they run.");
  return change(ctx, { of, data: { concurrency }, summary: concurrency === null ? `Left the places of ${of.queue} to the code` : `Gave ${of.queue} ${concurrency} places a worker` });
}
