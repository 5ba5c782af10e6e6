/**
 * Words of the module. A queue holds the jobs of one kind; its name is the job's name. A job is waiting (may start now),
 * delayed (may start later, also between two attempts), active (running), completed (kept one hour), failed (its last
 * attempt failed; this record is kept one day) or dead (a letter that waits for a person, kept thirty days; a failed
 * job has one until it is retried or discarded). Depth = waiting + delayed + active: what is still to be done. Lower
 * priority numbers run first: high 1, normal 5, low 10. Ages and durations are milliseconds. Isomorphic.
 */
import * as z from "zod";
import { pageInput, pageOf } from "../platform/page.ts";

export const JOB_STATES = ["waiting", "active", "delayed", "failed", "completed", "dead"] as const;
export const JobState = z.enum(JOB_STATES);
export type JobState = z.infer<typeof JobState>;

/** The console's own queue; other queue systems get connections of their own. */
export const OWN_CONNECTION = "own";

export const RANGES = ["5m", "15m", "1h", "6h", "24h", "7d", "30d"] as const;
export const Range = z.enum(RANGES);
export type Range = z.infer<typeof Range>;

const NAME_MAX = 120;
export const QueueName = z.string().min(1).max(NAME_MAX);

export const Nothing = z.object({});

export const Counts = z.object({
  waiting: z.number().int(),
  active: z.number().int(),
  delayed: z.number().int(),
  failed: z.number().int(),
  completed: z.number().int(),
  dead: z.number().int(),
});
export type Counts = z.infer<typeof Counts>;

export const Queue = z.object({
  name: z.string(),
  connection: z.string(),
  counts: Counts,
  depth: z.number().int(),
  /** How long the job that waits longest could have started; null when none waits. */
  oldestWaitingMs: z.number().nullable(),
  failedLastHour: z.number().int(),
  completedLastHour: z.number().int(),
  /** Deepest depth in each of 48 half hours, oldest first; null where nobody looked. */
  sparkline: z.array(z.number().nullable()),
});
export type Queue = z.infer<typeof Queue>;

export const QueueList = z.object({ items: z.array(Queue), nextCursor: z.string().nullable() });
export type QueueList = z.infer<typeof QueueList>;

export const GetSummary = z.object({ range: Range.default("24h") });
export type GetSummary = z.infer<typeof GetSummary>;

export const DepthPoint = z.object({
  at: z.date(),
  /** Depth by queue name; a queue without a sample in this step is absent. */
  depths: z.record(z.string(), z.number()),
});

export const Summary = z.object({
  totals: Counts,
  depth: z.number().int(),
  oldestWaitingMs: z.number().nullable(),
  /** The queue of the job that waits longest. */
  oldestQueue: z.string().nullable(),
  failedLastHour: z.number().int(),
  completedLastHour: z.number().int(),
  /** The queue with most failures of the last hour. */
  worstQueue: z.string().nullable(),
  /** Worker processes seen within the last minute. */
  workers: z.number().int(),
  /** Jobs wait for over a minute although no worker is there or nothing runs. */
  isStalled: z.boolean(),
  /** Names that occur in `series`, deepest first. */
  queues: z.array(z.string()),
  series: z.array(DepthPoint),
});
export type Summary = z.infer<typeof Summary>;

export const Metrics = z.object({ waiting: z.number(), active: z.number(), completed: z.number(), failed: z.number(), delayed: z.number() });
export type Metrics = z.infer<typeof Metrics>;

export const GetQueue = z.object({ queue: QueueName, range: Range.default("24h") });
export type GetQueue = z.infer<typeof GetQueue>;

export const QueueSettings = z.object({ retries: z.number().int(), timeoutMs: z.number(), cron: z.string().nullable() });

export const QueueDetail = Queue.extend({
  settings: QueueSettings,
  series: z.array(z.object({ at: z.date(), waiting: z.number(), delayed: z.number(), active: z.number(), oldestWaitingMs: z.number().nullable() })),
});
export type QueueDetail = z.infer<typeof QueueDetail>;

export const ListJobs = z.object({ ...pageInput, queue: QueueName, state: JobState.default("waiting") });
export type ListJobs = z.infer<typeof ListJobs>;

export const Job = z.object({
  id: z.string(),
  queue: z.string(),
  state: JobState,
  priority: z.number().int(),
  /** At most one job with this key waits or runs; null when the caller gave none. */
  key: z.string().nullable(),
  /** 1 for the first try. */
  attempt: z.number().int(),
  maxAttempts: z.number().int(),
  createdAt: z.date(),
  startAfter: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  durationMs: z.number().nullable(),
  /** The last error's message. */
  error: z.string().nullable(),
});
export type Job = z.infer<typeof Job>;
export const JobPage = pageOf(Job);
export type JobPage = z.infer<typeof JobPage>;

export const ByJob = z.object({ queue: QueueName, id: z.uuid() });
export type ByJob = z.infer<typeof ByJob>;

export const JobDetail = Job.extend({
  /** The job's input, secrets masked. */
  input: z.json(),
  stack: z.string().nullable(),
  cause: z.string().nullable(),
  /** Last sign of life of the worker that runs it. */
  heartbeatAt: z.date().nullable(),
  /** The job this dead letter came from, or the dead letter of this failed job. */
  relatedId: z.string().nullable(),
});
export type JobDetail = z.infer<typeof JobDetail>;

export const Done = z.object({ id: z.string() });
export type Done = z.infer<typeof Done>;
