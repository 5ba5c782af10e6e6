/** A service's coverage: its newest commit (or a named one) with verdict, flags and tests. */
import type { CoverageCommit } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { CountWord, type CoverageDetail, type FlagRow, type ViewInput } from "../schema/index.ts";
import { findView } from "./commits.ts";
import { completenessOf, toCommitRow, toFlagRow, totalsOfRow, verdictOf } from "./rows.ts";
import { latestTests } from "./tests.ts";

/** Branches offered to choose from, newest first. */
const MOST_BRANCHES = 50;

async function flagRows(ctx: Context, commit: CoverageCommit): Promise<FlagRow[]> {
  const own = await ctx.db.coverageSuite.findMany({ where: { commitId: commit.id }, include: { _count: { select: { reports: true } } } });
  const rows = own.map((suite) => toFlagRow(suite, suite._count.reports, null));
  for (const { flag, commit: from } of completenessOf(commit).carried) {
    const suite = await ctx.db.coverageSuite.findFirst({ where: { flag, commit: { serviceId: commit.serviceId, commit: from } }, include: { _count: { select: { reports: true } } } });
    if (suite) rows.push(toFlagRow(suite, suite._count.reports, from));
  }
  return rows.toSorted((a, b) => a.flag.localeCompare(b.flag));
}

async function latestOf(ctx: Context, commit: CoverageCommit): Promise<NonNullable<CoverageDetail["latest"]>> {
  return {
    ...toCommitRow(commit),
    totals: totalsOfRow(commit),
    files: commit.files,
    verdict: verdictOf(commit),
    flagRows: await flagRows(ctx, commit),
    patch: commit.patch === null ? null : CountWord.parse(commit.patch),
    hasDetail: commit.pages !== null,
  };
}

/** Everything the head of a service's page shows. Throws `not_found`. */
export async function getCoverage(ctx: Context, input: ViewInput): Promise<CoverageDetail> {
  const { service, policy, commit } = await findView(ctx, input);
  const branch = commit?.branch ?? input.branch ?? policy.defaultBranch;
  const branches = await ctx.db.coverageCommit.groupBy({ by: ["branch"], where: { serviceId: service.id }, _max: { at: true }, orderBy: { _max: { at: "desc" } }, take: MOST_BRANCHES });
  const { id: serviceId, name, slug, tier, repositoryUrl } = service;
  return {
    serviceId,
    name,
    slug,
    tier,
    repositoryUrl,
    policy,
    branches: branches.map((one) => one.branch),
    reports: await ctx.db.coverageReport.count({ where: { suite: { commit: { serviceId, branch } } } }),
    latest: commit ? await latestOf(ctx, commit) : null,
    tests: (await latestTests(ctx, [serviceId])).get(serviceId) ?? null,
  };
}
