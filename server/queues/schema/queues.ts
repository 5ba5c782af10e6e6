import * as z from "zod";
import { Abilities } from "./operations.ts";
import { ConnectionKind, QueueRef } from "./connections.ts";

export const RANGES = ["5m", "15m", "1h", "6h", "24h", "7d", "30d"] as const;
export const Range = z.enum(RANGES);
export type Range = z.infer<typeof Range>;

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
  isPaused: z.boolean(),
  /** Workers that take jobs of this queue; null when the system does not tell. */
  consumers: z.number().int().nullable(),
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

export const GetQueue = QueueRef.extend({ range: Range.default("24h") });
export type GetQueue = z.infer<typeof GetQueue>;

/** One process or connection that takes jobs. */
export const QueueWorker = z.object({
  name: z.string(),
  host: z.string().nullable(),
  startedAt: z.date().nullable(),
  /** Last sign of life; null when the system keeps none. */
  seenAt: z.date().nullable(),
  /** Jobs it runs now; null when the system does not tell. */
  running: z.number().int().nullable(),
});
export type QueueWorker = z.infer<typeof QueueWorker>;

/** A clock that adds jobs to a queue. */
export const QueueSchedule = z.object({
  /** Names it within its queue; empty when the system allows one only. */
  key: z.string(),
  /** A cron line, a recurrence rule, or an interval in milliseconds. */
  kind: z.enum(["cron", "rrule", "every"]),
  line: z.string(),
  zone: z.string(),
});
export type QueueSchedule = z.infer<typeof QueueSchedule>;

/** A setting of the queue in the words of its system. */
export const QueueFact = z.object({ label: z.string(), value: z.string() });
export type QueueFact = z.infer<typeof QueueFact>;

export const QueueDetail = Queue.extend({
  kind: ConnectionKind,
  can: Abilities,
  facts: z.array(QueueFact),
  workers: z.array(QueueWorker),
  schedules: z.array(QueueSchedule),
  series: z.array(z.object({ at: z.date(), waiting: z.number(), delayed: z.number(), active: z.number(), oldestWaitingMs: z.number().nullable() })),
});
export type QueueDetail = z.infer<typeof QueueDetail>;
