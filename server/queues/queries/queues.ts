import type { Context } from "../../platform/context.ts";
import { HOUR_MS, MINUTE_MS } from "../../platform/clock.ts";
import { AppError } from "../../platform/errors.ts";
import type { QueueReading } from "../adapters/adapter.ts";
import { OWN_CONNECTION, type GetQueue, type GetSummary, type Metrics, type QueueDetail, type QueueList, type Summary } from "../schema/index.ts";
import { addCounts, depthOf, isStalled, NO_COUNTS, stackDepths, type QueueFigures } from "../states.ts";
import { emptySparkline, readDepths, readQueueSeries, readSparklines } from "./samples.ts";
import { systemOf } from "./systems.ts";

/** A reading with what ended in the last hour, as the lists show it. */
function toFigures(reading: QueueReading): QueueFigures {
  const { flow, ...rest } = reading;
  return { ...rest, connection: OWN_CONNECTION, depth: depthOf(reading.counts), failedLastHour: flow.failed, completedLastHour: flow.completed };
}

/** Every queue of the console, ordered by name. */
export async function readOwnQueues(ctx: Context, only?: string): Promise<QueueFigures[]> {
  const { system } = await systemOf(ctx, OWN_CONNECTION);
  const readings = await system.readQueues(ctx, { since: new Date(ctx.now().getTime() - HOUR_MS), only });
  return readings.map(toFigures);
}

/** Every queue, most urgent first: longest waiting, then deepest, then by name. There are few, so there is one page. */
export async function listQueues(ctx: Context): Promise<QueueList> {
  const [queues, lines] = await Promise.all([readOwnQueues(ctx), readSparklines(ctx)]);
  const items = queues
    .map((queue) => ({ ...queue, sparkline: lines.get(queue.name) ?? emptySparkline() }))
    .sort((a, b) => (b.oldestWaitingMs ?? -1) - (a.oldestWaitingMs ?? -1) || b.depth - a.depth || a.name.localeCompare(b.name));
  return { items, nextCursor: null };
}

/** How all queues stand together, with the depth of each over a range. */
export async function getSummary(ctx: Context, input: GetSummary): Promise<Summary> {
  const since = new Date(ctx.now().getTime() - MINUTE_MS);
  const [queues, rows, workers] = await Promise.all([
    readOwnQueues(ctx),
    readDepths(ctx, input.range),
    ctx.db.processInstance.count({ where: { role: "worker", lastSeenAt: { gte: since } } }),
  ]);
  const totals = queues.map((queue) => queue.counts).reduce(addCounts, NO_COUNTS);
  const oldest = topBy(queues, (queue) => queue.oldestWaitingMs ?? -1);
  const worst = topBy(queues, (queue) => queue.failedLastHour);
  const oldestWaitingMs = oldest?.oldestWaitingMs ?? null;
  return {
    totals,
    depth: depthOf(totals),
    oldestWaitingMs,
    oldestQueue: oldestWaitingMs === null ? null : (oldest?.name ?? null),
    failedLastHour: sum(queues, (queue) => queue.failedLastHour),
    completedLastHour: sum(queues, (queue) => queue.completedLastHour),
    worstQueue: worst && worst.failedLastHour > 0 ? worst.name : null,
    workers,
    isStalled: isStalled({ oldestWaitingMs, active: totals.active, workers }),
    ...stackDepths(rows),
  };
}

/** The five states counted over all queues. */
export async function getMetrics(ctx: Context): Promise<Metrics> {
  const totals = (await readOwnQueues(ctx)).map((queue) => queue.counts).reduce(addCounts, NO_COUNTS);
  const { waiting, active, completed, failed, delayed } = totals;
  return { waiting, active, completed, failed, delayed };
}

/** One queue with its inside and its last day, or another range. Throws `not_found`. */
export async function getQueue(ctx: Context, input: GetQueue): Promise<QueueDetail> {
  const { kind, system } = await systemOf(ctx, input.connection);
  const [[queue], lines, series] = await Promise.all([readOwnQueues(ctx, input.queue), readSparklines(ctx), readQueueSeries(ctx, input.queue, input.range)]);
  if (!queue) throw new AppError("not_found", `There is no queue ${input.queue}.`);
  const inside = await system.readInside(ctx, input.queue);
  return { ...queue, ...inside, kind, can: system.can, sparkline: lines.get(queue.name) ?? emptySparkline(), series };
}

const sum = <T>(items: T[], valueOf: (item: T) => number): number => items.reduce((total, item) => total + valueOf(item), 0);

function topBy(queues: QueueFigures[], valueOf: (queue: QueueFigures) => number): QueueFigures | undefined {
  return queues.toSorted((a, b) => valueOf(b) - valueOf(a))[0];
}
