/**
 * The job `services.rollup`: results to minutes, minutes to hours, hours to days, then the list's statistics. Every step
 * computes whole buckets from the level below and replaces them, so running it twice changes nothing and running it
 * late catches up. New results are found by the time they were written, so a late batch reaches its old minute.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { announce } from "../../platform/live/announce.ts";
import { RETENTION_MS } from "../retention.ts";
import { reapStale } from "./repair.ts";
import { rollUpServices } from "./service-hours.ts";
import { refreshSummaries } from "./summaries.ts";

const PROGRESS = "rollup";
/** A batch may commit this long after it took its time of writing: twice the longest statement. */
const COMMIT_LAG_MS = 30 * SECOND_MS;
/** Days change slowly and cost most; their last bar may be this old. */
const DAY_EVERY_MS = 10 * MINUTE_MS;

const floorTo = (time: Date, ms: number) => new Date(Math.floor(time.getTime() / ms) * ms);

/** The bucket of the 95th percentile of a row's histogram, as SQL over `buckets` and `counts`. */
const P95 = Prisma.sql`(SELECT x.b FROM (
  SELECT h.b, sum(h.n) OVER (ORDER BY h.b) AS seen, sum(h.n) OVER () AS total FROM unnest(m.buckets, m.counts) AS h(b, n)) AS x
  WHERE x.seen >= ceil(0.95 * x.total) ORDER BY x.b LIMIT 1)`;

const REPLACE = Prisma.sql`ON CONFLICT (subject_id, bucket) DO UPDATE SET up = excluded.up, degraded = excluded.degraded, down = excluded.down,
  unknown = excluded.unknown, latency_sum = excluded.latency_sum, latency_count = excluded.latency_count, hist_buckets = excluded.hist_buckets,
  hist_counts = excluded.hist_counts, p95_bucket = excluded.p95_bucket`;

const COLUMNS = Prisma.raw("subject_id, bucket, up, degraded, down, unknown, latency_sum, latency_count, hist_buckets, hist_counts");

/** Replaces the minutes that results written between the two times belong to. Returns the first of them, null when there is none. */
export async function rollUpMinutes(ctx: Context, written: { from: Date; to: Date }): Promise<Date | null> {
  const rows = await ctx.db.$queryRaw<{ first: Date | null }[]>`
    WITH touched AS MATERIALIZED (
      SELECT DISTINCT check_id, date_trunc('minute', observed_at, 'UTC') AS minute FROM series.check_result
      WHERE written_at >= ${written.from} AND written_at < ${written.to}),
    cells AS (
      SELECT t.check_id, t.minute, r.latency_bucket AS b, count(*) AS n, coalesce(sum(r.latency_ms), 0) AS latency,
        count(*) FILTER (WHERE r.verdict = 'up') AS up, count(*) FILTER (WHERE r.verdict = 'degraded') AS degraded,
        count(*) FILTER (WHERE r.verdict = 'down') AS down, count(*) FILTER (WHERE r.verdict = 'unknown') AS unknown
      FROM touched t JOIN series.check_result r
        ON r.check_id = t.check_id AND r.observed_at >= t.minute AND r.observed_at < t.minute + interval '1 minute'
      GROUP BY t.check_id, t.minute, r.latency_bucket),
    made AS (
      INSERT INTO series.rollup_minute AS k (${COLUMNS})
      SELECT check_id, minute, sum(up), sum(degraded), sum(down), sum(unknown), sum(latency), coalesce(sum(n) FILTER (WHERE b IS NOT NULL), 0),
        coalesce(array_agg(b ORDER BY b) FILTER (WHERE b IS NOT NULL), '{}'), coalesce(array_agg(n::int ORDER BY b) FILTER (WHERE b IS NOT NULL), '{}')
      FROM cells GROUP BY check_id, minute ${REPLACE} RETURNING bucket)
    SELECT min(bucket) AS first FROM made`;
  return rows[0]?.first ?? null;
}

type Level = { from: "rollup_minute" | "rollup_hour"; to: "rollup_hour" | "rollup_day"; unit: "hour" | "day" };

/** Replaces all buckets of a level that begin at or after `since` by the sums of the level below. */
async function rollUpLevel(ctx: Context, level: Level, since: Date): Promise<void> {
  await ctx.db.$executeRaw`
    WITH source AS MATERIALIZED (
      SELECT subject_id, date_trunc(${level.unit}, bucket, 'UTC') AS at, up, degraded, down, unknown, latency_sum, latency_count, hist_buckets, hist_counts
      FROM ${Prisma.raw(`series.${level.from}`)} WHERE bucket >= ${since}),
    totals AS (
      SELECT subject_id, at, sum(up) AS up, sum(degraded) AS degraded, sum(down) AS down, sum(unknown) AS unknown,
        sum(latency_sum) AS latency_sum, sum(latency_count) AS latency_count
      FROM source GROUP BY subject_id, at),
    cells AS (
      SELECT s.subject_id, s.at, h.b, sum(h.n)::int AS n FROM source s, unnest(s.hist_buckets, s.hist_counts) AS h(b, n) GROUP BY s.subject_id, s.at, h.b),
    merged AS (SELECT subject_id, at, array_agg(b ORDER BY b) AS buckets, array_agg(n ORDER BY b) AS counts FROM cells GROUP BY subject_id, at)
    INSERT INTO ${Prisma.raw(`series.${level.to}`)} (${COLUMNS}, p95_bucket)
    SELECT t.subject_id, t.at, t.up, t.degraded, t.down, t.unknown, t.latency_sum, t.latency_count,
      coalesce(m.buckets, '{}'), coalesce(m.counts, '{}'), ${P95}
    FROM totals t LEFT JOIN merged m ON m.subject_id = t.subject_id AND m.at = t.at ${REPLACE}`;
}

async function databaseNow(ctx: Context): Promise<Date> {
  const rows = await ctx.db.$queryRaw<{ now: Date }[]>`SELECT now() AS now`;
  return rows[0]?.now ?? ctx.now();
}

/** How far the last run came; never later than now, so that a clock that stepped back is caught up with. */
async function readProgress(ctx: Context, now: Date): Promise<Date> {
  const row = await ctx.db.serviceRollupProgress.findUnique({ where: { name: PROGRESS } });
  const oldest = now.getTime() - RETENTION_MS.raw;
  return new Date(Math.min(Math.max(row?.doneUntil.getTime() ?? oldest, oldest), now.getTime()));
}

/** Brings all rollups and statistics up to date. Only one runs at a time: the queue sees to that. */
export async function rollUp(ctx: Context): Promise<void> {
  const now = await databaseNow(ctx);
  const done = await readProgress(ctx, now);
  await reapStale(ctx);
  const first = await rollUpMinutes(ctx, { from: new Date(done.getTime() - COMMIT_LAG_MS), to: new Date(now.getTime() + COMMIT_LAG_MS) });
  const since = floorTo(new Date(Math.min(first?.getTime() ?? now.getTime(), done.getTime())), HOUR_MS);
  await rollUpLevel(ctx, { from: "rollup_minute", to: "rollup_hour", unit: "hour" }, since);
  await rollUpServices(ctx, { since, now });
  const isDayDue = floorTo(done, DAY_EVERY_MS) < floorTo(now, DAY_EVERY_MS) || since < floorTo(now, DAY_MS);
  if (isDayDue) await rollUpLevel(ctx, { from: "rollup_hour", to: "rollup_day", unit: "day" }, floorTo(since, DAY_MS));
  await refreshSummaries(ctx, now);
  await ctx.db.serviceRollupProgress.upsert({ where: { name: PROGRESS }, create: { name: PROGRESS, doneUntil: now }, update: { doneUntil: now } });
  await announce(ctx, { topic: "services" });
}
