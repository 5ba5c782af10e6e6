import * as z from "zod";
import { pageInput, pageOf } from "../../platform/page.ts";
import { QueueRef } from "./connections.ts";
import { Job, JobFilterText, JobId, JobState } from "./jobs.ts";
import { JobOperation, JobPriority, MOST_REDRIVES, OutcomeResult } from "./operations.ts";

/** Most jobs that can be picked one by one; more are chosen by a filter. */
export const SELECTION_MAX = 500;
const REASON_MAX = 300;
const RATE_MAX = 100_000;
const REDRIVES_MAX = 100;

/** Why somebody acts; kept in the audit trail. */
export const Reason = z.string().trim().max(REASON_MAX).default("");

/** Which jobs of a queue: those picked, or all in a state that match a filter. */
export const BulkTarget = QueueRef.extend({
  operation: JobOperation,
  /** The state in which jobs are looked for; those in another by the time they are reached stay as they are. */
  state: JobState,
  filter: JobFilterText,
  /** Picked jobs; absent for all that match. */
  ids: z.array(JobId).min(1).max(SELECTION_MAX).optional(),
});
export type BulkTarget = z.infer<typeof BulkTarget>;

/** Everything that matches; what was picked one by one needs no preview. */
export const PreviewBulk = BulkTarget.omit({ ids: true });

export const BulkPreview = z.object({
  /** Jobs it would reach, and whether that is all of them: counting stops after a while. */
  count: z.number().int(),
  isExact: z.boolean(),
  sample: z.array(Job),
  /** Why it cannot be started, in a sentence; null when it can. */
  obstacle: z.string().nullable(),
  /** What a person should know before, one sentence each. */
  warnings: z.array(z.string()),
});
export type BulkPreview = z.infer<typeof BulkPreview>;

export const StartBulk = BulkTarget.extend({
  /** For `changePriority`. */
  priority: JobPriority.optional(),
  /** Jobs a second at most; null goes as fast as the system takes them. */
  perSecond: z.number().int().min(1).max(RATE_MAX).nullable().default(null),
  /** For `redrive`: letters that came back this often stay. */
  mostRedrives: z.number().int().min(1).max(REDRIVES_MAX).default(MOST_REDRIVES),
  reason: Reason,
});
export type StartBulk = z.infer<typeof StartBulk>;

/** waiting: for a worker. paused: by a person, goes on where it stopped. failed: gave up, what was done stays done. */
export const BULK_STATUSES = ["waiting", "running", "paused", "done", "cancelled", "failed"] as const;
export const BulkStatus = z.enum(BULK_STATUSES);
export type BulkStatus = z.infer<typeof BulkStatus>;

/** One operation on many jobs, tracked. Every job it reaches has one outcome: it never acts twice on one. */
export const Bulk = z.object({
  id: z.string(),
  connection: z.string(),
  queue: z.string(),
  operation: JobOperation,
  state: JobState,
  filter: z.string(),
  /** True when the jobs were picked one by one. */
  isSelection: z.boolean(),
  status: BulkStatus,
  /** Jobs it set out to reach, as counted when it was started; null when they were not counted. */
  total: z.number().int().nullable(),
  /** Jobs it reached so far. */
  reached: z.number().int(),
  done: z.number().int(),
  already: z.number().int(),
  missing: z.number().int(),
  refused: z.number().int(),
  /** Jobs a second over the last moments; null before the first. */
  rate: z.number().nullable(),
  perSecond: z.number().int().nullable(),
  priority: z.number().int().nullable(),
  mostRedrives: z.number().int(),
  reason: z.string(),
  /** What holds it up or ended it; null when nothing does. */
  trouble: z.string().nullable(),
  startedBy: z.string(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
});
export type Bulk = z.infer<typeof Bulk>;

export const BulkPage = pageOf(Bulk);
export type BulkPage = z.infer<typeof BulkPage>;

export const ListBulks = z.object({ ...pageInput, isOpen: z.boolean().optional().describe("Only those that are not over.") });
export type ListBulks = z.infer<typeof ListBulks>;

export const ByBulk = z.object({ id: z.string().max(60) });
export type ByBulk = z.infer<typeof ByBulk>;

/** Jobs that an operation reached and did not change, with the reason. */
export const ListBulkItems = ByBulk.extend({ ...pageInput });
export type ListBulkItems = z.infer<typeof ListBulkItems>;
export const BulkItem = z.object({ jobId: z.string(), result: OutcomeResult, reason: z.string().nullable() });
export const BulkItemPage = pageOf(BulkItem);
export type BulkItemPage = z.infer<typeof BulkItemPage>;
