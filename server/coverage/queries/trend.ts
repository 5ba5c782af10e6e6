/** Coverage over time: every commit of a branch, thinned out to what a chart can show. */
import type { CoverageCommit } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { percentages, type Trend, type TrendInput, type TrendPoint } from "../schema/index.ts";
import { findCovered } from "./policy.ts";
import { completenessOf, outcomeOf, suiteTotals, totalsOfRow, type Figures } from "./rows.ts";

/** A chart is at most some 1,000 pixels wide. */
const MOST_POINTS = 500;
/** More commits are not read. */
const MOST_COMMITS = 20_000;

type TrendRow = Pick<CoverageCommit, "id" | "commit" | "at" | "outcome" | "isCarried"> & Figures;

/** Points of commits, newest last. */
export function toPoints(rows: readonly TrendRow[]): TrendPoint[] {
  return rows.map((row) => ({ commit: row.commit, at: row.at, ...percentages(totalsOfRow(row)), outcome: outcomeOf(row), isCarried: row.isCarried }));
}

/** A branch's commits, oldest first, at most `most`: of several in one step the last. The database leaves the others out. */
export async function readPoints(ctx: Context, where: { serviceId: string; branch: string; from?: Date; to?: Date; newest?: number }, most: number): Promise<{ rows: TrendRow[]; commits: number }> {
  const { serviceId, branch, from = null, to = null, newest = MOST_COMMITS } = where;
  const found = await ctx.db.$queryRaw<(TrendRow & { commits: number })[]>`
    SELECT id, commit, at, outcome, "isCarried", commits::int AS commits, "linesCovered", "linesTotal", "branchesCovered", "branchesTotal",
      "functionsCovered", "functionsTotal", "statementsCovered", "statementsTotal"
    FROM (
      SELECT *, row_number() OVER (ORDER BY at DESC, id DESC) - 1 AS n, count(*) OVER () AS commits
      FROM (
        SELECT id, commit, at, outcome, is_carried AS "isCarried", lines_covered AS "linesCovered", lines_total AS "linesTotal",
          branches_covered AS "branchesCovered", branches_total AS "branchesTotal", functions_covered AS "functionsCovered", functions_total AS "functionsTotal",
          statements_covered AS "statementsCovered", statements_total AS "statementsTotal"
        FROM coverage_commit
        WHERE service_id = ${serviceId} AND branch = ${branch} AND files > 0 AND (${from}::timestamptz IS NULL OR at >= ${from}) AND (${to}::timestamptz IS NULL OR at <= ${to})
        ORDER BY at DESC, id DESC LIMIT ${newest}::int) AS chosen) AS numbered
    WHERE n % ceil(commits::float8 / ${most}::int)::int = 0
    ORDER BY at, id`;
  return { rows: found, commits: found[0]?.commits ?? 0 };
}

async function flagPoints(ctx: Context, rows: readonly TrendRow[], flag: string): Promise<TrendPoint[]> {
  const suites = await ctx.db.coverageSuite.findMany({ where: { flag, commitId: { in: rows.map(({ id }) => id) } }, select: { commitId: true, totals: true } });
  const totals = new Map(suites.map((suite) => [suite.commitId, suiteTotals(suite)]));
  return rows.flatMap((row) => {
    const own = totals.get(row.id);
    return own ? [{ commit: row.commit, at: row.at, ...percentages(own), outcome: outcomeOf(row), isCarried: false }] : [];
  });
}

/** Since when, up to the newest commit, some flag was not uploaded: the time of the oldest commit of that stretch. */
async function carriedStretch(ctx: Context, where: { serviceId: string; branch: string }, newest: TrendRow | undefined): Promise<Pick<Trend, "carriedSince" | "carriedFlags">> {
  if (!newest?.isCarried) return { carriedSince: null, carriedFlags: [] };
  const whole = await ctx.db.coverageCommit.findUniqueOrThrow({ where: { id: newest.id }, select: { flags: true } });
  const before = await ctx.db.coverageCommit.findFirst({ where: { ...where, files: { gt: 0 }, isCarried: false, at: { lte: newest.at } }, orderBy: { at: "desc" }, select: { at: true } });
  const first = await ctx.db.coverageCommit.findFirst({ where: { ...where, files: { gt: 0 }, isCarried: true, at: { gt: before?.at } }, orderBy: { at: "asc" }, select: { at: true } });
  return { carriedSince: first?.at ?? newest.at, carriedFlags: completenessOf(whole).carried.map(({ flag }) => flag) };
}

/** The trend of a service, oldest first. Throws `not_found`. */
export async function readTrend(ctx: Context, input: TrendInput): Promise<Trend> {
  const { service, policy } = await findCovered(ctx, input.service);
  const where = { serviceId: service.id, branch: input.branch ?? policy.defaultBranch };
  const { rows, commits } = await readPoints(ctx, { ...where, from: input.from, to: input.to }, MOST_POINTS);
  const points = input.flag ? await flagPoints(ctx, rows, input.flag) : toPoints(rows);
  return { points, commits, ...(await carriedStretch(ctx, where, rows.at(-1))) };
}
