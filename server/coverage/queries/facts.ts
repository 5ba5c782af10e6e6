/** Coverage and tests as facts for rules of readiness: values, when they were measured, and what the gate said. */
import type { Context } from "../../platform/context.ts";
import { percentages, type GatePolicy, type Outcome, type Percentages, type TestTotals, type Verdict } from "../schema/index.ts";
import { toPolicy } from "./policy.ts";
import { completenessOf, outcomeOf, suiteTotals, totalsOfRow, verdictOf } from "./rows.ts";
import { newestRuns, sumRuns } from "./tests.ts";

export type CoverageFacts = {
  serviceId: string;
  slug: string;
  gate: GatePolicy;
  expectedFlags: string[];
  /** The newest commit of the default branch; null when nothing was ever pushed. */
  latest: {
    commit: string;
    branch: string;
    /** When its coverage arrived: what freshness is measured from. */
    pushedAt: Date;
    percent: Percentages;
    outcome: Outcome;
    verdict: Verdict;
    missing: string[];
    /** Each flag, with the time of its own upload; `isCarried` when that was for an earlier commit. */
    flags: { flag: string; percent: Percentages; pushedAt: Date; isCarried: boolean }[];
    /** Page that shows it. */
    url: string;
  } | null;
  /** The newest test run of each flag on the default branch, added up; null when none was ever pushed. */
  tests: (TestTotals & { isGreen: boolean; flags: { flag: string; isGreen: boolean; at: Date }[] }) | null;
};

/** Facts of the given services, in any order. Services that do not exist are left out. A handful of queries for any number. */
export async function latestCoverageFacts(ctx: Context, serviceIds: readonly string[]): Promise<CoverageFacts[]> {
  const ids = [...serviceIds];
  const services = await ctx.db.service.findMany({ where: { id: { in: ids } }, include: { coveragePolicy: true } });
  const newest = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT newest.id FROM service
    LEFT JOIN coverage_policy policy ON policy.service_id = service.id
    CROSS JOIN LATERAL (
      SELECT id FROM coverage_commit made WHERE made.service_id = service.id AND made.branch = coalesce(policy.default_branch, 'main') AND made.files > 0
      ORDER BY made.at DESC, made.id DESC LIMIT 1
    ) newest
    WHERE service.id = ANY(${ids})`;
  const commits = newest.length === 0 ? [] : await ctx.db.coverageCommit.findMany({ where: { id: { in: newest.map(({ id }) => id) } }, omit: { pages: true }, include: { suites: { omit: { pages: true } } } });
  const carriedKeys = commits.flatMap((commit) => completenessOf(commit).carried.map(({ flag, commit: from }) => ({ flag, commit: { serviceId: commit.serviceId, commit: from } })));
  const carried = carriedKeys.length === 0 ? [] : await ctx.db.coverageSuite.findMany({ where: { OR: carriedKeys }, omit: { pages: true } });
  const runs = await newestRuns(ctx, ids);
  const byService = new Map(commits.map((commit) => [commit.serviceId, commit]));
  return services.map(({ id, slug, coveragePolicy }): CoverageFacts => {
    const policy = toPolicy(coveragePolicy);
    const commit = byService.get(id);
    const rows = runs.get(id) ?? [];
    const sum = sumRuns(rows);
    const fact = (suite: { flag: string; totals: unknown; pushedAt: Date }, isCarried: boolean) => ({ flag: suite.flag, percent: percentages(suiteTotals(suite as Parameters<typeof suiteTotals>[0])), pushedAt: suite.pushedAt, isCarried });
    return {
      serviceId: id,
      slug,
      gate: policy.gate,
      expectedFlags: policy.expectedFlags,
      latest: commit
        ? {
            commit: commit.commit,
            branch: commit.branch,
            pushedAt: commit.updatedAt,
            percent: percentages(totalsOfRow(commit)),
            outcome: outcomeOf(commit),
            verdict: verdictOf(commit),
            missing: completenessOf(commit).missing,
            flags: [...commit.suites.map((suite) => fact(suite, false)), ...carried.filter((suite) => suite.serviceId === id).map((suite) => fact(suite, true))],
            url: `/coverage/${slug}?commit=${commit.commit}`,
          }
        : null,
      tests: sum ? { ...sum, isGreen: sum.failed === 0, flags: rows.map(({ flag, failed, at }) => ({ flag, isGreen: failed === 0, at })) } : null,
    };
  });
}

/** Services with coverage, tests or a policy that came after `since`. */
export async function listCoverageChanges(ctx: Context, since: Date): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT service_id AS id FROM coverage_commit WHERE updated_at > ${since} UNION SELECT service_id FROM coverage_test_run WHERE pushed_at > ${since} UNION SELECT service_id FROM coverage_policy WHERE updated_at > ${since}`;
  return rows.map(({ id }) => id);
}
