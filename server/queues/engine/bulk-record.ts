/** How an operation on many jobs remembers: one row a job, counts on the operation, a step number as the fence. */
import type { QueueOperation } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { announce } from "../../platform/live/announce.ts";
import type { Outcome, Tally } from "../schema/index.ts";

/** What a step reached, and where the next one goes on. */
export type Reach = { cursor: string | null; isExhausted: boolean };

/** Somebody else carries out the operation: what this worker was about to write does not count. */
export class Overtaken extends Error {
  constructor() {
    super("Another worker carries out this operation.");
    this.name = "Overtaken";
  }
}

/** Takes the next step number; with it the row is locked until the transaction ends. Null when it is not to go on. */
export async function takeTurn(tx: Context, operation: QueueOperation): Promise<QueueOperation | null> {
  const { id, step } = operation;
  const { count } = await tx.db.queueOperation.updateMany({ where: { id, step, status: { in: ["waiting", "running"] } }, data: { step: step + 1, status: "running", updatedAt: tx.now() } });
  if (count === 0) return null;
  if (operation.startedAt === null) await tx.db.queueOperation.update({ where: { id }, data: { startedAt: tx.now() } });
  return { ...operation, step: step + 1 };
}

/** Those of `ids` that the operation has not reached before. */
export async function freshOf(tx: Context, operation: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT job_id AS id FROM series.queue_operation_item WHERE operation_id = ${operation} AND job_id = ANY(${[...ids]}::text[])`;
  const known = new Set(rows.map((row) => row.id));
  return [...new Set(ids)].filter((id) => !known.has(id));
}

/** Notes which jobs are about to be acted on. */
export async function noteIntent(tx: Context, operation: string, ids: readonly string[]): Promise<void> {
  await tx.db.$executeRaw`INSERT INTO series.queue_operation_item (operation_id, job_id) SELECT ${operation}, unnest(${[...ids]}::text[])`;
}

/** Writes one outcome a job. */
export async function noteOutcomes(tx: Context, operation: string, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const [ids, results, reasons] = [outcomes.map(({ id }) => id), outcomes.map(({ result }) => result), outcomes.map(({ reason }) => reason)];
  await tx.db.$executeRaw`
    INSERT INTO series.queue_operation_item (operation_id, job_id, result, reason)
    SELECT ${operation}, o.id, o.result, o.reason FROM unnest(${ids}::text[], ${results}::text[], ${reasons}::text[]) AS o(id, result, reason)
    ON CONFLICT DO NOTHING`;
}

/** Writes outcomes over the intents that were noted. Most are alike, so each kind is one statement. */
export async function settleIntents(tx: Context, operation: string, outcomes: readonly Outcome[]): Promise<void> {
  for (const alike of Map.groupBy(outcomes, ({ result, reason }) => `${result} ${reason}`).values()) {
    const [{ result, reason }] = alike as [Outcome];
    const ids = alike.map(({ id }) => id);
    await tx.db.$executeRaw`
      UPDATE series.queue_operation_item SET result = ${result}, reason = ${reason}
      WHERE operation_id = ${operation} AND job_id = ANY(${ids}::text[]) AND result IS NULL`;
  }
}

/** Jobs by outcome. */
export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const tally: Tally = { done: 0, already: 0, missing: 0, refused: 0 };
  for (const { result } of outcomes) tally[result] += 1;
  return tally;
}

/** Adds to the operation's counts and ends it when nothing is left. Throws `Overtaken` when the step is not ours any more. */
export async function advance(tx: Context, operation: QueueOperation, made: { tally: Tally; reach: Reach; rate: number | null }): Promise<void> {
  const { tally, reach, rate } = made;
  const [done, already, missing, refused] = [tally.done, tally.already, tally.missing, tally.refused];
  const now = tx.now();
  const { count } = await tx.db.queueOperation.updateMany({
    where: { id: operation.id, step: operation.step },
    data: {
      ...reach, rate, pendingSince: null, trouble: null, failures: 0, updatedAt: now,
      reached: { increment: done + already + missing + refused },
      done: { increment: done }, already: { increment: already }, missing: { increment: missing }, refused: { increment: refused },
    },
  });
  if (count === 0) throw new Overtaken();
  if (reach.isExhausted) await finish(tx, operation.id, { status: "done", trouble: null });
  await announce(tx, { topic: "queues", id: operation.id });
}

/** Ends the operation and says so in the audit trail. One that a person ended meanwhile stays as that person left it. */
export async function finish(tx: Context, id: string, end: { status: "done" | "failed"; trouble: string | null }): Promise<void> {
  const { count } = await tx.db.queueOperation.updateMany({ where: { id, status: { in: ["waiting", "running"] } }, data: { ...end, finishedAt: tx.now(), updatedAt: tx.now() } });
  if (count === 0) return;
  const { queue, operation, reached, done, already, missing, refused } = await tx.db.queueOperation.findUniqueOrThrow({ where: { id } });
  const summary = end.status === "done" ? `Ended: ${operation} of ${done} jobs of ${queue}` : `Gave up: ${operation} of jobs of ${queue}`;
  await audit(tx, { action: "queues.endOperation", target: { kind: "operation", id }, summary, after: { ...end, reached, done, already, missing, refused } });
}
