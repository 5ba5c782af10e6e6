import { SECOND_MS } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { Prisma } from "../platform/db.ts";
import { figuresOf } from "./process-figures.ts";
import type { ListSlowQueries, ProcessList, QuerySort, SlowQueries, SlowQuery, StatisticsState } from "./schema.ts";

/** Three missed renewals. */
const SILENT_MS = 30 * SECOND_MS;
const TEXT_CHARACTERS = 2_000;

/** What the database can tell. Its own settings are hidden from ordinary roles, but a loaded extension shows its own. */
export async function readStatisticsState(ctx: Context): Promise<StatisticsState> {
  const [row] = await ctx.db.$queryRaw<{ installed: boolean; loaded: boolean }[]>`
    SELECT to_regclass('pg_stat_statements') IS NOT NULL AS installed,
      EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max') AS loaded`;
  if (!row?.loaded) return "notLoaded";
  return row.installed ? "available" : "notInstalled";
}

const ORDER: Record<QuerySort, Prisma.Sql> = {
  total: Prisma.sql`"totalMs"`,
  mean: Prisma.sql`"meanMs"`,
  max: Prisma.sql`"maxMs"`,
  calls: Prisma.sql`calls`,
};

/** Reads and writes only: other statements keep their values, and a role may not see those of others at all. */
const READS_AND_WRITES = "^\\s*(select|insert|update|delete|merge|with)\\M";

function readStatements(ctx: Context, { minMs, sort, limit }: ListSlowQueries): Promise<SlowQuery[]> {
  return ctx.db.$queryRaw<SlowQuery[]>`
    SELECT queryid::text AS id, left(min(query), ${TEXT_CHARACTERS}::int) AS text, sum(calls)::float8 AS calls,
      sum(total_exec_time) AS "totalMs", sum(total_exec_time) / greatest(sum(calls), 1)::float8 AS "meanMs",
      max(max_exec_time) AS "maxMs", sum(rows)::float8 AS rows
    FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND toplevel AND query ~* ${READS_AND_WRITES}
    GROUP BY queryid HAVING max(max_exec_time) >= ${minMs}::float8
    ORDER BY ${ORDER[sort]} DESC, queryid LIMIT ${limit}::int`;
}

/** The statements of this database that were slow, worst first, or why they are not known. */
export async function listSlowQueries(ctx: Context, input: ListSlowQueries): Promise<SlowQueries> {
  const state = await readStatisticsState(ctx);
  if (state !== "available") return { state, since: null, items: [], nextCursor: null };
  const items = await readStatements(ctx, input);
  const [reset] = await ctx.db.$queryRaw<{ at: Date }[]>`SELECT stats_reset AS at FROM pg_stat_statements_info`;
  return { state, since: reset?.at ?? null, items, nextCursor: null };
}

/** Every process that renewed its row in the last minute, web before worker, oldest first. */
export async function listProcesses(ctx: Context): Promise<ProcessList> {
  const rows = await ctx.db.processInstance.findMany({ orderBy: [{ role: "asc" }, { startedAt: "asc" }, { id: "asc" }] });
  const aliveSince = ctx.now().getTime() - SILENT_MS;
  const items = rows.map(({ metrics, work: _work, ...row }) => ({ ...row, isAlive: row.lastSeenAt.getTime() > aliveSince, ...figuresOf(metrics) }));
  return { items, nextCursor: null };
}
