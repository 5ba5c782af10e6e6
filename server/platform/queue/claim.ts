/**
 * Takes jobs for a worker: one statement looks into all of its queues, claims what may start and notes who took it, so
 * two workers never get the same job, a queue that is paused gives none, and of one with a rate cap no more begin in a
 * second of the database's clock than its cap. Highest priority first, then oldest.
 */
import type pg from "pg";
import type { Claim } from "./settle.ts";

/** A kind of job this worker runs: how many at once as declared, and how many run now. */
export type Want = { name: string; places: number; used: number };

export type Taken = Claim & { data: unknown };

/**
 * What one look found. `places` are those in force: the declared ones, or what an operator set instead. `cappedMs`: in so
 * many milliseconds a queue whose cap is used up gives more; null when none is.
 */
export type Catch = { taken: Taken[]; places: Map<string, number>; cappedMs: number | null };

// A capped queue's row is locked by each claim, so claims of several workers count one after the other; a claim that had to
// wait may find a later second than its own.
// While a job runs, `group_tier` names the process that runs it. pg-boss copies the column when an attempt fails and
// reads it only with group concurrency, which our queues do not use.
const CLAIM_SQL = `
  WITH locked AS MATERIALIZED (
    SELECT queue, per_second, counted, counted_second, greatest(counted_second, date_trunc('second', now())) AS second
    FROM queue_policy WHERE connection_id = 'own' AND per_second IS NOT NULL AND queue = ANY($1::text[]) ORDER BY queue FOR UPDATE
  ), capped AS MATERIALIZED (
    SELECT queue, second, per_second, CASE WHEN counted_second = second THEN counted ELSE 0 END AS used FROM locked
  ), want AS MATERIALIZED (
    SELECT w.name, w.turn, coalesce(p.concurrency, w.places) AS places, w.used, p.paused_at IS NOT NULL AS is_paused, capped.per_second - capped.used AS allowed
    FROM unnest($1::text[], $2::int[], $3::int[]) WITH ORDINALITY AS w(name, places, used, turn)
    LEFT JOIN queue_policy p ON p.connection_id = 'own' AND p.queue = w.name
    LEFT JOIN capped ON capped.queue = w.name
  ), next AS MATERIALIZED (
    SELECT ready.name, ready.id
    FROM (SELECT * FROM want WHERE NOT is_paused AND places > used ORDER BY turn) open
    CROSS JOIN LATERAL (
      SELECT j.name, j.id FROM pgboss.job_common j
      WHERE j.name = open.name AND j.state < 'active' AND NOT j.blocked AND j.start_after <= now()
      ORDER BY j.priority DESC, j.created_on LIMIT greatest(0, least(open.places - open.used, open.allowed)) FOR UPDATE SKIP LOCKED
    ) ready
    LIMIT $4
  ), taken AS (
    UPDATE pgboss.job_common j
    SET state = 'active', started_on = now(), heartbeat_on = now(), group_tier = $5,
        retry_count = CASE WHEN j.started_on IS NULL THEN j.retry_count ELSE j.retry_count + 1 END
    FROM next WHERE j.name = next.name AND j.id = next.id
    RETURNING j.name, j.id, j.data, j.retry_count, j.priority, j.created_on
  ), counted AS (
    UPDATE queue_policy p SET counted_second = capped.second, counted = capped.used + n.count
    FROM capped JOIN (SELECT name, count(*)::int AS count FROM next GROUP BY name) n ON n.name = capped.queue
    WHERE p.connection_id = 'own' AND p.queue = capped.queue
    RETURNING p.queue, p.counted
  )
  SELECT want.name, want.places,
    CASE WHEN coalesce(counted.counted, capped.used) >= capped.per_second THEN ceil(extract(epoch FROM capped.second + interval '1 second' - clock_timestamp()) * 1000)::int END AS "cappedMs", taken.id, taken.data, taken.retry_count AS "retryCount"
  FROM want LEFT JOIN taken ON taken.name = want.name LEFT JOIN capped ON capped.queue = want.name LEFT JOIN counted ON counted.queue = want.name
  ORDER BY want.turn, taken.priority DESC, taken.created_on`;

type Row = { name: string; places: number; cappedMs: number | null; id: string | null; data: unknown; retryCount: number | null };

/** Claims at most `most` jobs over the wanted kinds, in their order. */
export async function claim(pool: pg.Pool, wants: Want[], options: { most: number; worker: string }): Promise<Catch> {
  const values = [wants.map((want) => want.name), wants.map((want) => want.places), wants.map((want) => want.used), options.most, options.worker];
  const { rows } = await pool.query<Row>(CLAIM_SQL, values);
  const taken: Taken[] = [];
  const places = new Map<string, number>();
  let cappedMs: number | null = null;
  for (const row of rows) {
    places.set(row.name, row.places);
    if (row.cappedMs !== null) cappedMs = Math.min(cappedMs ?? row.cappedMs, row.cappedMs);
    if (row.id !== null && row.retryCount !== null) taken.push({ id: row.id, name: row.name, retryCount: row.retryCount, data: row.data });
  }
  return { taken, places, cappedMs };
}
