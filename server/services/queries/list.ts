/** The list of services with the facts of their last 24 hours, and its counts. */
import * as z from "zod";
import { cache } from "../../platform/cache/process-cache.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { hotQuery } from "../../platform/statements.ts";
import { parseFilter } from "../filter.ts";
import type { ListServices, ServicePage, ServiceRow, ServicesSummary, ServiceSort } from "../schema.ts";
import { countStates, filterCondition, presentChecks, RANKS, stateOfRank } from "./present.ts";
import { STALE_REASON } from "./rows.ts";

const UNKNOWN_RANK = RANKS.indexOf("unknown");
/** Exceptions the overview names; more would not be read. */
const WORST_SHOWN = 8;
const Key = z.tuple([z.number(), z.string(), z.string()]);

type RawRow = Omit<ServiceRow, "bars" | "sparkline" | "state"> & {
  rank: number;
  storedRank: number;
  staleSince: Date | null;
  sortKey: number;
  sortName: string;
  bars: ServiceRow["bars"] | null;
  sparkline: (number | null)[] | null;
};

/** What each sort reads as a number, and which end comes first. Unknown statistics come last either way. */
function sortKey(sort: ServiceSort, isDescending: boolean): Prisma.Sql {
  const last = isDescending ? -1 : 1e12;
  switch (sort) {
    case "worst":
      return Prisma.sql`(coalesce(p.rank, ${UNKNOWN_RANK}) * 10 + s.tier)::float8`;
    case "name":
      return Prisma.sql`0::float8`;
    case "uptime":
      return Prisma.sql`coalesce(m.uptime_24h, ${last})::float8`;
    case "p95":
      return Prisma.sql`coalesce(m.p95_ms_24h, ${last})::float8`;
    case "tier":
      return Prisma.sql`(s.tier * 10 + coalesce(p.rank, ${UNKNOWN_RANK}))::float8`;
    default:
      return sort satisfies never;
  }
}

/** One page of services by filter, sorted worst first unless told otherwise (p95: slowest first). */
export async function listServices(ctx: Context, input: ListServices): Promise<z.infer<typeof ServicePage>> {
  const isDescending = (input.order ?? (input.sort === "p95" ? "desc" : "asc")) === "desc";
  const order = Prisma.raw(isDescending ? "DESC" : "ASC");
  const after = decodeCursor(input.cursor, Key);
  const beyond = after
    ? Prisma.sql`WHERE (k.sort_key, k.sort_name, k.id) ${Prisma.raw(isDescending ? "<" : ">")} (${after[0]}::float8, ${after[1]}, ${after[2]})`
    : Prisma.empty;
  const rows = await hotQuery<RawRow>(ctx.db, Prisma.sql`
    WITH present AS MATERIALIZED (${presentChecks(ctx.now())}),
    keyed AS (
      SELECT s.id, ${sortKey(input.sort, isDescending)} AS sort_key, lower(s.name) COLLATE "C" AS sort_name,
        coalesce(p.rank, ${UNKNOWN_RANK})::int AS rank, coalesce(p.checks, 0) AS checks, coalesce(p.paused, 0) AS paused, p.last_result_at, p.stale_since
      FROM service s LEFT JOIN present p ON p.service_id = s.id LEFT JOIN service_summary m ON m.service_id = s.id
      WHERE ${filterCondition(parseFilter(input.filter))}),
    page AS (SELECT * FROM keyed k ${beyond} ORDER BY k.sort_key ${order}, k.sort_name ${order}, k.id ${order} LIMIT ${input.limit + 1})
    SELECT s.id, s.name, s.slug, s.domain, s.tier, s.environment, s.owner, s.tags, s.is_self AS "isSelf", s.archived_at AS "archivedAt",
      s.state_since AS "stateSince", s.state_reason AS "stateReason", page.rank,
      array_position(ARRAY['down','degraded','unknown','up'], s.state::text) - 1 AS "storedRank",
      page.stale_since AS "staleSince", page.checks, page.paused AS "pausedChecks", page.last_result_at AS "lastResultAt",
      m.uptime_24h AS "uptime24h", m.p95_ms_24h AS "p95Ms24h", m.bars, m.sparkline, page.sort_key AS "sortKey", page.sort_name AS "sortName"
    FROM page JOIN service s ON s.id = page.id LEFT JOIN service_summary m ON m.service_id = s.id
    ORDER BY page.sort_key ${order}, page.sort_name ${order}, page.id ${order}`);
  const page = toPage(rows, input.limit, (row) => [row.sortKey, row.sortName, row.id]);
  return { items: page.items.map(toServiceRow), nextCursor: page.nextCursor };
}

/** Since and why: of the stored state, or of going stale when the stored state no longer counts. */
function presentFacts(row: Pick<RawRow, "rank" | "storedRank" | "staleSince" | "stateSince" | "stateReason">) {
  const state = stateOfRank(row.rank);
  if (row.rank === row.storedRank) return { state, stateSince: row.stateSince, stateReason: row.stateReason };
  const isByAge = state === "unknown" && row.staleSince !== null;
  return { state, stateSince: row.staleSince ?? row.stateSince, stateReason: isByAge ? STALE_REASON : "" };
}

function toServiceRow(row: RawRow): ServiceRow {
  const { rank: _rank, storedRank: _storedRank, staleSince: _staleSince, sortKey: _sortKey, sortName: _sortName, ...facts } = row;
  return { ...facts, ...presentFacts(row), bars: row.bars ?? [], sparkline: row.sparkline ?? [] };
}

/** As the database puts it into JSON: moments are text. */
type Written<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K] };
type WorstRow = Pick<ServicesSummary["worst"][number], "id" | "name" | "slug" | "tier" | "stateSince" | "stateReason"> & Pick<RawRow, "rank" | "storedRank" | "staleSince">;
type Counted = { rank: number; count: number; checks: number; paused: number; lastResultAt: Date | null };
type SummaryRow = { counted: Written<Counted>[] | null; worst: Written<WorstRow>[] | null; certificate: Written<NonNullable<ServicesSummary["nearestCertificate"]>> | null };

const momentOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** How the fleet stands: counts by state (within the filter's other qualifiers), the worst services, the next certificate to expire. One statement: every page asks for it. */
export async function readServicesSummary(ctx: Context, input: { filter: string }): Promise<ServicesSummary> {
  const [row] = await hotQuery<SummaryRow>(ctx.db, Prisma.sql`
    WITH present AS MATERIALIZED (${presentChecks(ctx.now())}),
    fleet AS MATERIALIZED (
      SELECT s.id, s.name, s.slug, s.tier, s.state::text AS state, s.state_since, s.state_reason,
        coalesce(p.rank, ${UNKNOWN_RANK})::int AS rank, p.checks, p.paused, p.last_result_at, p.stale_since
      FROM service s LEFT JOIN present p ON p.service_id = s.id WHERE ${filterCondition(parseFilter(input.filter), "state")}),
    counted AS (
      SELECT rank, count(*)::int AS count, coalesce(sum(checks), 0)::int AS checks, coalesce(sum(paused), 0)::int AS paused, max(last_result_at) AS "lastResultAt"
      FROM fleet GROUP BY rank),
    worst AS (
      SELECT id, name, slug, tier, rank, stale_since AS "staleSince", array_position(ARRAY['down','degraded','unknown','up'], state) - 1 AS "storedRank",
        state_since AS "stateSince", state_reason AS "stateReason", row_number() OVER (ORDER BY rank, tier, lower(name), id) AS place
      FROM fleet ORDER BY rank, tier, lower(name), id LIMIT ${WORST_SHOWN}),
    certificate AS (
      SELECT s.id AS "serviceId", s.name AS "serviceName", s.slug, c.certificate_expires_at AS "expiresAt"
      FROM service_check c JOIN service s ON s.id = c.service_id
      WHERE c.certificate_expires_at IS NOT NULL AND c.paused_at IS NULL AND s.archived_at IS NULL ORDER BY c.certificate_expires_at LIMIT 1)
    SELECT (SELECT jsonb_agg(counted) FROM counted) AS counted, (SELECT jsonb_agg(worst ORDER BY place) FROM worst) AS worst,
      (SELECT to_jsonb(certificate) FROM certificate) AS certificate`);
  const counted = row?.counted ?? [];
  const results = counted.flatMap(({ lastResultAt }) => (lastResultAt ? [Date.parse(lastResultAt)] : []));
  return {
    counts: countStates(counted),
    checks: counted.reduce((sum, one) => sum + one.checks, 0),
    pausedChecks: counted.reduce((sum, one) => sum + one.paused, 0),
    worst: (row?.worst ?? []).map(({ id, name, slug, tier, staleSince, stateSince, ...one }) => ({
      id,
      name,
      slug,
      tier,
      ...presentFacts({ ...one, staleSince: momentOf(staleSince), stateSince: new Date(stateSince) }),
    })),
    lastResultAt: results.length > 0 ? new Date(Math.max(...results)) : null,
    nearestCertificate: row?.certificate ? { ...row.certificate, expiresAt: new Date(row.certificate.expiresAt) } : null,
  };
}

type Facet = { kind: "tags" | "owners" | "environments" | "domains"; value: string; count: number };

/** The values that filters can name, with how many services have each. */
async function listFacets(ctx: Context): Promise<Record<Facet["kind"], { value: string; count: number }[]>> {
  const rows = await ctx.db.$queryRaw<Facet[]>`
    SELECT kind, value, count(*)::int AS count FROM (
      SELECT 'tags' AS kind, unnest(tags) AS value FROM service WHERE archived_at IS NULL
      UNION ALL SELECT 'owners', owner FROM service WHERE archived_at IS NULL
      UNION ALL SELECT 'environments', environment FROM service WHERE archived_at IS NULL
      UNION ALL SELECT 'domains', domain FROM service WHERE archived_at IS NULL) AS facet
    WHERE value <> '' GROUP BY kind, value ORDER BY kind, count(*) DESC, value`;
  const of = (kind: Facet["kind"]) => rows.filter((row) => row.kind === kind).map(({ value, count }) => ({ value, count }));
  return { tags: of("tags"), owners: of("owners"), environments: of("environments"), domains: of("domains") };
}

/** The group of cached answers that every change of a service's facts drops. */
export const FACETS_GROUP = "services.facets";

/** The same from the cache: filters need no answer of this second. */
export function listKnownFacets(ctx: Context): ReturnType<typeof listFacets> {
  return cache().through(FACETS_GROUP, "all", () => listFacets(ctx));
}
