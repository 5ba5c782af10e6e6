import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { QueueReading } from "../adapters/adapter.ts";
import { noFilter } from "../job-filter.ts";
import type { LetterPile, LetterPiles } from "../schema/index.ts";
import { systemOf, type OpenedSystem } from "./systems.ts";

/** Queues whose newest letter is shown; the worst come first. */
const MOST_PILES = 200;

/** Letters of a queue; where the system keeps none, its failed jobs wait for the same decision. */
function pileOf({ system }: OpenedSystem, { counts }: QueueReading): Pick<LetterPile, "state" | "count"> {
  return system.can.redrive === true ? { state: "dead", count: counts.dead } : { state: "failed", count: counts.failed };
}

async function pilesOf(ctx: Context, opened: OpenedSystem): Promise<LetterPile[]> {
  const [readings, policies] = await Promise.all([
    opened.system.readQueues(ctx, { since: ctx.now() }),
    ctx.db.queuePolicy.findMany({ where: { connectionId: opened.id, neverRetry: { not: null } }, select: { queue: true, neverRetry: true } }),
  ]);
  const reasons = new Map(policies.map(({ queue, neverRetry }) => [queue, neverRetry]));
  const piles = readings
    .map((reading) => ({ queue: reading.name, ...pileOf(opened, reading) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_PILES);
  return Promise.all(
    piles.map(async ({ queue, state, count }): Promise<LetterPile> => {
      const { items } = await opened.system.listJobs(ctx, { queue, state, filter: noFilter(), cursor: undefined, limit: 1 });
      const newest = items[0] ? { ...items[0], connection: opened.id } : null;
      return { connection: opened.id, connectionName: opened.name, queue, state, count, newest, neverRetry: reasons.get(queue) ?? null };
    }),
  );
}

/** Dead letters over all connections, most first. A connection that does not answer is named, the others are shown. */
export async function listLetters(ctx: Context): Promise<LetterPiles> {
  const connections = await ctx.db.queueConnection.findMany({ select: { id: true, name: true }, orderBy: { name: "asc" } });
  const answers = await Promise.all(
    connections.map(async ({ id, name }) => {
      try {
        return { piles: await pilesOf(ctx, await systemOf(ctx, id)), problem: null };
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "unavailable") throw error;
        return { piles: [], problem: { connection: id, name, problem: error.message } };
      }
    }),
  );
  return {
    items: answers.flatMap((answer) => answer.piles).sort((a, b) => b.count - a.count || a.queue.localeCompare(b.queue)),
    unreachable: answers.flatMap((answer) => answer.problem ?? []),
  };
}
