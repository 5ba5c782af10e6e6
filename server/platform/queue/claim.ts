/**
 * Takes jobs for a worker: one statement looks into all of its queues, claims what may start and notes who took it, so
 * two workers never get the same job and a queue that is paused gives none. Highest priority first, then oldest.
 */
import type pg from "pg";
import type { Claim } from "./settle.ts";

/** A kind of job this worker runs: how many at once as declared, and how many run now. */
export type Want = { name: string; places: number; used: number };

export type Taken = Claim & { data: unknown };

/** What one look found. `places` are those in force: the declared ones, or what an operator set instead. */
export type Catch = { taken: Taken[]; places: Map<string, number> };

// While a job runs, `group_tier` names the process that runs it. pg-boss copies the column when an attempt fails and
// reads it only with group concurrency, which our queues do not use.
const CLAIM_SQL = `
  WITH want AS MATERIALIZED (
    SELECT w.name, w.turn, coalesce(p.concurrency, w.places) AS places, w.used, p.paused_at IS NOT NULL AS is_paused
    FROM unnest($1::text[], $2::int[], $3::int[]) WITH ORDINALITY AS w(name, places, used, turn)
    LEFT JOIN queue_policy p ON p.connection_id = 'own' AND p.queue = w.name
  ), next AS MATERIALIZED (
    SELECT ready.name, ready.id
    FROM (SELECT * FROM want WHERE NOT is_paused AND places > used ORDER BY turn) open
    CROSS JOIN LATERAL (
      SELECT j.name, j.id FROM pgboss.job_common j
      WHERE j.name = open.name AND j.state < 'active' AND NOT j.blocked AND j.start_after <= now()
      ORDER BY j.priority DESC, j.created_on LIMIT open.places - open.used FOR UPDATE SKIP LOCKED
    ) ready
    LIMIT $4
  ), taken AS (
    UPDATE pgboss.job_common j
    SET state = 'active', started_on = now(), heartbeat_on = now(), group_tier = $5,
        retry_count = CASE WHEN j.started_on IS NULL THEN j.retry_count ELSE j.retry_count + 1 END
    FROM next WHERE j.name = next.name AND j.id = next.id
    RETURNING j.name, j.id, j.data, j.retry_count, j.priority, j.created_on
  )
  SELECT want.name, want.places, taken.id, taken.data, taken.retry_count AS "retryCount"
  FROM want LEFT JOIN taken ON taken.name = want.name
  ORDER BY want.turn, taken.priority DESC, taken.created_on`;

type Row = { name: string; places: number; id: string | null; data: unknown; retryCount: number | null };

/** Claims at most `most` jobs over the wanted kinds, in their order. */
export async function claim(pool: pg.Pool, wants: Want[], options: { most: number; worker: string }): Promise<Catch> {
  const values = [wants.map((want) => want.name), wants.map((want) => want.places), wants.map((want) => want.used), options.most, options.worker];
  const { rows } = await pool.query<Row>(CLAIM_SQL, values);
  const taken: Taken[] = [];
  const places = new Map<string, number>();
  for (const row of rows) {
    places.set(row.name, row.places);
    if (row.id !== null && row.retryCount !== null) taken.push({ id: row.id, name: row.name, retryCount: row.retryCount, data: row.data });
  }
  return { taken, places };
}
