/** All services with coverage, worst first, and the card of the overview. */
import * as z from "zod";
import type { CoverageCommit, CoveragePolicy, Service } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { decodeCursor, encodeCursor } from "../../platform/page.ts";
import { DEFAULT_GATE, levelsOf, MEASURES, percentages, percentOf, type CoverageRow, type CoverageSummary, type ListCoverage, type Measure, type Outcome, type Percentages, type Policy, type TestTotals } from "../schema/index.ts";
import { toPolicy } from "./policy.ts";
import { completenessOf, outcomeOf, totalsOfRow } from "./rows.ts";
import { latestTests } from "./tests.ts";
import { readPoints, toPoints } from "./trend.ts";

/** Commits in a row's small chart. */
const SPARK_COMMITS = 30;
/** Points of the overview's chart. */
const CARD_POINTS = 120;

type Standing = { service: Service; policy: Policy; commit: CoverageCommit | null };

/** Services and the newest commit of each default branch; services without one only when all are wanted. */
async function standings(ctx: Context, isAll: boolean): Promise<Standing[]> {
  const services: (Service & { coveragePolicy: CoveragePolicy | null })[] = await ctx.db.service.findMany({ where: { archivedAt: null, ...(isAll ? {} : { coverageCommits: { some: {} } }) }, include: { coveragePolicy: true } });
  const ids = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT newest.id FROM service
    LEFT JOIN coverage_policy policy ON policy.service_id = service.id
    CROSS JOIN LATERAL (
      SELECT id FROM coverage_commit made WHERE made.service_id = service.id AND made.branch = coalesce(policy.default_branch, 'main') AND made.files > 0
      ORDER BY made.at DESC, made.id DESC LIMIT 1
    ) newest
    WHERE service.archived_at IS NULL`;
  const commits = await ctx.db.coverageCommit.findMany({ where: { id: { in: ids.map(({ id }) => id) } }, omit: { pages: true, addedLines: true } });
  const byService = new Map(commits.map((commit) => [commit.serviceId, { ...commit, pages: null, addedLines: null }]));
  return services.map((service) => ({ service, policy: toPolicy(service.coveragePolicy), commit: byService.get(service.id) ?? null }));
}

/** The measure furthest below its target, and by how many points. */
export function furthestBelow(percent: Percentages, policy: Pick<Policy, "gate">): { measure: Measure; gap: number } | null {
  const gaps = MEASURES.flatMap((measure) => {
    const value = percent[measure];
    return value === null ? [] : [{ measure, gap: value - levelsOf(policy.gate, measure).target }];
  });
  return gaps.toSorted((a, b) => a.gap - b.gap)[0] ?? null;
}

const NOTHING: Percentages = { lines: null, branches: null, functions: null, statements: null };

function toRow({ service, policy, commit }: Standing, about: { tests: TestTotals | null; sparkline: number[] }): CoverageRow {
  const { id: serviceId, name, slug, tier } = service;
  const percent = commit ? percentages(totalsOfRow(commit)) : NOTHING;
  const flags = commit ? completenessOf(commit) : { carried: [], missing: [] };
  const furthest = furthestBelow(percent, policy);
  return {
    serviceId,
    name,
    slug,
    tier,
    commit: commit?.commit ?? null,
    branch: commit?.branch ?? null,
    at: commit?.pushedAt ?? null,
    percent,
    outcome: commit ? outcomeOf(commit) : "unknown",
    gap: furthest?.gap ?? null,
    worst: furthest?.measure ?? null,
    missing: flags.missing,
    carried: flags.carried.map(({ flag }) => flag),
    ...about,
  };
}

async function sparkline(ctx: Context, { service, policy, commit }: Standing): Promise<number[]> {
  if (!commit) return [];
  const { rows } = await readPoints(ctx, { serviceId: service.id, branch: policy.defaultBranch, newest: SPARK_COMMITS }, SPARK_COMMITS);
  return rows.flatMap((row) => percentOf(totalsOfRow(row).lines) ?? []);
}

const RANK: Record<Outcome, number> = { fail: 0, incomplete: 1, warn: 2, pass: 3, unknown: 4 };
const worstFirst = (a: Standing & { row: CoverageRow }, b: typeof a) => RANK[a.row.outcome] - RANK[b.row.outcome] || (a.row.gap ?? 0) - (b.row.gap ?? 0) || a.service.name.localeCompare(b.service.name);

const withRow = (standing: Standing) => ({ ...standing, row: toRow(standing, { tests: null, sparkline: [] }) });

const Cursor = z.tuple([z.int().min(0)]);

/** All services, worst first; those without a report last. The cursor is a place in the list as it is now. */
export async function listCoverage(ctx: Context, input: ListCoverage): Promise<{ items: CoverageRow[]; nextCursor: string | null }> {
  const wanted = input.search.toLowerCase();
  const all = (await standings(ctx, true))
    .map(withRow)
    .filter(({ service, row }) => (wanted === "" || `${service.name} ${service.slug}`.toLowerCase().includes(wanted)) && (input.outcome === "all" || row.outcome === input.outcome))
    .toSorted(worstFirst);
  const start = decodeCursor(input.cursor, Cursor)?.[0] ?? 0;
  const shown = all.slice(start, start + input.limit);
  const tests = await latestTests(ctx, shown.map(({ service }) => service.id));
  const items: CoverageRow[] = [];
  for (const one of shown) items.push(toRow(one, { tests: tests.get(one.service.id) ?? null, sparkline: await sparkline(ctx, one) }));
  return { items, nextCursor: start + input.limit < all.length ? encodeCursor([start + input.limit]) : null };
}

/** The card: counts by outcome, and one service as the headline, with its trend. The console's own coverage comes first. */
export async function readCoverageSummary(ctx: Context): Promise<CoverageSummary> {
  const all = (await standings(ctx, false)).filter(({ commit }) => commit !== null).map(withRow).toSorted(worstFirst);
  const count = (outcome: Outcome) => all.filter(({ row }) => row.outcome === outcome).length;
  const headline = all.find(({ service }) => service.isSelf) ?? all[0];
  const rows = headline ? (await readPoints(ctx, { serviceId: headline.service.id, branch: headline.policy.defaultBranch }, CARD_POINTS)).rows : [];
  const times = all.flatMap(({ row }) => row.at?.getTime() ?? []);
  return {
    services: all.length,
    outcomes: { pass: count("pass"), warn: count("warn"), fail: count("fail"), incomplete: count("incomplete") },
    own: headline?.row ?? null,
    policy: headline?.policy.gate ?? DEFAULT_GATE,
    points: toPoints(rows),
    lastAt: times.length > 0 ? new Date(Math.max(...times)) : null,
  };
}
