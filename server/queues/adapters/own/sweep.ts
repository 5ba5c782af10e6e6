/**
 * Failed jobs of the own queue put back in line by the thousand: one statement finds them, notes each under its unique key
 * and reopens those that may run. Nothing but counts leaves the database, which is what makes it quick.
 */
import type { Context } from "../../../platform/context.ts";
import { Prisma } from "../../../platform/db.ts";
import { decodeCursor, encodeCursor } from "../../../platform/page.ts";
import { KEEP_WAITING_SECONDS } from "../../../platform/queue/policy.ts";
import { PUT_ASIDE } from "../../outcome-words.ts";
import type { Sweep, Swept } from "../adapter.ts";
import { KEY_TAKEN } from "../boss/act.ts";
import type { Desk } from "../boss/desk.ts";
import { TimeAndId } from "../boss/jobs.ts";
import { matching } from "../boss/matching.ts";
import { isKeyTaken, keyInLine } from "../boss/reopen.ts";

type Row = { met: number; done: number; refused: number; at: string | null; id: string | null };

/**
 * One step: `limit` failed jobs after the cursor, oldest first, that failed before `until`. Those that the operation has
 * noted before are passed by. Rows are locked in the order of the index, so operations that meet wait for each other.
 */
export async function sweepFailed(desk: Desk, ctx: Context, { operation, queue, filter, cursor, until, limit }: Sweep): Promise<Swept> {
  const after = decodeCursor(cursor, TimeAndId);
  const start = after ? Prisma.sql`AND (j.completed_on, j.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty;
  // Ids go from one part to the next as arrays: the planner then looks each up in an index, whatever it believes of the
  // table, which changes faster than its statistics.
  const rows = await ctx.db.$queryRaw<Row[]>`
    WITH met AS MATERIALIZED (
      SELECT j.id, j.completed_on, j.created_on, ${keyInLine()} AS in_line, ${isKeyTaken(desk)} AS is_taken
      FROM pgboss.job_common j
      WHERE j.name = ${queue} AND j.state = 'failed' AND j.completed_on <= ${until} AND ${matching(desk, queue, filter)} ${start}
      ORDER BY j.completed_on, j.id LIMIT ${limit}::int FOR UPDATE OF j
    ), judged AS MATERIALIZED (
      SELECT id, CASE
        WHEN EXISTS (SELECT 1 FROM queue_quarantine a WHERE a.job_id = met.id AND a.released_at IS NULL) THEN ${PUT_ASIDE}
        WHEN is_taken OR row_number() OVER (PARTITION BY in_line ORDER BY created_on, id) > 1 THEN ${KEY_TAKEN} END AS refusal
      FROM met
    ), noted AS (
      INSERT INTO series.queue_operation_item (operation_id, job_id, result, reason)
      SELECT ${operation}, id::text, CASE WHEN refusal IS NULL THEN 'done' ELSE 'refused' END, refusal FROM judged ON CONFLICT DO NOTHING
      RETURNING job_id::uuid AS id, result
    ), reopened AS (
      UPDATE pgboss.job_common j
      SET state = 'created', retry_count = 0, retry_limit = q.retry_limit, started_on = NULL, completed_on = NULL, heartbeat_on = NULL, output = NULL,
        start_after = now(), keep_until = now() + ${KEEP_WAITING_SECONDS}::int * interval '1 second'
      FROM pgboss.queue q
      WHERE q.name = ${queue} AND j.name = ${queue} AND j.id = ANY(ARRAY(SELECT id FROM noted WHERE result = 'done')) RETURNING j.id
    ), freed AS (
      DELETE FROM pgboss.job_common l
      WHERE l.source_id = ANY(ARRAY(SELECT id FROM reopened)) AND l.source_name = ${queue} AND l.state < 'active'
        AND l.name = (SELECT dead_letter FROM pgboss.queue WHERE name = ${queue})
    )
    SELECT (SELECT count(*) FROM met)::int AS met, (SELECT count(*) FROM reopened)::int AS done, (SELECT count(*) FROM noted WHERE result = 'refused')::int AS refused, last.at, last.id
    FROM (VALUES (1)) one LEFT JOIN LATERAL (SELECT completed_on::text AS at, id::text FROM met ORDER BY completed_on DESC, id DESC LIMIT 1) last ON true`;
  const { met = 0, done = 0, refused = 0, at = null, id = null } = rows[0] ?? {};
  return { counts: { done, refused, already: 0, missing: 0 }, nextCursor: met === limit && at !== null && id !== null ? encodeCursor([at, id]) : null };
}
