/** Writes what was read of a connection: figures, samples and what the rules say, in one transaction that names its reader. */
import type { Context } from "../../platform/context.ts";
import { inTransaction, Prisma } from "../../platform/db.ts";
import { announce } from "../../platform/live/announce.ts";
import type { QueueReading } from "../adapters/adapter.ts";
import { readThresholds } from "../queries/index.ts";
import { judge } from "../rules.ts";
import { addReading, type MinuteFlow } from "../samples.ts";
import { depthOf } from "../states.ts";
import { DEFAULT_THRESHOLDS } from "../schema/index.ts";

/** A connection whose turn it is, held by `reader`. */
export type Turn = { id: string; reader: string };

type MinuteRow = { queue: string; depthMax: number; added: number; done: number; broken: number; waitBuckets: number[]; waitCounts: number[]; runBuckets: number[]; runCounts: number[] };

async function readMinute(ctx: Context, connection: string): Promise<Map<string, MinuteFlow>> {
  const rows = await ctx.db.$queryRaw<MinuteRow[]>`
    SELECT queue, depth_max AS "depthMax", added, done, broken, wait_buckets AS "waitBuckets", wait_counts AS "waitCounts", run_buckets AS "runBuckets", run_counts AS "runCounts"
    FROM series.queue_sample WHERE connection = ${connection} AND at = date_trunc('minute', now())`;
  return new Map(rows.map(({ queue, waitBuckets, waitCounts, runBuckets, runCounts, ...flow }) => [queue, { ...flow, wait: { buckets: waitBuckets, counts: waitCounts }, run: { buckets: runBuckets, counts: runCounts } }]));
}

const braces = (numbers: number[]) => `{${numbers.join(",")}}`;

/** Adds the readings to the rows of this minute. One reader holds the connection, so nobody writes beside. */
async function writeMinute(ctx: Context, connection: string, readings: QueueReading[]): Promise<void> {
  const minutes = await readMinute(ctx, connection);
  const rows = readings.map((reading) => {
    const { depthMax, added, done, broken, wait, run } = addReading(minutes.get(reading.name), reading);
    const { completed: _completed, ...counts } = reading.counts;
    return { queue: reading.name, ...counts, depth_max: depthMax, oldest_waiting_ms: reading.oldestWaitingMs === null ? null : Math.round(reading.oldestWaitingMs), consumers: reading.consumers, added, done, broken, wait_buckets: braces(wait.buckets), wait_counts: braces(wait.counts), run_buckets: braces(run.buckets), run_counts: braces(run.counts) };
  });
  await ctx.db.$executeRaw`
    INSERT INTO series.queue_sample (connection, at, queue, waiting, delayed, active, failed, dead, depth_max, oldest_waiting_ms, consumers, added, done, broken, wait_buckets, wait_counts, run_buckets, run_counts)
    SELECT ${connection}, date_trunc('minute', now()), r.queue, r.waiting, r.delayed, r.active, r.failed, r.dead, r.depth_max, r.oldest_waiting_ms, r.consumers, r.added, r.done, r.broken,
      r.wait_buckets::int[], r.wait_counts::int[], r.run_buckets::int[], r.run_counts::int[]
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(queue text, waiting int, delayed int, active int, failed int, dead int, depth_max int, oldest_waiting_ms bigint, consumers int,
      added int, done int, broken int, wait_buckets text, wait_counts text, run_buckets text, run_counts text)
    ON CONFLICT (connection, queue, at) DO UPDATE SET waiting = excluded.waiting, delayed = excluded.delayed, active = excluded.active, failed = excluded.failed, dead = excluded.dead,
      depth_max = excluded.depth_max, oldest_waiting_ms = excluded.oldest_waiting_ms, consumers = excluded.consumers, added = excluded.added, done = excluded.done, broken = excluded.broken,
      wait_buckets = excluded.wait_buckets, wait_counts = excluded.wait_counts, run_buckets = excluded.run_buckets, run_counts = excluded.run_counts`;
}

/** Replaces the figures; queues that are gone go. True when something differs from before. */
async function writeStates(ctx: Context, connection: string, readings: QueueReading[]): Promise<boolean> {
  const rows = readings.map(({ name, counts, oldestWaitingMs, isPaused, consumers }) => ({ queue: name, ...counts, oldest: oldestWaitingMs, paused: isPaused, consumers }));
  const changed = await ctx.db.$executeRaw`
    INSERT INTO queue_state AS s (connection_id, queue, waiting, active, delayed, failed, completed, dead, oldest_waiting_ms, is_paused, consumers)
    SELECT ${connection}, r.queue, r.waiting, r.active, r.delayed, r.failed, r.completed, r.dead, r.oldest, r.paused, r.consumers
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(queue text, waiting int, active int, delayed int, failed int, completed int, dead int, oldest float8, paused boolean, consumers int)
    ON CONFLICT (connection_id, queue) DO UPDATE SET waiting = excluded.waiting, active = excluded.active, delayed = excluded.delayed, failed = excluded.failed, completed = excluded.completed,
      dead = excluded.dead, oldest_waiting_ms = excluded.oldest_waiting_ms, is_paused = excluded.is_paused, consumers = excluded.consumers
    WHERE (s.waiting, s.active, s.delayed, s.failed, s.completed, s.dead, s.oldest_waiting_ms, s.is_paused, s.consumers)
      IS DISTINCT FROM (excluded.waiting, excluded.active, excluded.delayed, excluded.failed, excluded.completed, excluded.dead, excluded.oldest_waiting_ms, excluded.is_paused, excluded.consumers)`;
  const gone = await ctx.db.queueState.deleteMany({ where: { connectionId: connection, queue: { notIn: readings.map(({ name }) => name) } } });
  return changed + gone.count > 0;
}

type HourRow = { queue: string; done: number; broken: number; deadBefore: number | null };

/** Judges every queue by its last hour and keeps since when each level holds. True when a level changed. */
async function writeRules(ctx: Context, connection: string, readings: QueueReading[]): Promise<boolean> {
  const hours = await ctx.db.$queryRaw<HourRow[]>`
    SELECT queue, sum(done)::int AS done, sum(broken)::int AS broken, (array_agg(dead ORDER BY at))[1] AS "deadBefore"
    FROM series.queue_sample WHERE connection = ${connection} AND at > now() - interval '61 minutes' GROUP BY queue`;
  const hourOf = new Map(hours.map((row) => [row.queue, row]));
  const thresholds = await readThresholds(ctx, connection);
  const rows = readings.flatMap(({ name, counts, oldestWaitingMs, consumers }) => {
    const hour = hourOf.get(name);
    const facts = { depth: depthOf(counts), waiting: counts.waiting, oldestWaitingMs, consumers, dead: counts.dead, deadBefore: hour?.deadBefore ?? null, completedLastHour: hour?.done ?? 0, failedLastHour: hour?.broken ?? 0 };
    return judge(facts, thresholds.get(name) ?? DEFAULT_THRESHOLDS).map((result) => ({ queue: name, ...result }));
  });
  const changed = await ctx.db.$queryRaw<{ isNew: boolean }[]>`
    INSERT INTO queue_rule_state AS s (connection_id, queue, rule, level, since, value)
    SELECT ${connection}, r.queue, r.rule, r.level, ${ctx.now()}, r.value FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(queue text, rule text, level text, value float8)
    ON CONFLICT (connection_id, queue, rule) DO UPDATE SET level = excluded.level, value = excluded.value, since = CASE WHEN s.level = excluded.level THEN s.since ELSE excluded.since END
    WHERE (s.level, s.value) IS DISTINCT FROM (excluded.level, excluded.value)
    RETURNING since = ${ctx.now()} AS "isNew"`;
  return changed.some(({ isNew }) => isNew);
}

/** Keeps a reading. False when the turn was over and somebody else reads the connection now: then nothing is written. */
export async function recordReadings(ctx: Context, turn: Turn, read: { readings: QueueReading[]; found: string; nextInSeconds: number }): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const held = await tx.db.$queryRaw<{ wasUp: boolean }[]>`
      UPDATE queue_connection AS c SET state_since = CASE WHEN c.state = 'up' THEN c.state_since ELSE ${tx.now()} END, state = 'up', problem = NULL, tried = NULL, found = ${read.found},
        failures = 0, last_read_at = ${tx.now()}, next_read_at = now() + ${read.nextInSeconds}::float8 * interval '1 second', reader = NULL, reader_until = NULL
      FROM (SELECT id, state = 'up' AS was_up FROM queue_connection WHERE id = ${turn.id} FOR UPDATE) AS before
      WHERE c.id = before.id AND c.reader = ${turn.reader} RETURNING before.was_up AS "wasUp"`;
    if (!held[0]) return false;
    const isDifferent = await writeStates(tx, turn.id, read.readings);
    await writeMinute(tx, turn.id, read.readings);
    const isJudged = await writeRules(tx, turn.id, read.readings);
    // A job that came and went between two readings leaves the figures as they were, and lists changed.
    const isBusy = read.readings.some(({ flow }) => (flow.added ?? 0) + flow.completed + flow.failed > 0);
    if (isDifferent || isBusy || isJudged || !held[0].wasUp) await announce(tx, { topic: "queues", id: turn.id });
    return true;
  });
}

/** Keeps that a connection could not be read, and leaves it alone for a while. What was last known of it stays. */
export async function recordProblem(ctx: Context, turn: Turn, trouble: { problem: string; tried: Prisma.InputJsonValue; nextInSeconds: number }): Promise<void> {
  const held = await ctx.db.$queryRaw<{ isNew: boolean }[]>`
    UPDATE queue_connection SET state_since = CASE WHEN state = 'down' THEN state_since ELSE ${ctx.now()} END, state = 'down', problem = ${trouble.problem}, tried = ${JSON.stringify(trouble.tried)}::jsonb,
      failures = failures + 1, next_read_at = now() + ${trouble.nextInSeconds}::float8 * interval '1 second', reader = NULL, reader_until = NULL
    WHERE id = ${turn.id} AND reader = ${turn.reader} RETURNING failures = 1 AS "isNew"`;
  if (held[0]) await announce(ctx, { topic: "queues", id: turn.id });
}
