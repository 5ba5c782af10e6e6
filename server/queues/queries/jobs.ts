import * as z from "zod";
import { maskSecrets } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { DEAD_LETTERS, UNKEYED } from "../../platform/queue/policy.ts";
import type { ByJob, Job, JobDetail, JobPage, JobState, ListJobs } from "../schema.ts";

/** A job or a dead letter as it lies in the table; a letter carries the queue and the history of the job it was. */
type Row = {
  id: string;
  queue: string;
  state: JobState;
  priority: number;
  key: string | null;
  attempt: number;
  maxAttempts: number;
  createdAt: Date;
  startAfter: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  output: { message?: string; stack?: string; cause?: string; value?: { message?: string } } | null;
  /** Time that orders the list, as exact text. */
  sortedBy: string;
};

const isLetter = Prisma.sql`j.name = ${DEAD_LETTERS}`;
const stateOf = Prisma.sql`CASE
  WHEN ${isLetter} THEN 'dead'
  WHEN j.state IN ('active', 'completed', 'failed') THEN j.state::text
  WHEN j.start_after > now() THEN 'delayed' ELSE 'waiting' END`;
const sortedBy = Prisma.sql`CASE j.state WHEN 'active' THEN j.started_on WHEN 'completed' THEN j.completed_on WHEN 'failed' THEN j.completed_on ELSE j.created_on END`;

const columns = Prisma.sql`
  j.id::text, coalesce(j.source_name, j.name) AS queue, ${stateOf} AS state, -j.priority AS priority, j.singleton_key AS key,
  coalesce(j.source_retry_count, j.retry_count) + 1 AS attempt,
  CASE WHEN ${isLetter} THEN coalesce(j.source_retry_count, 0) ELSE j.retry_limit END + 1 AS "maxAttempts",
  coalesce(j.source_created_on, j.created_on) AS "createdAt", j.start_after AS "startAfter", j.started_on AS "startedAt",
  CASE WHEN ${isLetter} THEN j.created_on ELSE j.completed_on END AS "finishedAt",
  CASE WHEN ${isLetter} THEN j.source_output ELSE j.output END AS output,
  (${sortedBy})::text AS "sortedBy"`;

const CONDITION: Record<JobState, Prisma.Sql> = {
  waiting: Prisma.sql`j.state < 'active' AND j.start_after <= now()`,
  delayed: Prisma.sql`j.state < 'active' AND j.start_after > now()`,
  active: Prisma.sql`j.state = 'active'`,
  failed: Prisma.sql`j.state = 'failed'`,
  completed: Prisma.sql`j.state = 'completed'`,
  dead: Prisma.sql`j.state < 'active'`,
};

/** What pg-boss writes for jobs whose worker did not settle them, in words for people. */
const RESCUE_WORDS: Record<string, string> = {
  "job heartbeat timeout": "The worker stopped answering while it ran this job.",
  "job timed out": "The worker neither finished this job in time nor gave it up.",
};

function present({ output, sortedBy: _sort, ...row }: Row): Job {
  const raw = row.state === "completed" ? null : (output?.message ?? output?.value?.message ?? null);
  return {
    ...row,
    key: row.key?.startsWith(UNKEYED) ? null : row.key,
    durationMs: row.startedAt && row.finishedAt ? row.finishedAt.getTime() - row.startedAt.getTime() : null,
    error: raw === null ? null : (RESCUE_WORDS[raw] ?? raw),
  };
}

const Cursor = z.tuple([z.string(), z.uuid()]);

/** Jobs of a queue in one state, newest first. */
export async function listJobs(ctx: Context, input: ListJobs): Promise<JobPage> {
  const { queue, state, cursor, limit } = input;
  const after = decodeCursor(cursor, Cursor);
  const place = state === "dead" ? Prisma.sql`j.name = ${DEAD_LETTERS} AND j.source_name = ${queue}` : Prisma.sql`j.name = ${queue}`;
  const start = after ? Prisma.sql`AND (${sortedBy}, j.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty;
  const rows = await ctx.db.$queryRaw<Row[]>`
    SELECT ${columns} FROM pgboss.job j
    WHERE ${place} AND ${CONDITION[state]} ${start}
    ORDER BY ${sortedBy} DESC, j.id DESC LIMIT ${limit + 1}`;
  const page = toPage(rows, limit, (row) => [row.sortedBy, row.id]);
  return { items: page.items.map(present), nextCursor: page.nextCursor };
}

type DetailRow = Row & { data: unknown; heartbeatAt: Date | null; relatedId: string | null };

/** One job or dead letter with its input and last error. Throws `not_found`, also when it was cleaned away by its age. */
export async function getJob(ctx: Context, input: ByJob): Promise<JobDetail> {
  const [row] = await ctx.db.$queryRaw<DetailRow[]>`
    SELECT ${columns}, j.data, j.heartbeat_on AS "heartbeatAt",
      coalesce(j.source_id, (SELECT l.id FROM pgboss.job l WHERE l.name = ${DEAD_LETTERS} AND l.source_id = j.id AND j.state = 'failed' LIMIT 1))::text AS "relatedId"
    FROM pgboss.job j
    WHERE j.id = ${input.id}::uuid AND (j.name = ${input.queue} OR (${isLetter} AND j.source_name = ${input.queue}))`;
  if (!row) throw new AppError("not_found", "There is no such job. Completed jobs are kept for an hour, failed ones for a day.");
  const { data, heartbeatAt, relatedId, ...job } = row;
  const masked = (maskSecrets(data) ?? null) as JobDetail["input"];
  return { ...present(job), input: masked, stack: job.output?.stack ?? null, cause: job.output?.cause ?? null, heartbeatAt, relatedId };
}
