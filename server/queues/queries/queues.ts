import type { Context } from "../../platform/context.ts";
import { MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import { AppError } from "../../platform/errors.ts";
import { EXPIRY_GRACE_SECONDS } from "../../platform/queue/policy.ts";
import { OWN_CONNECTION, type GetQueue, type GetSummary, type Metrics, type QueueDetail, type QueueList, type Summary } from "../schema.ts";
import { addCounts, depthOf, isStalled, NO_COUNTS, stackDepths, type QueueCounts } from "../states.ts";
import { countQueues } from "./counts.ts";
import { emptySparkline, readDepths, readQueueSeries, readSparklines } from "./samples.ts";

/** Every queue, most urgent first: longest waiting, then deepest, then by name. There are few, so there is one page. */
export async function listQueues(ctx: Context): Promise<QueueList> {
  const [queues, lines] = await Promise.all([countQueues(ctx), readSparklines(ctx)]);
  const items = queues
    .map((queue) => ({ ...queue, connection: OWN_CONNECTION, sparkline: lines.get(queue.name) ?? emptySparkline() }))
    .sort((a, b) => (b.oldestWaitingMs ?? -1) - (a.oldestWaitingMs ?? -1) || b.depth - a.depth || a.name.localeCompare(b.name));
  return { items, nextCursor: null };
}

/** How all queues stand together, with the depth of each over a range. */
export async function getSummary(ctx: Context, input: GetSummary): Promise<Summary> {
  const since = new Date(ctx.now().getTime() - MINUTE_MS);
  const [queues, rows, workers] = await Promise.all([
    countQueues(ctx),
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
  const totals = (await countQueues(ctx)).map((queue) => queue.counts).reduce(addCounts, NO_COUNTS);
  const { waiting, active, completed, failed, delayed } = totals;
  return { waiting, active, completed, failed, delayed };
}

type SettingsRow = { retries: number; expireSeconds: number; cron: string | null };

/** One queue with its settings and its last day, or another range. Throws `not_found`. */
export async function getQueue(ctx: Context, input: GetQueue): Promise<QueueDetail> {
  const [[queue], lines, series, [settings]] = await Promise.all([
    countQueues(ctx, input.queue),
    readSparklines(ctx),
    readQueueSeries(ctx, input.queue, input.range),
    ctx.db.$queryRaw<SettingsRow[]>`
      SELECT q.retry_limit AS retries, q.expire_seconds AS "expireSeconds", s.cron
      FROM pgboss.queue q LEFT JOIN pgboss.schedule s ON s.name = q.name WHERE q.name = ${input.queue} LIMIT 1`,
  ]);
  if (!queue || !settings) throw new AppError("not_found", `There is no queue ${input.queue}.`);
  const timeoutMs = (settings.expireSeconds - EXPIRY_GRACE_SECONDS) * SECOND_MS;
  return {
    ...queue,
    connection: OWN_CONNECTION,
    sparkline: lines.get(queue.name) ?? emptySparkline(),
    settings: { retries: settings.retries, timeoutMs, cron: settings.cron },
    series,
  };
}

const sum = <T>(items: T[], valueOf: (item: T) => number): number => items.reduce((total, item) => total + valueOf(item), 0);

function topBy(queues: QueueCounts[], valueOf: (queue: QueueCounts) => number): QueueCounts | undefined {
  return queues.toSorted((a, b) => valueOf(b) - valueOf(a))[0];
}
