/** What callers get. */
import * as z from "zod";
import { pageOf } from "../../platform/page.ts";
import { GatePolicy, Outcome, Verdict } from "./gate.ts";
import { Percentages, ReportFormat, TotalsWord } from "./measures.ts";
import { TestTotals } from "./tests.ts";

export const Carried = z.object({ flag: z.string(), commit: z.string(), at: z.date().describe("When it was uploaded.") });
export type Carried = z.infer<typeof Carried>;

export const Completeness = z.object({
  present: z.array(z.string()),
  carried: z.array(Carried),
  missing: z.array(z.string()).describe("Expected flags without an upload for this commit."),
});
export type Completeness = z.infer<typeof Completeness>;

export const CommitRow = z.object({
  commit: z.string(),
  branch: z.string(),
  pullRequest: z.string().nullable(),
  at: z.date().describe("When it was committed, as far as known; else when it was first pushed."),
  pushedAt: z.date(),
  percent: Percentages,
  outcome: Outcome,
  flags: Completeness,
});
export type CommitRow = z.infer<typeof CommitRow>;
export const CommitPage = pageOf(CommitRow);

export const Policy = z.object({
  revision: z.number().int(),
  defaultBranch: z.string(),
  expectedFlags: z.array(z.string()),
  gate: GatePolicy,
  isBadgePublic: z.boolean(),
  sourceUrl: z.string().nullable(),
  updatedAt: z.date().nullable(),
  updatedBy: z.string().nullable().describe("Who changed it last; null when nobody did since that is noted."),
});
export type Policy = z.infer<typeof Policy>;
export const PolicyPage = pageOf(Policy.extend({ service: z.string() }));

export const FlagRow = z.object({
  flag: z.string(),
  percent: Percentages,
  files: z.number().int(),
  reports: z.number().int(),
  formats: z.array(ReportFormat),
  pushedAt: z.date(),
  carriedFrom: z.string().nullable().describe("The commit it was carried forward from."),
});
export type FlagRow = z.infer<typeof FlagRow>;

const serviceFacts = { serviceId: z.string(), name: z.string(), slug: z.string(), tier: z.number().int() };

export const CoverageDetail = z.object({
  ...serviceFacts,
  repositoryUrl: z.string().nullable(),
  policy: Policy,
  branches: z.array(z.string()),
  reports: z.number().int().describe("Reports kept for the branch."),
  latest: CommitRow.extend({ totals: TotalsWord, files: z.number().int(), verdict: Verdict, flagRows: z.array(FlagRow), patch: z.object({ covered: z.number().int(), total: z.number().int() }).nullable(), hasDetail: z.boolean() }).nullable(),
  tests: TestTotals.nullable(),
});
export type CoverageDetail = z.infer<typeof CoverageDetail>;

export const TrendPoint = z.object({ commit: z.string(), at: z.date(), ...Percentages.shape, outcome: Outcome, isCarried: z.boolean() });
export type TrendPoint = z.infer<typeof TrendPoint>;
export const Trend = z.object({
  points: z.array(TrendPoint).describe("Oldest first, at most 500: of several in one step the last."),
  commits: z.number().int(),
  carriedSince: z.date().nullable().describe("From when on a flag is carried forward, up to now."),
  carriedFlags: z.array(z.string()),
});
export type Trend = z.infer<typeof Trend>;

export const CoverageRow = z.object({
  ...serviceFacts,
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  at: z.date().nullable(),
  percent: Percentages,
  outcome: Outcome,
  gap: z.number().nullable().describe("Points of the measure furthest below its target; positive when all are above."),
  worst: z.string().nullable().describe("That measure."),
  missing: z.array(z.string()),
  carried: z.array(z.string()),
  tests: TestTotals.nullable(),
  sparkline: z.array(z.number()).describe("Lines of the last 30 commits, oldest first."),
});
export type CoverageRow = z.infer<typeof CoverageRow>;
export const CoveragePage = pageOf(CoverageRow);

export const CoverageSummary = z.object({
  services: z.number().int().describe("Services with a report."),
  outcomes: z.object({ pass: z.number().int(), warn: z.number().int(), fail: z.number().int(), incomplete: z.number().int() }),
  own: CoverageRow.nullable().describe("The headline: the console's own coverage, else the service furthest below its target."),
  policy: GatePolicy,
  points: z.array(TrendPoint),
  lastAt: z.date().nullable(),
});
export type CoverageSummary = z.infer<typeof CoverageSummary>;

export const PushResult = z.object({
  service: z.string(),
  commit: z.string(),
  flag: z.string(),
  format: ReportFormat,
  isNew: z.boolean().describe("False when exactly this report was there already."),
  files: z.number().int(),
  percent: Percentages.describe("Of the report alone."),
  overall: Percentages.describe("Of the commit, all flags."),
  verdict: Verdict,
  isPassing: z.boolean(),
  flags: Completeness,
  notes: z.array(z.string()),
  url: z.string().describe("Path of the page that shows it."),
});
export type PushResult = z.infer<typeof PushResult>;

export const GateResult = z.object({
  service: z.string(),
  commit: z.string(),
  branch: z.string(),
  verdict: Verdict,
  isPassing: z.boolean().describe("What an exit code should say."),
  percent: Percentages,
  flags: Completeness,
  url: z.string(),
});
export type GateResult = z.infer<typeof GateResult>;

export const Markdown = z.object({ markdown: z.string() });
export { Badge } from "../../platform/badge/schema.ts";
export const Stored = z.object({ stored: z.number().int() });
export const PatchResult = z.object({ covered: z.number().int(), total: z.number().int(), percent: z.number().nullable(), files: z.array(z.object({ path: z.string(), uncovered: z.array(z.object({ from: z.number().int(), to: z.number().int() })) })), verdict: Verdict });
export type PatchResult = z.infer<typeof PatchResult>;
