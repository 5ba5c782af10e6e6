import type { Context } from "../../platform/context.ts";
import { HOUR_MS, MINUTE_MS } from "../../platform/clock.ts";
import { AppError } from "../../platform/errors.ts";
import type { QueueInside } from "../adapters/adapter.ts";
import { ADAPTERS } from "../adapters/adapters.ts";
import { plainMessage, within } from "../adapters/trail.ts";
import { ConnectionKind, DEFAULT_THRESHOLDS, type Abilities, type GetQueue, type GetSummary, type Metrics, type QueueDetail, type QueueList, type QueueRef, type Summary } from "../schema/index.ts";
import { explainSchedule } from "../schedules.ts";
import { addCounts, depthOf, isStalled, NO_COUNTS, spanOf, stackDepths } from "../states.ts";
import { freshen, readFigures, readStored, toRules, type Figures } from "./figures.ts";
import { emptySparkline, keyOf, readDepths, readQueueSeries, readSparklines, readTimes } from "./samples.ts";
import { systemOf } from "./systems.ts";

const LEVEL_ORDER = { critical: 0, warn: 1, ok: 2 } as const;

/** Every queue of every connection, problems first, then longest waiting, deepest, by name. There are few, so there is one page. */
export async function listQueues(ctx: Context): Promise<QueueList> {
  const [queues, lines] = await Promise.all([readFigures(ctx), readSparklines(ctx)]);
  const items = queues
    .map((queue) => ({ ...queue, sparkline: lines.get(keyOf(queue.connection, queue.name)) ?? emptySparkline() }))
    .sort((a, b) => LEVEL_ORDER[a.level] - LEVEL_ORDER[b.level] || (b.oldestWaitingMs ?? -1) - (a.oldestWaitingMs ?? -1) || b.depth - a.depth || a.name.localeCompare(b.name));
  return { items, nextCursor: null };
}

/** How all queues stand together, with the depth of each over a range. */
export async function getSummary(ctx: Context, input: GetSummary): Promise<Summary> {
  const since = new Date(ctx.now().getTime() - MINUTE_MS);
  const [queues, rows, workers, connections] = await Promise.all([
    readFigures(ctx),
    readDepths(ctx, spanOf(input, ctx.now())),
    ctx.db.processInstance.count({ where: { role: "worker", lastSeenAt: { gte: since } } }),
    ctx.db.queueConnection.findMany({ select: { id: true, name: true, state: true, stateSince: true, problem: true } }),
  ]);
  const totals = queues.map((queue) => queue.counts).reduce(addCounts, NO_COUNTS);
  const oldest = topBy(queues, (queue) => queue.oldestWaitingMs ?? -1);
  const worst = topBy(queues, (queue) => queue.failedLastHour);
  const own = queues.filter((queue) => queue.connection === "own");
  const oldestOwn = topBy(own, (queue) => queue.oldestWaitingMs ?? -1)?.oldestWaitingMs ?? null;
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
    isStalled: isStalled({ oldestWaitingMs: oldestOwn, active: sum(own, (queue) => queue.counts.active), workers }),
    warn: sum(queues, (queue) => (queue.level === "warn" ? 1 : 0)),
    critical: sum(queues, (queue) => (queue.level === "critical" ? 1 : 0)),
    connections: connections.length,
    down: connections.filter(({ state }) => state === "down").map(({ id, name, stateSince, problem }) => ({ id, name, since: stateSince, problem })),
    ...stackDepths(rows, new Map(connections.map(({ id, name }) => [id, name]))),
  };
}

/** The five states counted over all queues. */
export async function getMetrics(ctx: Context): Promise<Metrics> {
  const totals = (await readFigures(ctx)).map((queue) => queue.counts).reduce(addCounts, NO_COUNTS);
  const { waiting, active, completed, failed, delayed } = totals;
  return { waiting, active, completed, failed, delayed };
}

/** A page waits this long for a system before it shows what was last known. */
const ASK_MS = 3_000;
/** Counting more jobs than this here and now costs too much; the last sample is a few seconds old. */
const MOST_COUNTED = 100_000;

type Live = { figures: Figures | null; inside: QueueInside; can: Abilities; problem: string | null };

/** Asks the system itself. What it cannot tell now is left as it was last known. */
async function askSystem(ctx: Context, ref: QueueRef, stored: Figures | undefined): Promise<Live> {
  const { system, name } = await systemOf(ctx, ref.connection);
  const isLarge = stored !== undefined && Object.values(stored.counts).reduce((total, count) => total + count, 0) > MOST_COUNTED;
  const [readings, inside] = await Promise.all([
    isLarge ? Promise.resolve([]) : system.readQueues(ctx, { since: new Date(ctx.now().getTime() - HOUR_MS), only: ref.queue }),
    system.readInside(ctx, ref.queue),
  ]);
  const figures = readings[0] ? freshen(stored, readings[0], { connection: ref.connection, connectionName: name, now: ctx.now() }) : null;
  return { figures, inside, can: system.can, problem: null };
}

async function askOrRemember(ctx: Context, ref: QueueRef, known: { stored: Figures | undefined; can: Abilities }): Promise<Live> {
  try {
    return await within(askSystem(ctx, ref, known.stored), ASK_MS);
  } catch (error) {
    if (error instanceof AppError && error.code !== "unavailable") throw error;
    return { figures: null, inside: { facts: [], workers: [], schedules: [], rateCap: null }, can: known.can, problem: plainMessage(error) };
  }
}

/** One queue with its inside and its last day, or another range. Throws `not_found`. */
export async function getQueue(ctx: Context, input: GetQueue): Promise<QueueDetail> {
  const ref = { connection: input.connection, queue: input.queue };
  const row = await ctx.db.queueConnection.findUnique({ where: { id: input.connection }, select: { kind: true } });
  if (!row) throw new AppError("not_found", `There is no queue connection ${input.connection}.`);
  const kind = ConnectionKind.parse(row.kind);
  const [[stored], lines, series, times, rules, own] = await Promise.all([
    readStored(ctx, ref),
    readSparklines(ctx, ref),
    readQueueSeries(ctx, ref, spanOf(input, ctx.now())),
    readTimes(ctx, ref),
    ctx.db.queueRuleState.findMany({ where: { connectionId: ref.connection, queue: ref.queue } }),
    ctx.db.queueThreshold.findUnique({ where: { connectionId_queue: { connectionId: ref.connection, queue: ref.queue } } }),
  ]);
  const live = await askOrRemember(ctx, ref, { stored, can: ADAPTERS[kind].can });
  const figures = live.figures ?? stored;
  if (!figures) throw new AppError(live.problem ? "unavailable" : "not_found", live.problem ?? `There is no queue ${input.queue}.`);
  const { facts, workers, schedules, rateCap } = live.inside;
  return {
    ...figures, ...times, kind, can: live.can, facts, workers, rateCap, series, problem: live.problem,
    schedules: await Promise.all(schedules.map((schedule) => explainSchedule(schedule, ctx.now()))),
    sparkline: lines.get(keyOf(ref.connection, ref.queue)) ?? emptySparkline(),
    rules: toRules(rules),
    thresholds: own ? (own.rules as QueueDetail["thresholds"]) : DEFAULT_THRESHOLDS,
    thresholdsRevision: own?.revision ?? 0,
  };
}

const sum = <T>(items: T[], valueOf: (item: T) => number): number => items.reduce((total, item) => total + valueOf(item), 0);

function topBy(queues: Figures[], valueOf: (queue: Figures) => number): Figures | undefined {
  return queues.toSorted((a, b) => valueOf(b) - valueOf(a))[0];
}
