/** Jobs of pg-boss's table: lists newest first, ids for bulk operations, one job with all that is known of it. */
import * as z from "zod";
import type { Context } from "../../../platform/context.ts";
import { Prisma } from "../../../platform/db.ts";
import { decodeCursor, encodeCursor, toPage } from "../../../platform/page.ts";
import { showJson } from "../../payload/json-text.ts";
import type { Attempt, Job, JobDetail, JobState, TimelineEntry } from "../../schema/index.ts";
import type { FoundIds, FoundJobs, JobQuery } from "../adapter.ts";
import { column, isLetter, table, type Desk } from "./desk.ts";
import { errorOf, inState, matching, outputOf } from "./matching.ts";
import { policyInWords } from "./policy-words.ts";

/** `2027-01-15T02:00` of an ISO time. */
const MINUTES_LENGTH = 16;

type Listed = Omit<Job, "connection">;
/** `sortedBy` orders the list, as exact text. */
type Row = Omit<Listed, "durationMs" | "name"> & { sortedBy: string };

/** The time that a state's list is ordered by: since when a job is in it, or from when on it may run. */
const SORTED_BY: Record<JobState, Prisma.Sql> = {
  waiting: Prisma.sql`j.start_after`,
  delayed: Prisma.sql`j.start_after`,
  active: Prisma.sql`j.started_on`,
  failed: Prisma.sql`j.completed_on`,
  completed: Prisma.sql`j.completed_on`,
  dead: Prisma.sql`j.created_on`,
};

const stateOf = (desk: Desk) => Prisma.sql`CASE
  WHEN ${isLetter(desk)} THEN 'dead'
  WHEN j.state IN ('active', 'completed') THEN j.state::text
  WHEN j.state IN ('failed', 'cancelled') THEN 'failed'
  WHEN j.start_after > now() THEN 'delayed' ELSE 'waiting' END`;

function columns(desk: Desk): Prisma.Sql {
  const letter = isLetter(desk);
  return Prisma.sql`
    j.id::text, coalesce(${column(desk, "source_name", "NULL")}, j.name) AS queue, ${stateOf(desk)} AS state, -j.priority AS priority, j.singleton_key AS key,
    coalesce(${column(desk, "source_retry_count", "NULL")}, j.retry_count) + 1 AS attempt,
    CASE WHEN ${letter} THEN coalesce(${column(desk, "source_retry_count", "NULL")}, 0) ELSE j.retry_limit END + 1 AS "maxAttempts",
    coalesce(${column(desk, "source_created_on", "NULL")}, j.created_on) AS "createdAt", j.start_after AS "startAfter", j.started_on AS "startedAt",
    CASE WHEN ${letter} THEN j.created_on ELSE j.completed_on END AS "finishedAt",
    CASE WHEN j.state = 'completed' THEN NULL ELSE ${errorOf(desk)} END AS error`;
}

/** What pg-boss writes for jobs whose worker did not settle them, in words for people. */
const RESCUE_WORDS: Record<string, string> = {
  "job heartbeat timeout": "The worker stopped answering while it ran this job.",
  "job timed out": "The worker neither finished this job in time nor gave it up.",
};

/** The error as people should read it. */
export const inWords = (error: string | null) => (error === null ? null : (RESCUE_WORDS[error] ?? error));

function present(desk: Desk, { sortedBy: _sort, ...row }: Row): Listed {
  return {
    ...row,
    name: row.queue,
    key: desk.unkeyed !== null && row.key?.startsWith(desk.unkeyed) ? null : row.key,
    durationMs: row.startedAt && row.finishedAt ? row.finishedAt.getTime() - row.startedAt.getTime() : null,
    error: inWords(row.error),
  };
}

/** Where a list goes on: the exact time and the id that it was at. */
export const TimeAndId = z.tuple([z.string(), z.uuid()]);

/** One page, newest first. pg-boss keeps its jobs in a table, so everything is searched. */
export async function listJobs(desk: Desk, ctx: Context, query: JobQuery): Promise<FoundJobs> {
  const { queue, state, filter, cursor, limit } = query;
  const after = decodeCursor(cursor, TimeAndId);
  const sortedBy = SORTED_BY[state];
  const start = after ? Prisma.sql`AND (${sortedBy}, j.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty;
  const rows = await desk.run<Row>(
    ctx,
    Prisma.sql`
    SELECT ${columns(desk)}, (${sortedBy})::text AS "sortedBy" FROM ${table(desk, "job")} j
    WHERE ${inState(desk, queue, state)} AND ${matching(desk, queue, filter)} ${start}
    ORDER BY ${sortedBy} DESC, j.id DESC LIMIT ${limit + 1}::int`,
  );
  const page = toPage(rows, limit, (row) => [row.sortedBy, row.id]);
  return { items: page.items.map((row) => present(desk, row)), nextCursor: page.nextCursor, scan: null };
}

/** Ids in the order of their time and id, oldest first: what is added meanwhile comes last. */
export async function findIds(desk: Desk, ctx: Context, query: JobQuery): Promise<FoundIds> {
  const { queue, state, filter, cursor, limit, until } = query;
  const after = decodeCursor(cursor, TimeAndId);
  const sortedBy = SORTED_BY[state];
  const since = state === "waiting" || state === "delayed" ? Prisma.sql`j.created_on` : sortedBy;
  const end = until ? Prisma.sql`AND ${since} <= ${until}` : Prisma.empty;
  const start = after ? Prisma.sql`AND (${sortedBy}, j.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty;
  const rows = await desk.run<{ id: string; at: string }>(
    ctx,
    Prisma.sql`
    SELECT j.id::text, (${sortedBy})::text AS at FROM ${table(desk, "job")} j
    WHERE ${inState(desk, queue, state)} AND ${matching(desk, queue, filter)} ${start} ${end}
    ORDER BY ${sortedBy}, j.id LIMIT ${limit}::int`,
  );
  const last = rows.at(-1);
  return { ids: rows.map((row) => row.id), nextCursor: rows.length === limit && last ? encodeCursor([last.at, last.id]) : null, looked: rows.length };
}

/** A job's data is shown up to this length; the rest is told as a number of bytes. */
const DATA_SHOWN = 262_144;

type Output = { message?: string; stack?: string; cause?: string; value?: { message?: string } } | null;
type DetailRow = Row & {
  data: string | null;
  dataBytes: number | null;
  output: Output;
  heartbeatAt: Date | null;
  relatedId: string | null;
  policy: string | null;
  expireSeconds: number;
  retryDelay: number;
  hasBackoff: boolean;
  keepUntil: Date;
  lettersQueue: string | null;
};

function optionsOf(row: DetailRow): JobDetail["options"] {
  return [
    { label: "Longest run", value: `${row.expireSeconds} s` },
    { label: "Pause between attempts", value: `${row.retryDelay} s${row.hasBackoff ? ", twice as long each time" : ""}` },
    { label: "Kept until", value: `${row.keepUntil.toISOString().slice(0, MINUTES_LENGTH).replace("T", " ")} UTC` },
    ...(row.policy ? [{ label: "Policy", value: policyInWords(row.policy) }] : []),
    ...(row.lettersQueue ? [{ label: "Dead letters go to", value: row.lettersQueue }] : []),
  ];
}

function timelineOf(row: DetailRow): TimelineEntry[] {
  const entries: (TimelineEntry | null)[] = [
    row.createdAt && { at: row.createdAt, what: "Added" },
    row.startAfter && row.createdAt && row.startAfter.getTime() - row.createdAt.getTime() > 0 ? { at: row.startAfter, what: "May start" } : null,
    row.startedAt && { at: row.startedAt, what: `Attempt ${row.attempt} started` },
    row.finishedAt && { at: row.finishedAt, what: row.state === "completed" ? "Done" : row.state === "dead" ? "Became a dead letter" : "Failed for good" },
  ];
  return entries.filter((entry) => entry !== null).sort((a, b) => a.at.getTime() - b.at.getTime());
}

function lastAttempt(row: DetailRow): Attempt[] {
  if (row.error === null) return [];
  const { stack = null, cause = null } = row.output ?? {};
  // A job that waits for its next attempt shows the error of the one before.
  const number = row.state === "waiting" || row.state === "delayed" ? row.attempt - 1 : row.attempt;
  return [{ number: Math.max(1, number), startedAt: row.startedAt, endedAt: row.finishedAt, error: inWords(row.error), cause, stack, worker: null }];
}

/** One job or dead letter. Null when there is none, also when it was cleaned away by its age. */
export async function getJob(desk: Desk, ctx: Context, { queue, id }: { queue: string; id: string }): Promise<Omit<JobDetail, "connection" | "redrives"> | null> {
  if (!z.uuid().safeParse(id).success) return null;
  const letter = isLetter(desk);
  const related = desk.has("source_id")
    ? Prisma.sql`coalesce(j.source_id, (SELECT l.id FROM ${table(desk, "job")} l WHERE l.name = j.dead_letter AND l.source_id = j.id AND j.state = 'failed' LIMIT 1))::text`
    : Prisma.sql`NULL::text`;
  const [row] = await desk.run<DetailRow>(
    ctx,
    Prisma.sql`
    SELECT ${columns(desk)}, '' AS "sortedBy", left(j.data::text, ${DATA_SHOWN}::int) AS data, octet_length(j.data::text) AS "dataBytes",
      ${outputOf(desk)} AS output, ${column(desk, "heartbeat_on", "NULL::timestamptz")} AS "heartbeatAt", ${related} AS "relatedId",
      j.policy, j.expire_seconds AS "expireSeconds", j.retry_delay AS "retryDelay", j.retry_backoff AS "hasBackoff", j.keep_until AS "keepUntil", j.dead_letter AS "lettersQueue"
    FROM ${table(desk, "job")} j
    WHERE j.id = ${id}::uuid AND (j.name = ${queue} OR (${letter} AND ${column(desk, "source_name", "NULL")} = ${queue}))`,
  );
  if (!row) return null;
  const job = present(desk, row);
  const { data, dataBytes, heartbeatAt, relatedId } = row;
  return {
    id: job.id, queue: job.queue, name: job.name, state: job.state, priority: job.priority, key: job.key, attempt: job.attempt, maxAttempts: job.maxAttempts,
    createdAt: job.createdAt, startAfter: job.startAfter, startedAt: job.startedAt, finishedAt: job.finishedAt, durationMs: job.durationMs, error: job.error,
    data: showJson(data ?? "null", dataBytes ?? 4),
    options: optionsOf(row),
    attempts: lastAttempt(row),
    attemptsNote: "pg-boss keeps the error of the last attempt only.",
    timeline: timelineOf(row),
    logs: [],
    heartbeatAt,
    sourceQueue: job.state === "dead" ? job.queue : null,
    relatedId,
  };
}
