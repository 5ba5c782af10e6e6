import type { Context } from "../../platform/context.ts";
import type { Policy, QueueRef, QuarantineList } from "../schema/index.ts";

const NONE: Policy = { neverRetry: null, concurrency: null, updatedAt: null, updatedBy: null };

/** What a person decided about a queue; nothing when nobody did. */
export async function getPolicy(ctx: Context, { connection, queue }: QueueRef): Promise<Policy> {
  const row = await ctx.db.queuePolicy.findUnique({ where: { connectionId_queue: { connectionId: connection, queue } } });
  return row ? { neverRetry: row.neverRetry, concurrency: row.concurrency, updatedAt: row.updatedAt, updatedBy: row.updatedBy } : NONE;
}

const MOST_SHOWN = 200;

/** Own jobs put aside because they ended the life of three workers, newest first. */
export async function listQuarantine(ctx: Context): Promise<QuarantineList> {
  const items = await ctx.db.queueQuarantine.findMany({ where: { releasedAt: null }, orderBy: { at: "desc" }, take: MOST_SHOWN, select: { jobId: true, queue: true, deaths: true, at: true } });
  return { items };
}

/** Which of these own jobs or dead letters are put aside, by the id that was asked for; with the job's own id. */
export async function readAside(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.db.$queryRaw<{ id: string; jobId: string }[]>`
    SELECT i.id, q.job_id::text AS "jobId" FROM unnest(${[...ids]}::text[]) AS i(id) JOIN queue_quarantine q ON q.job_id::text = i.id AND q.released_at IS NULL
    UNION ALL
    SELECT l.id::text, q.job_id::text FROM queue_quarantine q JOIN pgboss.job l ON l.source_id = q.job_id
    WHERE q.released_at IS NULL AND l.id::text = ANY(${[...ids]}::text[])`;
  return new Map(rows.map((row) => [row.id, row.jobId]));
}
