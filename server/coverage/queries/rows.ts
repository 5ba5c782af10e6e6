/** From rows to the module's words. */
import type { CoverageCommit, CoverageSuite } from "../../../prisma/generated/client.ts";
import { Completeness, Outcome, percentages, ReportFormat, TotalsWord, Verdict, type CommitRow, type Count, type FlagRow, type Totals } from "../schema/index.ts";

/** The columns that make a commit's figures. */
export type Figures = Pick<CoverageCommit, "linesCovered" | "linesTotal" | "branchesCovered" | "branchesTotal" | "functionsCovered" | "functionsTotal" | "statementsCovered" | "statementsTotal">;

const count = (covered: number | null, total: number | null): Count | null => (covered === null || total === null ? null : { covered, total });

export function totalsOfRow(row: Figures): Totals {
  return {
    lines: count(row.linesCovered, row.linesTotal),
    branches: count(row.branchesCovered, row.branchesTotal),
    functions: count(row.functionsCovered, row.functionsTotal),
    statements: count(row.statementsCovered, row.statementsTotal),
  };
}

/** The other way round. */
export function figuresOf(totals: Totals): Figures {
  return {
    linesCovered: totals.lines?.covered ?? null,
    linesTotal: totals.lines?.total ?? null,
    branchesCovered: totals.branches?.covered ?? null,
    branchesTotal: totals.branches?.total ?? null,
    functionsCovered: totals.functions?.covered ?? null,
    functionsTotal: totals.functions?.total ?? null,
    statementsCovered: totals.statements?.covered ?? null,
    statementsTotal: totals.statements?.total ?? null,
  };
}

/** Dates come back from JSON as text. */
export function completenessOf(row: Pick<CoverageCommit, "flags">): Completeness {
  const { carried, ...flags } = row.flags as unknown as Omit<Completeness, "carried"> & { carried: { flag: string; commit: string; at: string }[] };
  return Completeness.parse({ ...flags, carried: carried.map((one) => ({ ...one, at: new Date(one.at) })) });
}

export const verdictOf = (row: Pick<CoverageCommit, "verdict">): Verdict => Verdict.parse(row.verdict);

export const outcomeOf = (row: { outcome: string }): Outcome => Outcome.parse(row.outcome);

export const suiteTotals = (suite: Pick<CoverageSuite, "totals">): Totals => TotalsWord.parse(suite.totals);

export function toCommitRow(row: CoverageCommit): CommitRow {
  return {
    commit: row.commit,
    branch: row.branch,
    pullRequest: row.pullRequest,
    at: row.at,
    pushedAt: row.pushedAt,
    percent: percentages(totalsOfRow(row)),
    outcome: outcomeOf(row),
    flags: completenessOf(row),
  };
}

/** A suite as a flag of a commit; `carriedFrom` names the commit it really belongs to. */
export function toFlagRow(suite: CoverageSuite, reports: number, carriedFrom: string | null): FlagRow {
  const formats = suite.formats.map((format) => ReportFormat.parse(format));
  return { flag: suite.flag, percent: percentages(suiteTotals(suite)), files: suite.files, reports, formats, pushedAt: suite.pushedAt, carriedFrom };
}
