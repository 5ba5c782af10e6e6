/** SQL for the state of services as it counts now, the same rule as `presentServiceState`, for thousands at once. */
import { Prisma } from "../../platform/db.ts";
import type { ServiceQuery, Wanted } from "../filter.ts";
import { STATES, type State } from "../schema.ts";

/** Worst first; the position is the rank that sorts the list. */
export const RANKS: readonly State[] = ["down", "degraded", "unknown", "up"];

/** The state of a rank that SQL computed. */
export function stateOfRank(rank: number): State {
  return RANKS[rank] ?? "unknown";
}

/**
 * One row a service with checks: `rank` (see RANKS), counts, the last result, and since when its facts are stale.
 * The freshness is that of `freshForMs`.
 */
export function presentChecks(now: Date): Prisma.Sql {
  const expires = Prisma.sql`c.last_known_at + greatest(3 * c.interval_seconds, 60) * interval '1 second'`;
  const stale = Prisma.sql`c.paused_at IS NULL AND c.state <> 'unknown' AND ${expires} < ${now}`;
  return Prisma.sql`
    SELECT c.service_id, count(*)::int AS checks, count(c.paused_at)::int AS paused, max(c.last_result_at) AS last_result_at,
      min(CASE WHEN c.paused_at IS NOT NULL THEN NULL WHEN ${stale} THEN 2
        WHEN c.state = 'down' THEN 0 WHEN c.state = 'degraded' THEN 1 WHEN c.state = 'unknown' THEN 2 ELSE 3 END) AS rank,
      min(${expires}) FILTER (WHERE ${stale}) AS stale_since
    FROM service_check c GROUP BY c.service_id`;
}

function oneOf(column: Prisma.Sql, wanted: Wanted<string>): Prisma.Sql[] {
  const out: Prisma.Sql[] = [];
  if (wanted.any.length > 0) out.push(Prisma.sql`lower(${column}) = ANY(${wanted.any})`);
  if (wanted.none.length > 0) out.push(Prisma.sql`lower(${column}) <> ALL(${wanted.none})`);
  return out;
}

function tagConditions(wanted: Wanted<string>): Prisma.Sql[] {
  const out: Prisma.Sql[] = [];
  if (wanted.any.length > 0) out.push(Prisma.sql`s.tags && ${wanted.any}::text[]`);
  if (wanted.none.length > 0) out.push(Prisma.sql`NOT (s.tags && ${wanted.none}::text[])`);
  return out;
}

function numbersIn(column: Prisma.Sql, wanted: Wanted<number>): Prisma.Sql[] {
  const out: Prisma.Sql[] = [];
  if (wanted.any.length > 0) out.push(Prisma.sql`${column} = ANY(${wanted.any}::int[])`);
  if (wanted.none.length > 0) out.push(Prisma.sql`${column} <> ALL(${wanted.none}::int[])`);
  return out;
}

const ranksOf = (states: readonly State[]) => states.map((state) => RANKS.indexOf(state));

/** `%text%` with LIKE's own signs taken literally. */
const contains = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** The WHERE of a filter over `service s` joined with `presentChecks` as `p`. `without` leaves a qualifier out. */
export function filterCondition(query: ServiceQuery, without?: "state"): Prisma.Sql {
  const state = { any: ranksOf(query.state.any), none: ranksOf(query.state.none) };
  const parts = [
    query.isArchived ? Prisma.sql`s.archived_at IS NOT NULL` : Prisma.sql`s.archived_at IS NULL`,
    ...oneOf(Prisma.sql`s.environment`, query.environment),
    ...oneOf(Prisma.sql`s.owner`, query.owner),
    ...oneOf(Prisma.sql`s.domain`, query.domain),
    ...tagConditions(query.tag),
    ...numbersIn(Prisma.sql`s.tier`, query.tier),
    ...(without === "state" ? [] : numbersIn(Prisma.sql`coalesce(p.rank, ${RANKS.indexOf("unknown")})`, state)),
    ...query.text.map((text) => Prisma.sql`(s.name || ' ' || s.slug || ' ' || s.domain || ' ' || s.owner) ILIKE ${contains(text)}`),
  ];
  return Prisma.join(parts, " AND ");
}

/** Counts by state out of rows of rank and count. */
export function countStates(rows: readonly { rank: number; count: number }[]): Record<State | "all", number> {
  const counts = Object.fromEntries([...STATES, "all"].map((state) => [state, 0])) as Record<State | "all", number>;
  for (const { rank, count } of rows) {
    counts[stateOfRank(rank)] += count;
    counts.all += count;
  }
  return counts;
}
