import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { DEFAULT_THRESHOLDS, type Done, type SetThresholds, type Thresholds } from "../schema/index.ts";

const stale = () => new AppError("conflict", "Somebody else changed these thresholds meanwhile. Nothing was saved; reload and try again.");

function refuseCrossed(thresholds: Thresholds): void {
  for (const [rule, { warn, critical }] of Object.entries(thresholds)) {
    if (warn !== null && critical !== null && warn > critical) {
      throw new AppError("invalid", "A warning must come before it is critical.", { detail: { fields: { [`thresholds.${rule}.warn`]: "Must not be above critical" } } });
    }
  }
}

async function write(ctx: Context, { connection, queue, revision, thresholds }: SetThresholds): Promise<void> {
  const key = { connectionId: connection, queue };
  if (thresholds === null) {
    const { count } = await ctx.db.queueThreshold.deleteMany({ where: { ...key, revision } });
    if (count === 0) throw stale();
    return;
  }
  const facts = { rules: thresholds, updatedAt: ctx.now(), updatedBy: actorLabel(ctx.actor) };
  const { count } = revision === 0
    ? await ctx.db.queueThreshold.createMany({ data: [{ ...key, ...facts }], skipDuplicates: true })
    : await ctx.db.queueThreshold.updateMany({ where: { ...key, revision }, data: { ...facts, revision: { increment: 1 } } });
  if (count === 0) throw stale();
}

/** Sets a queue's thresholds, or goes back to the defaults; it is judged by them at its next reading, within seconds. */
export async function setThresholds(ctx: Context, input: SetThresholds): Promise<Done> {
  const { connection, queue, thresholds } = input;
  if (thresholds) refuseCrossed(thresholds);
  return inTransaction(ctx, async (tx) => {
    const known = await tx.db.queueConnection.count({ where: { id: connection } });
    if (known === 0) throw new AppError("not_found", `There is no queue connection ${connection}.`);
    const before = await tx.db.queueThreshold.findUnique({ where: { connectionId_queue: { connectionId: connection, queue } }, select: { rules: true } });
    await write(tx, input);
    await tx.db.queueConnection.updateMany({ where: { id: connection }, data: { nextReadAt: tx.now() } });
    await audit(tx, { action: "queues.setThresholds", target: { kind: "queue", id: `${connection}/${queue}` }, summary: `Changed the thresholds of ${queue}`, before: before?.rules ?? DEFAULT_THRESHOLDS, after: thresholds ?? DEFAULT_THRESHOLDS });
    await announce(tx, { topic: "queues", id: `${connection}/${queue}` });
    return { id: queue };
  });
}
