import * as z from "zod";
import { Reason } from "./bulk.ts";
import { QueueRef } from "./connections.ts";
import { ByJob, Job } from "./jobs.ts";
import { JobPriority } from "./operations.ts";

/** One job, and why it is acted on. */
export const ActOnJob = ByJob.extend({ reason: Reason });
export type ActOnJob = z.infer<typeof ActOnJob>;

export const ChangePriority = ActOnJob.extend({ priority: JobPriority });
export type ChangePriority = z.infer<typeof ChangePriority>;

export const ActOnQueue = QueueRef.extend({ reason: Reason });
export type ActOnQueue = z.infer<typeof ActOnQueue>;

export const Changed = z.object({ isChanged: z.boolean().describe("False when it was so already.") });
export type Changed = z.infer<typeof Changed>;

const RATE_CAP_MAX = 10_000;
/** Jobs that may begin in one second, over all workers. */
export const SetRateCap = ActOnQueue.extend({ perSecond: z.number().int().min(1).max(RATE_CAP_MAX).nullable().describe("Null lifts the cap.") });
export type SetRateCap = z.infer<typeof SetRateCap>;

export const Drained = z.object({ count: z.number().int() });
export type Drained = z.infer<typeof Drained>;

const SCHEDULE_KEY_MAX = 255;
export const RunSchedule = ActOnQueue.extend({ key: z.string().max(SCHEDULE_KEY_MAX).default("") });
export type RunSchedule = z.infer<typeof RunSchedule>;

/** Enough for any test; the body cap of requests comes first. */
const TEST_DATA_MAX = 100_000;
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
export const EnqueueTest = ActOnQueue.extend({ data: z.string().max(TEST_DATA_MAX).refine(isJson, "is not JSON").default("{}").describe("The job's data as JSON text.") });
export type EnqueueTest = z.infer<typeof EnqueueTest>;

const PLACES_MAX = 1_000;
/** What a person decided about a queue. */
export const Policy = z.object({
  /** Why its jobs may not be retried; null when they may. */
  neverRetry: z.string().nullable(),
  /** Jobs of this kind one worker runs at once, instead of what the code declares; null leaves that in force. */
  concurrency: z.number().int().nullable(),
  updatedAt: z.date().nullable(),
  updatedBy: z.string().nullable(),
});
export type Policy = z.infer<typeof Policy>;

export const SetNeverRetry = QueueRef.extend({ reason: z.string().trim().min(3).max(300).nullable().describe("Null allows retries again.") });
export type SetNeverRetry = z.infer<typeof SetNeverRetry>;

/** Own queues only. */
export const SetConcurrency = QueueRef.extend({ concurrency: z.number().int().min(1).max(PLACES_MAX).nullable() });
export type SetConcurrency = z.infer<typeof SetConcurrency>;

/** A job that ended the life of three workers; it does not run again until it is released. */
export const Quarantined = z.object({ jobId: z.string(), queue: z.string(), deaths: z.number().int(), at: z.date() });
export type Quarantined = z.infer<typeof Quarantined>;
export const QuarantineList = z.object({ items: z.array(Quarantined) });
export type QuarantineList = z.infer<typeof QuarantineList>;

export const WorkerJob = z.object({ queue: z.string(), id: z.string(), since: z.date(), attempt: z.number().int() });

/** One process that runs jobs of the console. */
export const Worker = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.number().int(),
  version: z.string(),
  startedAt: z.date(),
  seenAt: z.date(),
  isStopping: z.boolean(),
  /** Jobs it may run at once. */
  places: z.number().int(),
  running: z.array(WorkerJob),
  done: z.number().int(),
  /** Failed attempts. */
  failed: z.number().int(),
  /** Share of its places in use since its start, 0 to 1. */
  busy: z.number(),
  /** Busy time ÷ (places × time) while more waited than it could hold, 0 to 1; null when that was never so for long. */
  efficiency: z.number().nullable(),
});
export type Worker = z.infer<typeof Worker>;
export const WorkerList = z.object({ items: z.array(Worker), efficiency: z.number().nullable().describe("Over all workers.") });
export type WorkerList = z.infer<typeof WorkerList>;

/** Dead letters of one queue. */
export const LetterPile = z.object({
  connection: z.string(),
  connectionName: z.string(),
  queue: z.string(),
  /** Letters, or failed jobs where a system keeps no letters. */
  state: z.enum(["dead", "failed"]),
  count: z.number().int(),
  newest: Job.nullable(),
  neverRetry: z.string().nullable(),
});
export type LetterPile = z.infer<typeof LetterPile>;
export const LetterPiles = z.object({
  items: z.array(LetterPile),
  /** Connections that could not be asked, with the reason. */
  unreachable: z.array(z.object({ connection: z.string(), name: z.string(), problem: z.string() })),
});
export type LetterPiles = z.infer<typeof LetterPiles>;
