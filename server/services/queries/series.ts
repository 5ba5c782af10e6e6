/** Reads of the time series: rollups, latency over a range, raw results. */
import * as z from "zod";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { fromColumn } from "../phases.ts";
import { percentilesOf, type Histogram } from "../../platform/histogram.ts";
import { RETENTION_MS } from "../retention.ts";
import type { Bar, LatencySeries, ListResults, ReadLatency, ResultPage } from "../schema.ts";

export type Granularity = "minute" | "hour" | "day";

const TABLE: Record<Granularity, Prisma.Sql> = {
  minute: Prisma.raw("series.rollup_minute"),
  hour: Prisma.raw("series.rollup_hour"),
  day: Prisma.raw("series.rollup_day"),
};

export type Rollup = Omit<Bar, "at"> & { at: Date; subjectId: string; latencySum: number; latencyCount: number } & Histogram;

/** Rollups of checks (counts of results) or services (seconds in each state), oldest first. */
export async function readRollups(ctx: Context, wanted: { subjectIds: string[]; granularity: Granularity; from: Date }): Promise<Rollup[]> {
  return ctx.db.$queryRaw<Rollup[]>`
    SELECT subject_id AS "subjectId", bucket AS at, up, degraded, down, unknown, latency_sum AS "latencySum",
      latency_count AS "latencyCount", hist_buckets AS buckets, hist_counts AS counts
    FROM ${TABLE[wanted.granularity]} WHERE subject_id = ANY(${wanted.subjectIds}) AND bucket >= ${wanted.from} ORDER BY bucket`;
}

/** Steps of charts; each divides a day, so points stand on round times. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1_440].map((minutes) => minutes * MINUTE_MS);
/** A chart is some 900 px wide; more points would not be seen. */
const MOST_POINTS = 300;

/** The smallest step that keeps a range within 300 points, and the rollups it is read from. */
export function stepFor(from: Date, to: Date, now: Date): { stepMs: number; granularity: Granularity } {
  const range = to.getTime() - from.getTime();
  const age = now.getTime() - from.getTime();
  const least = age > RETENTION_MS.hour ? DAY_MS : age > RETENTION_MS.minute ? HOUR_MS : MINUTE_MS;
  const stepMs = STEPS_MS.find((step) => step >= least && range / step <= MOST_POINTS) ?? Math.ceil(range / MOST_POINTS / DAY_MS) * DAY_MS;
  return { stepMs, granularity: stepMs >= DAY_MS ? "day" : stepMs >= HOUR_MS ? "hour" : "minute" };
}

/** Ids of the service's checks, or of the one that is asked for. Throws `not_found`. */
async function checkIdsOf(ctx: Context, input: { id: string; checkId?: string }): Promise<string[]> {
  const service = await ctx.db.service.findFirst({
    where: { OR: [{ id: input.id }, { slug: input.id }] },
    select: { checks: { select: { id: true } } },
  });
  const ids = service?.checks.map((check) => check.id).filter((id) => !input.checkId || id === input.checkId);
  if (!ids || (input.checkId && ids.length === 0)) throw new AppError("not_found", "There is no such service or check.");
  return ids;
}

/** p50, p95, p99 and the count of results over a range, at most 300 points, gaps as points of count 0. */
export async function readLatency(ctx: Context, input: ReadLatency): Promise<LatencySeries> {
  const to = input.to ?? ctx.now();
  const { stepMs, granularity } = stepFor(input.from, to, ctx.now());
  const ids = await checkIdsOf(ctx, input);
  const step = Prisma.sql`make_interval(secs => ${stepMs / SECOND_MS})`;
  const start = Math.floor(input.from.getTime() / stepMs) * stepMs;
  const rows = await ctx.db.$queryRaw<({ at: Date } & Histogram)[]>`
    SELECT at, array_agg(b ORDER BY b) AS buckets, array_agg(n ORDER BY b) AS counts FROM (
      SELECT date_bin(${step}, r.bucket, TIMESTAMPTZ '1970-01-01 00:00:00+00') AS at, h.b::int AS b, sum(h.n)::int AS n
      FROM ${TABLE[granularity]} r, unnest(r.hist_buckets, r.hist_counts) AS h(b, n)
      WHERE r.subject_id = ANY(${ids}) AND r.bucket >= ${new Date(start)} AND r.bucket < ${to} GROUP BY 1, 2) AS merged
    GROUP BY at`;
  const found = new Map(rows.map((row) => [row.at.getTime(), row]));
  const points: LatencySeries["points"] = [];
  for (let at = start; at < to.getTime(); at += stepMs) {
    points.push({ at: new Date(at), ...percentilesOf(found.get(at) ?? { buckets: [], counts: [] }) });
  }
  return { stepSeconds: stepMs / SECOND_MS, points };
}

type ResultFacts = z.infer<typeof ResultPage>["items"][number];
type StoredResult = Omit<ResultFacts, "phases"> & { phases: (number | null)[] | null };

/** Raw results of a check, newest first, as far back as raw results are kept. */
export async function listResults(ctx: Context, input: z.infer<typeof ListResults>): Promise<z.infer<typeof ResultPage>> {
  const before = decodeCursor(input.cursor, z.tuple([z.string()]));
  const older = before ? Prisma.sql`AND observed_at < ${new Date(before[0])}` : Prisma.empty;
  const rows = await ctx.db.$queryRaw<StoredResult[]>`
    SELECT observed_at AS at, verdict::text AS verdict, latency_ms::float8 AS "latencyMs", http_status::int AS "httpStatus", message, phases_ms::float8[] AS phases
    FROM series.check_result WHERE check_id = ${input.id} ${older} ORDER BY observed_at DESC LIMIT ${input.limit + 1}`;
  return toPage(rows.map((row): ResultFacts => ({ ...row, phases: fromColumn(row.phases) })), input.limit, (row) => [row.at]);
}
