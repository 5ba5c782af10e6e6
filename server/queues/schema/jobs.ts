import * as z from "zod";
import { pageInput, pageOf } from "../../platform/page.ts";
import { QueueRef } from "./connections.ts";

export const JOB_STATES = ["waiting", "active", "delayed", "failed", "completed", "dead"] as const;
export const JobState = z.enum(JOB_STATES);
export type JobState = z.infer<typeof JobState>;

const FILTER_MAX = 300;
/** The grammar is in job-filter.ts. */
export const JobFilterText = z.string().max(FILTER_MAX).default("").describe("Qualifiers and text, e.g. `name:mail error:timeout age:>1h data.customer.id:42`.");

export const ListJobs = QueueRef.extend({ ...pageInput, state: JobState.default("waiting"), filter: JobFilterText });
export type ListJobs = z.infer<typeof ListJobs>;

const JOB_ID_MAX = 300;
/** Systems make ids of their own: a UUID, a number, a text the sender chose, or a message's fingerprint. */
export const JobId = z.string().min(1).max(JOB_ID_MAX);

export const ByJob = QueueRef.extend({ id: JobId });
export type ByJob = z.infer<typeof ByJob>;

export const Job = z.object({
  id: z.string(),
  connection: z.string(),
  queue: z.string(),
  /** The kind of job; the queue's name where one queue holds one kind. */
  name: z.string(),
  state: JobState,
  /** Null when the system has none. Lower runs first. */
  priority: z.number().int().nullable(),
  /** At most one job with this key waits or runs; null when the caller gave none. */
  key: z.string().nullable(),
  /** Tries so far, the running one included; 1 for the first. */
  attempt: z.number().int(),
  /** Null when tries are not limited or not known. */
  maxAttempts: z.number().int().nullable(),
  createdAt: z.date().nullable(),
  /** Earliest start. */
  startAfter: z.date().nullable(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  durationMs: z.number().nullable(),
  /** The last error's message. */
  error: z.string().nullable(),
});
export type Job = z.infer<typeof Job>;

/** How much was looked at where a system cannot search; null when everything was searched. */
export const Scan = z.object({
  /** Jobs looked at for this page. */
  looked: z.number().int(),
  /** Jobs there are in this state, as far as the system tells. */
  total: z.number().int().nullable(),
  /** What looking costs or hides in this system; null when nothing. */
  note: z.string().nullable(),
});
export type Scan = z.infer<typeof Scan>;

export const JobPage = pageOf(Job).extend({ scan: Scan.nullable() });
export type JobPage = z.infer<typeof JobPage>;

/** A value as it lies in the queue, made safe to show: numbers exact, secrets masked, cut to a sane length. */
export const Payload = z.object({
  format: z.enum(["json", "text", "binary"]),
  /** Indented JSON, plain text, or lines of hexadecimal bytes. */
  text: z.string(),
  /** Length of the whole in bytes. */
  bytes: z.number().int(),
  isCut: z.boolean(),
});
export type Payload = z.infer<typeof Payload>;

/** One try at a job. */
export const Attempt = z.object({
  /** 1 for the first; null when the system does not number them. */
  number: z.number().int().nullable(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  error: z.string().nullable(),
  cause: z.string().nullable(),
  stack: z.string().nullable(),
  worker: z.string().nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

export const TimelineEntry = z.object({ at: z.date(), what: z.string() });
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const JobDetail = Job.extend({
  data: Payload,
  options: z.array(z.object({ label: z.string(), value: z.string() })),
  /** Newest first. */
  attempts: z.array(Attempt),
  /** Says what of the attempts this system does not keep; null when all are there. */
  attemptsNote: z.string().nullable(),
  /** Oldest first. */
  timeline: z.array(TimelineEntry),
  logs: z.array(z.string()),
  /** Last sign of life of the worker that runs it. */
  heartbeatAt: z.date().nullable(),
  /** The queue this letter came from, when it is not the one it lies in. */
  sourceQueue: z.string().nullable(),
  /** How often it came back from the dead letters. */
  redrives: z.number().int(),
  /** The job this dead letter came from, or the dead letter of this failed job. */
  relatedId: z.string().nullable(),
});
export type JobDetail = z.infer<typeof JobDetail>;

export const Done = z.object({ id: z.string() });
export type Done = z.infer<typeof Done>;
