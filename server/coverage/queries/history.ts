/** What went before a commit on its branch: what it is compared with, what is carried forward, how much it moves. */
import type { CoverageCommit, CoverageSuite } from "../../../prisma/generated/client.ts";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { noiseBand } from "../gates/noise.ts";
import { percentOf } from "../schema/index.ts";

/** A flag that nobody uploaded for so long is given up and no longer carried forward, unless it is expected. */
const CARRY_DAYS = 30;
/** Commits whose steps teach the noise band. */
const NOISE_COMMITS = 51;

type Where = Pick<CoverageCommit, "id" | "serviceId" | "branch" | "at">;

/** The branches whose history counts for a commit: its own first, then the default branch. */
const lineage = (branch: string, defaultBranch: string) => [...new Set([branch, defaultBranch])];

/** The newest complete commit before: on the same branch, else on the default branch. */
export async function commitBefore(ctx: Context, commit: Where, defaultBranch: string): Promise<CoverageCommit | null> {
  for (const branch of lineage(commit.branch, defaultBranch)) {
    const found = await ctx.db.coverageCommit.findFirst({
      where: { serviceId: commit.serviceId, branch, at: { lt: commit.at }, id: { not: commit.id }, outcome: { notIn: ["incomplete", "unknown"] }, linesTotal: { not: null } },
      orderBy: [{ at: "desc" }, { id: "desc" }],
    });
    if (found) return found;
  }
  return null;
}

export type EarlierSuite = CoverageSuite & { commit: { commit: string } };

/** For each flag that has no upload at this commit: its newest suite before, on the branch or the default branch. */
export async function suitesBefore(ctx: Context, commit: Where, about: { defaultBranch: string; present: readonly string[]; expected: readonly string[] }): Promise<EarlierSuite[]> {
  const branches = lineage(commit.branch, about.defaultBranch);
  const since = new Date(commit.at.getTime() - CARRY_DAYS * DAY_MS);
  const flags = await ctx.db.$queryRaw<{ flag: string }[]>`
    SELECT DISTINCT suite.flag FROM coverage_suite suite JOIN coverage_commit made ON made.id = suite.commit_id
    WHERE made.service_id = ${commit.serviceId} AND made.branch = ANY(${branches}) AND made.at < ${commit.at} AND made.at >= ${since}
      AND NOT suite.flag = ANY(${[...about.present]}::text[])
    ORDER BY 1`;
  const wanted = new Set([...flags.map(({ flag }) => flag), ...about.expected.filter((flag) => !about.present.includes(flag))]);
  const found: EarlierSuite[] = [];
  for (const flag of wanted) {
    const suite = await ctx.db.coverageSuite.findFirst({
      where: { serviceId: commit.serviceId, flag, commit: { branch: { in: branches }, at: { lt: commit.at }, id: { not: commit.id } } },
      orderBy: [{ commit: { at: "desc" } }, { commitId: "desc" }],
      include: { commit: { select: { commit: true } } },
    });
    if (suite) found.push(suite);
  }
  return found;
}

/** How far lines move by themselves on the default branch, in points. */
export async function learnNoise(ctx: Context, serviceId: string, defaultBranch: string): Promise<number> {
  const rows = await ctx.db.coverageCommit.findMany({
    where: { serviceId, branch: defaultBranch, linesTotal: { gt: 0 }, isCarried: false },
    orderBy: { at: "desc" },
    take: NOISE_COMMITS,
    select: { linesCovered: true, linesTotal: true },
  });
  return noiseBand(rows.toReversed().flatMap(({ linesCovered, linesTotal }) => percentOf({ covered: linesCovered ?? 0, total: linesTotal ?? 0 }) ?? []));
}
