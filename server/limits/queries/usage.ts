import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { storeState } from "../../platform/limiter/limiter.ts";
import { TIERS, type Tier } from "../../platform/limiter/tiers.ts";
import { hotQuery } from "../../platform/statements.ts";
import { kindOf, labelOf, namesOf } from "../names.ts";
import { NEAR_PERCENT, type Consumer, type GetTrend, type ListUsage, type Range, type Span, type Summary, type Trend, type UsageList } from "../schema.ts";

const LENGTH_MS: Record<Range, number> = { "1h": HOUR_MS, "24h": DAY_MS, "7d": 7 * DAY_MS };
/** Steps of the chart, in minutes; each divides a day, so points stand on round times. */
const STEPS_MS = [1, 5, 15, 30, 60, 120, 360, 1_440].map((minutes) => minutes * MINUTE_MS);
/** More points would not be seen. */
const MOST_POINTS = 120;
const TOP = 4;

/** The two ends of what is asked for. */
function endsOf(ctx: Context, { range = "1h", from, to }: Span): { from: Date; to: Date } {
  const end = to ?? ctx.now();
  return { from: from ?? new Date(end.getTime() - LENGTH_MS[range]), to: end };
}

/** The smallest step that keeps the range within the points a chart has. */
function stepOf({ from, to }: { from: Date; to: Date }): number {
  const length = to.getTime() - from.getTime();
  return STEPS_MS.find((step) => length / step <= MOST_POINTS) ?? DAY_MS;
}

/** An open end takes in the minute that still runs. */
function within(ctx: Context, asked: Span): Prisma.Sql {
  const { from } = endsOf(ctx, asked);
  return asked.to ? Prisma.sql`minute >= ${from} AND minute < ${asked.to}` : Prisma.sql`minute >= ${from}`;
}

type Row = { caller: string; tier: Tier; allowed: number; refused: number; peak: number; last_at: Date; is_blocked: boolean };

/** Who called most in the range, by caller and tier; with `near`, only who came near a limit or over it. */
export async function listUsage(ctx: Context, { tier, near, limit, ...asked }: ListUsage): Promise<UsageList> {
  const ofTier = tier ? Prisma.sql`AND u.tier = ${tier}` : Prisma.empty;
  const ofNear = near === "true" ? Prisma.sql`HAVING max(u.peak) >= ${NEAR_PERCENT}` : Prisma.empty;
  const rows = await ctx.db.$queryRaw<Row[]>`
    SELECT u.caller, u.tier, sum(u.allowed)::int AS allowed, sum(u.refused)::int AS refused, max(u.peak)::int AS peak, max(u.minute) AS last_at,
      EXISTS (SELECT 1 FROM limit_attempt a WHERE a.subject = 'address:' || u.caller AND a.blocked_until > clock_timestamp()) AS is_blocked
    FROM series.limit_usage u WHERE ${within(ctx, asked)} ${ofTier}
    GROUP BY u.caller, u.tier ${ofNear} ORDER BY sum(u.allowed) + sum(u.refused) DESC, u.caller, u.tier LIMIT ${limit}`;
  const nameOf = await namesOf(ctx, rows.map(({ caller }) => caller));
  return { items: rows.map((row) => consumerOf(row, nameOf(row.caller))) };
}

function consumerOf({ caller, tier, allowed, refused, peak, last_at: lastAt, is_blocked: isBlocked }: Row, label: string): Consumer {
  return { caller, tier, allowed, refused, peak, label, kind: kindOf(caller), isBlocked, lastAt };
}

/** Calls and refusals over time. Steps without a call are left out. */
export async function getTrend(ctx: Context, asked: GetTrend): Promise<Trend> {
  const stepSeconds = stepOf(endsOf(ctx, asked)) / SECOND_MS;
  const rows = await ctx.db.$queryRaw<{ at: Date; tier: Tier; allowed: number; refused: number }[]>`
    SELECT to_timestamp(floor(extract(epoch FROM minute) / ${stepSeconds}::float8) * ${stepSeconds}::float8) AS at, tier, sum(allowed)::int AS allowed, sum(refused)::int AS refused
    FROM series.limit_usage WHERE ${within(ctx, asked)} GROUP BY 1, 2 ORDER BY 1`;
  const points = [...Map.groupBy(rows, ({ at }) => at.getTime())].map(([at, tiers]) => ({
    at: new Date(at),
    allowed: tiers.reduce((sum, one) => sum + one.allowed, 0),
    refused: tiers.reduce((sum, one) => sum + one.refused, 0),
    byTier: Object.fromEntries(tiers.filter(({ refused }) => refused > 0).map(({ tier, refused }) => [tier, refused])),
  }));
  return { stepSeconds, points };
}

type SummaryRow = { calls: number; refused: number; near: number; blocked: number; top: (Omit<Row, "last_at"> & { last_at: string; name: string | null })[] | null };

/** The last hour in a few figures, with who called most. One statement: the overview asks for it again and again. */
export async function getSummary(ctx: Context): Promise<Summary> {
  const [row] = await hotQuery<SummaryRow>(ctx.db, Prisma.sql`
    WITH hour AS MATERIALIZED (
      SELECT caller, tier, allowed, refused, peak, minute FROM series.limit_usage WHERE minute >= ${endsOf(ctx, { range: "1h" }).from}),
    top AS (
      SELECT caller, tier, sum(allowed)::int AS allowed, sum(refused)::int AS refused, max(peak)::int AS peak, max(minute) AS last_at,
        row_number() OVER (ORDER BY sum(allowed) + sum(refused) DESC, caller, tier) AS place
      FROM hour GROUP BY caller, tier ORDER BY place LIMIT ${TOP}),
    named AS (
      SELECT top.*, coalesce((SELECT name FROM "user" WHERE id = top.caller), (SELECT name FROM api_key WHERE id = top.caller)) AS name,
        EXISTS (SELECT 1 FROM limit_attempt a WHERE a.subject = 'address:' || top.caller AND a.blocked_until > clock_timestamp()) AS is_blocked
      FROM top)
    SELECT coalesce(sum(allowed + refused), 0)::int AS calls, coalesce(sum(refused), 0)::int AS refused,
      (count(DISTINCT caller) FILTER (WHERE peak >= ${NEAR_PERCENT}))::int AS near,
      (SELECT count(*) FROM limit_attempt WHERE blocked_until > clock_timestamp())::int AS blocked,
      (SELECT jsonb_agg(named ORDER BY place) FROM named) AS top
    FROM hour`);
  return {
    calls: row?.calls ?? 0,
    refused: row?.refused ?? 0,
    blocked: row?.blocked ?? 0,
    near: row?.near ?? 0,
    tiers: TIERS.length,
    store: storeState(),
    top: (row?.top ?? []).map(({ name, ...one }) => consumerOf({ ...one, last_at: new Date(one.last_at) }, labelOf(one.caller, name))),
  };
}
