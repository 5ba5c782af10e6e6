/** Moves jobs to the dead letters by hand, as if their last attempt had failed. */
import type { Context } from "../../../platform/context.ts";
import { Prisma } from "../../../platform/db.ts";
import type { Outcome } from "../../schema/index.ts";
import type { JobBatch } from "../adapter.ts";
import { table, type Desk } from "./desk.ts";
import { already, done, missing, refused, type Unit } from "./units.ts";

const BY_HAND = JSON.stringify({ message: "Moved to the dead letters by hand." });

async function write(desk: Desk, ctx: Context, wanted: { queue: string; ids: string[] }): Promise<Set<string>> {
  if (wanted.ids.length === 0) return new Set();
  const job = table(desk, "job");
  const has = (name: string) => desk.has(name);
  const into = ["", ...(has("group_id") ? ["group_id", "group_tier"] : []), ...(has("heartbeat_seconds") ? ["heartbeat_seconds"] : []), ...(has("source_output") ? ["source_output", "source_root_id"] : [])];
  const from = ["", ...(has("group_id") ? ["r.group_id", "r.group_tier"] : []), ...(has("heartbeat_seconds") ? ["q.heartbeat_seconds"] : []), ...(has("source_output") ? ["r.output", "coalesce(r.source_root_id, r.id)"] : [])];
  const rows = await desk.run<{ id: string }>(
    ctx,
    Prisma.sql`
    WITH failed AS (
      UPDATE ${job} SET state = 'failed', completed_on = now(), output = CASE WHEN state = 'failed' THEN output ELSE ${BY_HAND}::jsonb END
      WHERE name = ${wanted.queue} AND id = ANY(${wanted.ids}::uuid[]) AND state <> 'active' AND state <> 'completed' AND dead_letter IS NOT NULL RETURNING *),
    letters AS (
      INSERT INTO ${job} (name, priority, data, retry_limit, retry_backoff, retry_delay, start_after, created_on, keep_until, deletion_seconds, expire_seconds, singleton_key,
        source_name, source_id, source_created_on, source_retry_count ${Prisma.raw(into.join(", "))})
      SELECT r.dead_letter, r.priority, r.data, q.retry_limit, q.retry_backoff, q.retry_delay, now(), now(), now() + q.retention_seconds * interval '1 second', q.deletion_seconds,
        q.expire_seconds, r.singleton_key, r.name, r.id, r.created_on, r.retry_count ${Prisma.raw(from.join(", "))}
      FROM failed r JOIN ${table(desk, "queue")} q ON q.name = r.dead_letter RETURNING source_id)
    SELECT source_id::text AS id FROM letters`,
  );
  return new Set(rows.map((row) => row.id));
}

/** Waiting, delayed and failed jobs become dead letters. */
export async function buryByHand({ desk, ctx, batch, units }: { desk: Desk; ctx: Context; batch: JobBatch; units: Unit[] }): Promise<Outcome[]> {
  if (!desk.has("source_name")) return units.map(({ id }) => refused(id, "This version of pg-boss does not record where a dead letter came from."));
  const ids = units.flatMap((unit) => (unit.record && !unit.letter && unit.record.state !== "active" && unit.record.state !== "completed" ? [unit.record.id] : []));
  const buried = await write(desk, ctx, { queue: batch.queue, ids });
  return units.map((unit) => {
    if (unit.letter) return already(unit.id, "It is a dead letter already.");
    if (!unit.record) return missing(unit.id);
    if (buried.has(unit.record.id)) return done(unit.id);
    return refused(unit.id, ids.includes(unit.record.id) ? "This queue has no queue for its dead letters." : "It runs or is done.");
  });
}
