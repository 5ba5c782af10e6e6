/**
 * The words of telemetry: how the console itself runs. A process is one web or worker process; it renews its row every
 * ten seconds and is gone after a minute of silence. A slow query is a statement whose longest run took 100 ms or more,
 * as PostgreSQL counts statements since its statistics were last reset; its text has placeholders where values stood.
 * Where the database does not count statements, the answer says so and why: that is a state, not an error. Isomorphic.
 */
import * as z from "zod";

export const NoInput = z.object({});

/** A run this long is slow. */
export const SLOW_QUERY_MS = 100;
const MAX_QUERIES = 100;
const DEFAULT_QUERIES = 50;

export const QUERY_SORTS = ["total", "mean", "max", "calls"] as const;
export const QuerySort = z.enum(QUERY_SORTS);
export type QuerySort = z.infer<typeof QuerySort>;

export const ListSlowQueries = z.object({
  /** Statements whose longest run took at least so many milliseconds; 0 lists all. */
  minMs: z.coerce.number().min(0).default(SLOW_QUERY_MS),
  sort: QuerySort.default("total"),
  limit: z.coerce.number().int().min(1).max(MAX_QUERIES).default(DEFAULT_QUERIES),
});
export type ListSlowQueries = z.infer<typeof ListSlowQueries>;

/** `notInstalled`: the extension is missing in this database. `notLoaded`: the server does not load it at its start. */
export const STATISTICS_STATES = ["available", "notInstalled", "notLoaded"] as const;
export const StatisticsState = z.enum(STATISTICS_STATES);
export type StatisticsState = z.infer<typeof StatisticsState>;

export const SlowQuery = z.object({
  id: z.string(),
  text: z.string(),
  calls: z.number(),
  totalMs: z.number(),
  meanMs: z.number(),
  maxMs: z.number(),
  /** Rows returned or changed, all calls together. */
  rows: z.number(),
});
export type SlowQuery = z.infer<typeof SlowQuery>;

export const SlowQueries = z.object({
  state: StatisticsState,
  /** Counted since; null when the database does not count. */
  since: z.date().nullable(),
  items: z.array(SlowQuery),
  /** Always null: the longest list is one page. */
  nextCursor: z.null(),
});
export type SlowQueries = z.infer<typeof SlowQueries>;

export const Process = z.object({
  id: z.string(),
  role: z.string(),
  host: z.string(),
  pid: z.number().int(),
  version: z.string(),
  startedAt: z.date(),
  lastSeenAt: z.date(),
  /** False after three missed renewals. */
  isAlive: z.boolean(),
  /** Resident memory; null until the process told. */
  memoryBytes: z.number().nullable(),
  /** 99th percentile of how late timers ran since the last report. */
  eventLoopLagMs: z.number().nullable(),
  openConnections: z.number().nullable(),
});
export type Process = z.infer<typeof Process>;

export const ProcessList = z.object({ items: z.array(Process), nextCursor: z.null() });
export type ProcessList = z.infer<typeof ProcessList>;

export const Done = z.object({ done: z.literal(true) });
export type Done = z.infer<typeof Done>;
