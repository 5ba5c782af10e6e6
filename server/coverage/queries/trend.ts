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

/** The last of every so many, and always the newest. */
export function thinOut<Point>(points: readonly Point[], most: number): Point[] {
  const step = Math.ceil(points.length / most);
  if (step <= 1) return [...points];
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}

const FIGURES = { linesCovered: true, linesTotal: true, branchesCovered: true, branchesTotal: true, functionsCovered: true, functionsTotal: true, statementsCovered: true, statementsTotal: true } as const;

/** Points of commits, newest last. */
export function toPoints(rows: readonly TrendRow[]): TrendPoint[] {
  return rows.map((row) => ({ commit: row.commit, at: row.at, ...percentages(totalsOfRow(row)), outcome: outcomeOf(row), isCarried: row.isCarried }));
}

/** The newest commits of a branch, oldest first. */
export async function readPoints(ctx: Context, where: { serviceId: string; branch: string; from?: Date; to?: Date; take?: number }): Promise<TrendRow[]> {
  const { serviceId, branch, from, to, take = MOST_COMMITS } = where;
  const rows = await ctx.db.coverageCommit.findMany({
    where: { serviceId, branch, files: { gt: 0 }, at: { gte: from, lte: to } },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take,
    select: { id: true, commit: true, at: true, outcome: true, isCarried: true, ...FIGURES },
  });
  return rows.toReversed();
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
async function carriedStretch(ctx: Context, rows: readonly TrendRow[]): Promise<Pick<Trend, "carriedSince" | "carriedFlags">> {
  const newest = rows.at(-1);
  if (!newest?.isCarried) return { carriedSince: null, carriedFlags: [] };
  const first = rows.findLastIndex((row) => !row.isCarried) + 1;
  const whole = await ctx.db.coverageCommit.findUniqueOrThrow({ where: { id: newest.id }, select: { flags: true } });
  return { carriedSince: rows[first]!.at, carriedFlags: completenessOf(whole).carried.map(({ flag }) => flag) };
}

/** The trend of a service, oldest first. Throws `not_found`. */
export async function readTrend(ctx: Context, input: TrendInput): Promise<Trend> {
  const { service, policy } = await findCovered(ctx, input.service);
  const rows = await readPoints(ctx, { serviceId: service.id, branch: input.branch ?? policy.defaultBranch, from: input.from, to: input.to });
  const kept = thinOut(rows, MOST_POINTS);
  const points = input.flag ? await flagPoints(ctx, kept, input.flag) : toPoints(kept);
  return { points, commits: rows.length, ...(await carriedStretch(ctx, rows)) };
}
