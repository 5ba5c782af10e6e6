import * as z from "zod";
import { Abilities } from "./operations.ts";
import { ConnectionKind, QueueRef } from "./connections.ts";

export const RANGES = ["5m", "15m", "1h", "6h", "24h", "7d", "30d", "90d"] as const;
export const Range = z.enum(RANGES);
export type Range = z.infer<typeof Range>;

/** Figures older than this are gone: hours are kept for 120 days. */
const OLDEST_RANGE_DAYS = 120;
const DAY_MS = 86_400_000;

/** Over which time figures are told: up to now, or between two instants. */
const over = {
  range: Range.default("24h"),
  from: z.coerce.date().optional().describe("Start of a range of its own, together with `to`; `range` is then not read. Figures are kept for 120 days."),
  to: z.coerce.date().optional().describe("Its end."),
};
type Over = { from?: Date; to?: Date };
const isWhole = ({ from, to }: Over) => (from === undefined) === (to === undefined) && (!from || !to || (from < to && to.getTime() - from.getTime() <= OLDEST_RANGE_DAYS * DAY_MS));
const NOT_WHOLE = { message: `Give both ends of the range, the start before the end and at most ${OLDEST_RANGE_DAYS} days apart.`, path: ["from"] };

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

/** Rules that are kept of every queue; the figure each compares is described with its default. */
export const QUEUE_RULES = ["depth", "oldest", "failureRate", "noConsumer", "deadGrowth"] as const;
export const QueueRule = z.enum(QUEUE_RULES);
export type QueueRule = z.infer<typeof QueueRule>;
export const RULE_LEVELS = ["ok", "warn", "critical"] as const;
export const RuleLevel = z.enum(RULE_LEVELS);
export type RuleLevel = z.infer<typeof RuleLevel>;

const bound = z.number().min(0).max(1e9).nullable();
/** A figure above it breaks the rule; null never does. */
export const Threshold = z.object({ warn: bound, critical: bound });
export const Thresholds = z.object({
  depth: Threshold.describe("Jobs to be done."),
  oldest: Threshold.describe("Seconds that the oldest job waits."),
  failureRate: Threshold.describe("Share of the last hour's jobs that failed for good, 0 to 1, from 20 jobs on."),
  noConsumer: Threshold.describe("Jobs that wait while nobody takes any."),
  deadGrowth: Threshold.describe("Dead letters more than an hour ago."),
});
export type Thresholds = z.infer<typeof Thresholds>;

export const DEFAULT_THRESHOLDS: Thresholds = {
  depth: { warn: 500, critical: 1_000 },
  oldest: { warn: 300, critical: 1_800 },
  failureRate: { warn: 0.05, critical: 0.25 },
  noConsumer: { warn: null, critical: 0 },
  deadGrowth: { warn: 0, critical: 100 },
};

export type RuleResult = { rule: QueueRule; value: number; level: RuleLevel };

/** What a rule says now, and since when. */
export const RuleState = z.object({ rule: QueueRule, level: RuleLevel, since: z.date(), value: z.number() });
export type RuleState = z.infer<typeof RuleState>;

export const SetThresholds = QueueRef.extend({
  revision: z.number().int().min(0).describe("The revision that was edited, 0 before the first edit; another one is refused."),
  thresholds: Thresholds.nullable().describe("Null goes back to the defaults."),
});
export type SetThresholds = z.infer<typeof SetThresholds>;

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
  connectionName: z.string(),
  /** When the figures were read. */
  readAt: z.date(),
  /** The worst of its rules, and those that are broken. */
  level: RuleLevel,
  broken: z.array(RuleState),
  /** Deepest depth in each of 48 half hours, oldest first; null where nobody looked. */
  sparkline: z.array(z.number().nullable()),
});
export type Queue = z.infer<typeof Queue>;

export const QueueList = z.object({ items: z.array(Queue), nextCursor: z.string().nullable() });
export type QueueList = z.infer<typeof QueueList>;

export const GetSummary = z.object(over).refine(isWhole, NOT_WHOLE);
export type GetSummary = z.infer<typeof GetSummary>;

export const DepthPoint = z.object({
  at: z.date(),
  /** Depth by queue, written `connection/queue`; a queue without a sample in this step is absent. */
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
  /** Queues with a broken rule, by level. */
  warn: z.number().int(),
  critical: z.number().int(),
  connections: z.number().int(),
  /** Connections that do not answer. */
  down: z.array(z.object({ id: z.string(), name: z.string(), since: z.date(), problem: z.string().nullable() })),
  /** Keys that occur in `series`, deepest first, each with the name it is shown by. */
  queues: z.array(z.object({ key: z.string(), label: z.string() })),
  series: z.array(DepthPoint),
});
export type Summary = z.infer<typeof Summary>;

export const Metrics = z.object({ waiting: z.number(), active: z.number(), completed: z.number(), failed: z.number(), delayed: z.number() });
export type Metrics = z.infer<typeof Metrics>;

export const GetQueue = QueueRef.extend(over).refine(isWhole, NOT_WHOLE);
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
  /** The next run where the system tells it; null when it follows from the line. */
  nextAt: z.date().nullable(),
  /** No run comes after this; null when it goes on. */
  endsAt: z.date().nullable(),
  /** Runs that are left; null when nobody counts. */
  left: z.number().int().nullable(),
});
export type QueueSchedule = z.infer<typeof QueueSchedule>;

/** The same with what it means. */
export const ShownSchedule = QueueSchedule.extend({
  /** The line as people say it; null when it is not understood. */
  words: z.string().nullable(),
  /** The next five runs, fewer when it ends before. */
  next: z.array(z.date()),
});
export type ShownSchedule = z.infer<typeof ShownSchedule>;

/** A setting of the queue in the words of its system. */
export const QueueFact = z.object({ label: z.string(), value: z.string() });
export type QueueFact = z.infer<typeof QueueFact>;

/** Milliseconds; null when nothing was measured. */
export const Percentiles = z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable(), count: z.number().int() });
export type Percentiles = z.infer<typeof Percentiles>;

/** One step of a queue's charts: the most of each figure, and the flow by the minute. */
export const QueuePoint = z.object({
  at: z.date(),
  waiting: z.number(),
  delayed: z.number(),
  active: z.number(),
  dead: z.number(),
  oldestWaitingMs: z.number().nullable(),
  donePerMinute: z.number(),
  failedPerMinute: z.number(),
  wait: Percentiles,
  run: Percentiles,
});
export type QueuePoint = z.infer<typeof QueuePoint>;

export const QueueDetail = Queue.extend({
  kind: ConnectionKind,
  can: Abilities,
  facts: z.array(QueueFact),
  workers: z.array(QueueWorker),
  /** Jobs that may begin in one second; null without a cap, or where the system has none. */
  rateCap: z.number().nullable(),
  schedules: z.array(ShownSchedule),
  series: z.array(QueuePoint),
  rules: z.array(RuleState),
  thresholds: Thresholds,
  thresholdsRevision: z.number().int(),
  /** How long jobs of the last hour waited and ran. */
  wait: Percentiles,
  run: Percentiles,
  /** Why the system behind it could not be asked just now; its figures are then the last known. */
  problem: z.string().nullable(),
});
export type QueueDetail = z.infer<typeof QueueDetail>;
