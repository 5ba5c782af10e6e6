/** Puts failed jobs and dead letters back in line as first attempts, as pg-boss itself would. */
import type { Context } from "../../../platform/context.ts";
import { Prisma } from "../../../platform/db.ts";
import { table, type Desk } from "./desk.ts";

const EXCLUSIVE = Prisma.raw(`'short', 'stately', 'exclusive'`);

/** True while another job stands where the job `j` would be put: pg-boss's unique indexes job_i1, job_i3 and job_i6. */
export function isKeyTaken(desk: Desk): Prisma.Sql {
  const job = table(desk, "job");
  const same = Prisma.sql`o.name = j.name AND o.id <> j.id AND coalesce(o.singleton_key, '') = coalesce(j.singleton_key, '')`;
  return Prisma.sql`CASE j.policy
    WHEN 'exclusive' THEN EXISTS (SELECT 1 FROM ${job} o WHERE ${same} AND o.state <= 'active' AND o.policy = 'exclusive')
    WHEN 'short' THEN EXISTS (SELECT 1 FROM ${job} o WHERE ${same} AND o.state = 'created' AND o.policy = 'short')
    WHEN 'stately' THEN EXISTS (SELECT 1 FROM ${job} o WHERE ${same} AND o.state = 'created' AND o.policy = 'stately')
    ELSE false END`;
}

/** What of the job `j` must be alone in line: its key where the policy admits one job a key, else the job itself. */
export const keyInLine = (): Prisma.Sql => Prisma.sql`CASE WHEN j.policy IN (${EXCLUSIVE}) THEN coalesce(j.singleton_key, '') ELSE j.id::text END`;

/** Reopens failed records. Returns the ids that are back in line; the others' keys are taken. */
export async function reopen(desk: Desk, ctx: Context, wanted: { queue: string; ids: readonly string[] }): Promise<Set<string>> {
  if (wanted.ids.length === 0) return new Set();
  const heartbeat = desk.has("heartbeat_on") ? Prisma.sql`heartbeat_on = NULL,` : Prisma.empty;
  const rows = await desk.run<{ id: string }>(
    ctx,
    Prisma.sql`
    WITH chosen AS (
      SELECT DISTINCT ON (${keyInLine()}) j.id
      FROM ${table(desk, "job")} j
      WHERE j.name = ${wanted.queue} AND j.id = ANY(${[...wanted.ids]}::uuid[]) AND j.state IN ('failed', 'cancelled') AND NOT ${isKeyTaken(desk)}
      ORDER BY ${keyInLine()}, j.created_on)
    UPDATE ${table(desk, "job")} AS t
    SET state = 'created', retry_count = 0, retry_limit = q.retry_limit, started_on = NULL, completed_on = NULL, output = NULL, ${heartbeat}
        start_after = now(), keep_until = now() + ${desk.keepWaitingSeconds}::int * interval '1 second'
    FROM ${table(desk, "queue")} q, chosen
    WHERE q.name = t.name AND t.name = ${wanted.queue} AND t.id = chosen.id
    RETURNING t.id::text AS id`,
  );
  return new Set(rows.map((row) => row.id));
}

/** Columns a job keeps when it comes back, where the version has them. */
const KEPT = ["group_id", "group_tier"];

/** Makes new jobs of letters whose records are gone. Returns the letters that became jobs; the others' keys are taken. */
export async function remake(desk: Desk, ctx: Context, wanted: { queue: string; letters: readonly string[] }): Promise<Set<string>> {
  if (wanted.letters.length === 0) return new Set();
  const kept = KEPT.filter((name) => desk.has(name));
  const into = Prisma.raw(["", ...kept, ...(desk.has("heartbeat_seconds") ? ["heartbeat_seconds"] : []), ...(desk.has("source_root_id") ? ["source_root_id"] : [])].join(", "));
  const values = Prisma.raw(
    ["", ...kept.map((name) => `m.${name}`), ...(desk.has("heartbeat_seconds") ? ["q.heartbeat_seconds"] : []), ...(desk.has("source_root_id") ? ["coalesce(m.source_root_id, m.source_id)"] : [])].join(", "),
  );
  const job = table(desk, "job");
  const rows = await desk.run<{ id: string }>(
    ctx,
    Prisma.sql`
    WITH candidates AS MATERIALIZED (
      SELECT m.name, m.id, gen_random_uuid() AS new_id FROM ${job} m JOIN ${table(desk, "queue")} q ON q.name = m.source_name
      WHERE m.name = (SELECT dead_letter FROM ${table(desk, "queue")} WHERE name = ${wanted.queue}) AND m.id = ANY(${[...wanted.letters]}::uuid[])
        AND m.source_name = ${wanted.queue} AND m.state < 'active'),
    made AS (
      INSERT INTO ${job} (id, name, data, priority, retry_limit, retry_backoff, retry_delay, retry_delay_max, expire_seconds, start_after, created_on,
        keep_until, deletion_seconds, policy, singleton_key, dead_letter ${into})
      SELECT c.new_id, m.source_name, m.data, m.priority, q.retry_limit, q.retry_backoff, q.retry_delay, q.retry_delay_max, q.expire_seconds, now(), now(),
        now() + q.retention_seconds * interval '1 second', q.deletion_seconds, q.policy, m.singleton_key, q.dead_letter ${values}
      FROM candidates c JOIN ${job} m ON m.name = c.name AND m.id = c.id JOIN ${table(desk, "queue")} q ON q.name = m.source_name
      ON CONFLICT DO NOTHING RETURNING id)
    DELETE FROM ${job} d USING candidates c, made WHERE made.id = c.new_id AND d.name = c.name AND d.id = c.id RETURNING d.id::text AS id`,
  );
  return new Set(rows.map((row) => row.id));
}

/** Deletes rows of a queue and its dead letters by id, except what runs. Returns the ids that went. */
export async function removeRows(desk: Desk, ctx: Context, wanted: { queue: string; ids: readonly string[] }): Promise<Set<string>> {
  if (wanted.ids.length === 0) return new Set();
  const rows = await desk.run<{ id: string }>(
    ctx,
    Prisma.sql`
    DELETE FROM ${table(desk, "job")} WHERE id = ANY(${[...wanted.ids]}::uuid[]) AND state <> 'active'
      AND name IN (${wanted.queue}, (SELECT dead_letter FROM ${table(desk, "queue")} WHERE name = ${wanted.queue})) RETURNING id::text`,
  );
  return new Set(rows.map((row) => row.id));
}
