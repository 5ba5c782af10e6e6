/** The statistics beside each service in the list, computed once a minute for all, so that reading the list is cheap. */
import { HOUR_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { GAMMA, MIN_MS } from "../../platform/histogram.ts";

const HOURS = 24;

/** `valueOf` of histogram.ts as SQL. */
const latencyOf = (bucket: Prisma.Sql) =>
  Prisma.sql`(CASE WHEN ${bucket} <= 0 THEN ${MIN_MS}::float8 ELSE 2 * ${MIN_MS}::float8 * power(${GAMMA}::float8, ${bucket}) / ${GAMMA + 1}::float8 END)`;

/** Refreshes bars, sparkline, uptime and p95 of the last 24 hours (the present one included) of every service. */
export async function refreshSummaries(ctx: Context, now: Date): Promise<void> {
  const last = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const first = new Date(last - (HOURS - 1) * HOUR_MS);
  await ctx.db.$executeRaw`
    WITH rows AS MATERIALIZED (
      SELECT s.id, h.bucket, h.up, h.degraded, h.down, h.unknown, h.hist_buckets, h.hist_counts, h.p95_bucket
      FROM service s JOIN series.rollup_hour h ON h.subject_id = s.id AND h.bucket >= ${first} AND h.bucket <= ${new Date(last)}
      WHERE s.archived_at IS NULL),
    slots AS (
      SELECT s.id, slot.at, r.up, r.degraded, r.down, r.unknown, r.p95_bucket
      FROM service s CROSS JOIN generate_series(${first}::timestamptz, ${new Date(last)}::timestamptz, interval '1 hour') AS slot(at)
      LEFT JOIN rows r ON r.id = s.id AND r.bucket = slot.at WHERE s.archived_at IS NULL),
    bars AS (
      SELECT id, jsonb_agg(jsonb_build_object('at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'up', coalesce(up, 0), 'degraded', coalesce(degraded, 0), 'down', coalesce(down, 0),
          'unknown', coalesce(unknown, 0)) ORDER BY at) AS bars,
        jsonb_agg(round(${latencyOf(Prisma.sql`p95_bucket`)}::numeric, 1) ORDER BY at) AS sparkline,
        sum(up + degraded)::float8 / nullif(sum(up + degraded + down), 0) AS uptime
      FROM slots GROUP BY id),
    cells AS (SELECT r.id, h.b, sum(h.n) AS n FROM rows r, unnest(r.hist_buckets, r.hist_counts) AS h(b, n) GROUP BY r.id, h.b),
    ranked AS (SELECT id, b, sum(n) OVER (PARTITION BY id ORDER BY b) AS seen, sum(n) OVER (PARTITION BY id) AS total FROM cells),
    p95 AS (SELECT id, min(b) AS b FROM ranked WHERE seen >= ceil(0.95 * total) GROUP BY id)
    INSERT INTO service_summary (service_id, uptime_24h, p95_ms_24h, bars, sparkline, refreshed_at)
    SELECT bars.id, bars.uptime, ${latencyOf(Prisma.sql`p95.b`)}, bars.bars, bars.sparkline, ${now}
    FROM bars LEFT JOIN p95 ON p95.id = bars.id
    ON CONFLICT (service_id) DO UPDATE SET uptime_24h = excluded.uptime_24h, p95_ms_24h = excluded.p95_ms_24h, bars = excluded.bars,
      sparkline = excluded.sparkline, refreshed_at = excluded.refreshed_at`;
}
