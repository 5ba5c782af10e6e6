/** The console's own queue: pg-boss in the console's database, operated inside the caller's transaction. */
import { actorLabel, type Context } from "../../../platform/context.ts";
import { MINUTE_MS } from "../../../platform/clock.ts";
import { DEAD_LETTERS, KEEP_WAITING_SECONDS, QUEUE_SCHEMA, UNKEYED } from "../../../platform/queue/policy.ts";
import { OWN_CONNECTION, type Abilities, type Attempt, type JobDetail, type QueueWorker } from "../../schema/index.ts";
import type { Adapter, QueueSystem } from "../adapter.ts";
import { act } from "../boss/act.ts";
import type { Desk } from "../boss/desk.ts";
import { findIds, getJob, inWords, listJobs } from "../boss/jobs.ts";
import { addJob, drain, readFacts, readSchedules, runSchedule } from "../boss/queue-operations.ts";
import { readQueues } from "../boss/read-queues.ts";
import { readRedrives } from "../redrives.ts";
import { readRateCap, setRateCap } from "./rate-cap.ts";
import { sweepFailed } from "./sweep.ts";

const CAN: Abilities = {
  retry: true,
  promote: true,
  discard: true,
  moveToDead: true,
  changePriority: true,
  redrive: true,
  pause: true,
  resume: true,
  setRateCap: true,
  drain: true,
  runSchedule: true,
  enqueueTest: true,
};

const DESK: Desk = {
  connection: OWN_CONNECTION,
  schema: QUEUE_SCHEMA,
  run: (ctx, sql) => ctx.db.$queryRaw(sql),
  hidden: [DEAD_LETTERS],
  unkeyed: UNKEYED,
  // The tables are brought to this version before any process starts.
  has: () => true,
  keepWaitingSeconds: KEEP_WAITING_SECONDS,
};

/** A job that fails for ever is told by its newest attempts. */
const MOST_ATTEMPTS = 100;

/** A worker that was silent for longer is gone. */
const SEEN_MS = MINUTE_MS;

async function readWorkers(ctx: Context): Promise<QueueWorker[]> {
  const since = new Date(ctx.now().getTime() - SEEN_MS);
  const rows = await ctx.db.processInstance.findMany({ where: { role: "worker", lastSeenAt: { gte: since } }, orderBy: { startedAt: "asc" } });
  return rows.map((row) => ({ name: `worker ${row.pid}`, host: row.host, startedAt: row.startedAt, seenAt: row.lastSeenAt, running: null }));
}

/** What was recorded of a job's failed attempts, newest first. */
async function readAttempts(ctx: Context, jobId: string): Promise<Attempt[]> {
  const rows = await ctx.db.$queryRaw<Attempt[]>`
    SELECT attempt AS number, worker, started_at AS "startedAt", ended_at AS "endedAt", error->>'stack' AS stack, error->>'cause' AS cause,
      coalesce(error->>'message', error->'value'->>'message', error->>'value') AS error
    FROM series.queue_attempt WHERE job_id = ${jobId}::uuid ORDER BY id DESC LIMIT ${MOST_ATTEMPTS}::int`;
  return rows.map((row) => ({ ...row, error: inWords(row.error) }));
}

async function getOwnJob(ctx: Context, wanted: { queue: string; id: string }): Promise<Omit<JobDetail, "connection"> | null> {
  const job = await getJob(DESK, ctx, wanted);
  if (!job) return null;
  const record = job.state === "dead" && job.relatedId ? job.relatedId : job.id;
  const [attempts, redrives] = await Promise.all([readAttempts(ctx, record), readRedrives(ctx, OWN_CONNECTION, [record])]);
  return { ...job, attempts: attempts.length > 0 ? attempts : job.attempts, attemptsNote: null, redrives: redrives.get(record) ?? 0 };
}

/** A row per queue that a person decided about; claims read it with each look. */
async function setPaused(ctx: Context, queue: string, isPaused: boolean): Promise<boolean> {
  const [at, by] = [ctx.now(), actorLabel(ctx.actor)];
  const changed = isPaused
    ? await ctx.db.$executeRaw`
        INSERT INTO queue_policy AS p (connection_id, queue, paused_at, updated_at, updated_by) VALUES (${OWN_CONNECTION}, ${queue}, ${at}, ${at}, ${by})
        ON CONFLICT (connection_id, queue) DO UPDATE SET paused_at = excluded.paused_at, updated_at = excluded.updated_at, updated_by = excluded.updated_by
        WHERE p.paused_at IS NULL`
    : await ctx.db.$executeRaw`
        UPDATE queue_policy SET paused_at = NULL, updated_at = ${at}, updated_by = ${by}
        WHERE connection_id = ${OWN_CONNECTION} AND queue = ${queue} AND paused_at IS NOT NULL`;
  return changed > 0;
}

const system: QueueSystem = {
  can: CAN,
  found: "the console's own queue",
  isTransactional: true,
  readQueues: async (ctx, wanted) => {
    const [queues, paused, workers] = await Promise.all([readQueues(DESK, ctx, wanted), ctx.db.queuePolicy.findMany({ where: { connectionId: OWN_CONNECTION, pausedAt: { not: null } }, select: { queue: true } }), readWorkers(ctx)]);
    const held = new Set(paused.map(({ queue }) => queue));
    return queues.map((queue) => ({ ...queue, isPaused: held.has(queue.name), consumers: workers.length }));
  },
  readInside: async (ctx, queue) => {
    const [facts, workers, schedules, rateCap] = await Promise.all([readFacts(DESK, ctx, queue), readWorkers(ctx), readSchedules(DESK, ctx, queue), readRateCap(ctx, queue)]);
    return { facts, workers, schedules, rateCap };
  },
  listJobs: (ctx, query) => listJobs(DESK, ctx, query),
  getJob: getOwnJob,
  findIds: (ctx, query) => findIds(DESK, ctx, query),
  act: (ctx, batch) => act(DESK, ctx, batch),
  sweepFailed: (ctx, sweep) => sweepFailed(DESK, ctx, sweep),
  setPaused,
  setRateCap,
  drain: (ctx, queue) => drain(DESK, ctx, queue),
  runSchedule: (ctx, queue, key) => runSchedule(DESK, ctx, { queue, key }),
  enqueueTest: (ctx, queue, data) => addJob(DESK, ctx, { queue, data }),
  close: () => Promise.resolve(),
};

export const ownAdapter: Adapter = { kind: "own", can: CAN, open: () => Promise.resolve(system) };
