/**
 * The one interface to every queue system. An adapter knows a kind of system; opening it with a connection's settings
 * gives a `QueueSystem`, which lives as long as the connection answers. Methods throw AppError `unavailable` when the
 * system cannot be reached and `not_found` when the queue is gone; per-job trouble is an outcome, never an exception.
 * What a system cannot do is said once, in `can`, and its method is never called.
 */
import type { Context } from "../../platform/context.ts";
import type { Abilities, ConnectionKind, Counts, Job, JobDetail, JobOperation, JobState, Outcome, QueueFact, QueueSchedule, QueueWorker, Scan, Tally } from "../schema/index.ts";
import type { JobFilter } from "../job-filter.ts";
import type { Trail } from "./trail.ts";

/** What ended between two readings. Times are samples, at most a few hundred, in milliseconds. */
export type Flow = { added: number | null; completed: number; failed: number; waitMs: number[]; runMs: number[] };

/** One queue as one pass over the system found it. */
export type QueueReading = {
  name: string;
  counts: Counts;
  oldestWaitingMs: number | null;
  isPaused: boolean;
  consumers: number | null;
  flow: Flow;
};

/** What belongs to one queue beside its figures. */
export type QueueInside = { facts: QueueFact[]; workers: QueueWorker[]; schedules: QueueSchedule[]; /** Jobs that may begin in one second; null without a cap. */ rateCap: number | null };

/** Jobs of one queue in one state that match a filter, newest first, from a cursor on. */
export type JobQuery = {
  queue: string;
  state: JobState;
  filter: JobFilter;
  cursor: string | undefined;
  limit: number;
  /** For `findIds`: what came into the state later is left out, where a system knows, so that a bulk operation ends. */
  until?: Date;
};

export type FoundJobs = { items: Omit<Job, "connection">[]; nextCursor: string | null; scan: Scan | null };

/**
 * Ids for a bulk operation, in an order that acting on them does not disturb: the cursor stands between jobs, so what was
 * acted on and left the state is neither met again nor lets others be skipped. `looked` counts jobs passed, matching or not.
 */
export type FoundIds = { ids: string[]; nextCursor: string | null; looked: number };

export type JobBatch = {
  queue: string;
  operation: JobOperation;
  ids: readonly string[];
  /** For `changePriority`. */
  priority?: number;
  /** For `redrive`: letters that came back this often are refused. */
  mostRedrives?: number;
};

/** One step of retrying all failed jobs of a queue that match a filter, for the tracked operation of this id. */
export type Sweep = { operation: string; queue: string; filter: JobFilter; cursor: string | undefined; until: Date; limit: number };
/** Jobs by outcome; null when nothing is left. Their outcomes are noted under the operation already. */
export type Swept = { counts: Tally; nextCursor: string | null };

export type QueueSystem = {
  readonly can: Abilities;
  /** Product and version, e.g. `RabbitMQ 3.10.8`. */
  readonly found: string;
  /** True when operations take part in the caller's database transaction; others must be called outside of one. */
  readonly isTransactional: boolean;
  /** Finds the queues and reads their figures in one pass, ordered by name; flow since `since`. `only` narrows to one. */
  readQueues: (ctx: Context, wanted: { since: Date; only?: string }) => Promise<QueueReading[]>;
  readInside: (ctx: Context, queue: string) => Promise<QueueInside>;
  listJobs: (ctx: Context, query: JobQuery) => Promise<FoundJobs>;
  /** Null when there is no such job. */
  getJob: (ctx: Context, job: { queue: string; id: string }) => Promise<Omit<JobDetail, "connection"> | null>;
  findIds: (ctx: Context, query: JobQuery) => Promise<FoundIds>;
  /** One outcome for each id, in the order given. */
  act: (ctx: Context, batch: JobBatch) => Promise<Outcome[]>;
  /** Finds, retries and notes in one go, inside the caller's transaction; where a system is in the same database. */
  sweepFailed?: (ctx: Context, sweep: Sweep) => Promise<Swept>;
  /** False when it was so already. */
  setPaused: (ctx: Context, queue: string, isPaused: boolean) => Promise<boolean>;
  /** Caps how many jobs begin in a second, over all workers; null lifts the cap. False when it was so already. */
  setRateCap: (ctx: Context, queue: string, perSecond: number | null) => Promise<boolean>;
  /** Deletes what waits (and is delayed); what runs goes on. Returns how many. */
  drain: (ctx: Context, queue: string) => Promise<number>;
  /** Adds the job that the schedule would add. Returns its id. Throws `not_found`. */
  runSchedule: (ctx: Context, queue: string, key: string) => Promise<string>;
  /** Adds a job with this data (JSON text). Returns its id. */
  enqueueTest: (ctx: Context, queue: string, data: string) => Promise<string>;
  close: () => Promise<void>;
};

/** What opening needs: the guarded way out, the connection's id and its settings with secrets. */
export type OpenWith = { ctx: Context; connection: string; config: unknown; trail: Trail };

export type Adapter = {
  kind: ConnectionKind;
  /** The table adapter × operation. */
  can: Abilities;
  /** Connects and checks version and rights, step by step on the trail. Throws ConnectionProblem. */
  open: (to: OpenWith) => Promise<QueueSystem>;
};
