/** What pg-boss's tables tell and allow of a queue as a whole. */
import type { Context } from "../../../platform/context.ts";
import { Prisma } from "../../../platform/db.ts";
import { AppError } from "../../../platform/errors.ts";
import type { QueueFact, QueueSchedule } from "../../schema/index.ts";
import { isLetter, table, type Desk } from "./desk.ts";
import { policyInWords } from "./policy-words.ts";

type SettingsRow = { policy: string; retries: number; retryDelay: number; hasBackoff: boolean; expireSeconds: number; letters: string | null };

/** The queue's settings in words. Throws `not_found`. */
export async function readFacts(desk: Desk, ctx: Context, queue: string): Promise<QueueFact[]> {
  const [row] = await desk.run<SettingsRow>(
    ctx,
    Prisma.sql`SELECT policy, retry_limit AS retries, retry_delay AS "retryDelay", retry_backoff AS "hasBackoff", expire_seconds AS "expireSeconds", dead_letter AS letters
      FROM ${table(desk, "queue")} WHERE name = ${queue}`,
  );
  if (!row) throw new AppError("not_found", `There is no queue ${queue}.`);
  return [
    { label: "Retries", value: String(row.retries) },
    { label: "Pause before a retry", value: `${row.retryDelay} s${row.hasBackoff ? ", twice as long each time" : ""}` },
    { label: "Longest run", value: `${row.expireSeconds} s` },
    { label: "Policy", value: policyInWords(row.policy) },
    { label: "Dead letters go to", value: row.letters ?? "nowhere: failed jobs stay here" },
  ];
}

type ScheduleRow = { key: string; kind: "cron" | "rrule"; line: string; zone: string };

/** Clocks that add jobs to the queue. */
export async function readSchedules(desk: Desk, ctx: Context, queue: string): Promise<QueueSchedule[]> {
  // Versions without `kind` know cron lines only; reading the row as JSON spares asking which one this is.
  const rows = await desk.run<ScheduleRow>(
    ctx,
    Prisma.sql`SELECT coalesce(to_jsonb(s)->>'key', '') AS key, coalesce(to_jsonb(s)->>'kind', 'cron') AS kind, s.cron AS line, coalesce(s.timezone, 'UTC') AS zone
      FROM ${table(desk, "schedule")} s WHERE s.name = ${queue} ORDER BY 1`,
  );
  return rows.map((row) => ({ ...row, nextAt: null, endsAt: null, left: null }));
}

/** Deletes what waits and is delayed. Returns how many. */
export async function drain(desk: Desk, ctx: Context, queue: string): Promise<number> {
  const [row] = await desk.run<{ count: number }>(
    ctx,
    Prisma.sql`WITH gone AS (DELETE FROM ${table(desk, "job")} j WHERE j.name = ${queue} AND j.state < 'active' AND NOT ${isLetter(desk)} RETURNING 1) SELECT count(*)::int AS count FROM gone`,
  );
  return row?.count ?? 0;
}

/** Adds a job with the queue's own settings; `data` is JSON text. Returns its id. Throws `not_found` or `conflict`. */
export async function addJob(desk: Desk, ctx: Context, job: { queue: string; data: string; priority?: number }): Promise<string> {
  const heartbeat = desk.has("heartbeat_seconds");
  const key = desk.unkeyed === null ? Prisma.sql`NULL` : Prisma.sql`${desk.unkeyed} || gen_random_uuid()::text`;
  const [row] = await desk.run<{ id: string | null }>(
    ctx,
    Prisma.sql`
    WITH made AS (
      INSERT INTO ${table(desk, "job")} (name, data, priority, retry_limit, retry_delay, retry_backoff, retry_delay_max, expire_seconds, deletion_seconds, keep_until, policy,
        singleton_key, dead_letter ${heartbeat ? Prisma.sql`, heartbeat_seconds` : Prisma.empty})
      SELECT q.name, ${job.data}::jsonb, ${job.priority ?? 0}::int, q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max, q.expire_seconds, q.deletion_seconds,
        now() + q.retention_seconds * interval '1 second', q.policy, ${key}, q.dead_letter ${heartbeat ? Prisma.sql`, q.heartbeat_seconds` : Prisma.empty}
      FROM ${table(desk, "queue")} q WHERE q.name = ${job.queue}
      ON CONFLICT DO NOTHING RETURNING id::text)
    SELECT (SELECT id FROM made) AS id FROM ${table(desk, "queue")} WHERE name = ${job.queue}`,
  );
  if (!row) throw new AppError("not_found", `There is no queue ${job.queue}.`);
  if (row.id === null) throw new AppError("conflict", "The queue admits one job of this kind at a time, and one waits or runs already.");
  return row.id;
}

/** Adds the job that a schedule adds. */
export async function runSchedule(desk: Desk, ctx: Context, wanted: { queue: string; key: string }): Promise<string> {
  const rows = await desk.run<{ key: string; data: string; priority: number }>(
    ctx,
    Prisma.sql`SELECT coalesce(to_jsonb(s)->>'key', '') AS key, coalesce(s.data, 'null')::text AS data, coalesce((s.options->>'priority')::int, 0) AS priority
      FROM ${table(desk, "schedule")} s WHERE s.name = ${wanted.queue}`,
  );
  const schedule = rows.find((row) => row.key === wanted.key);
  if (!schedule) throw new AppError("not_found", "There is no such schedule. It may have been removed.");
  return addJob(desk, ctx, { queue: wanted.queue, data: schedule.data, priority: schedule.priority });
}
