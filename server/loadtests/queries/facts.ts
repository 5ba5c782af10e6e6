/** Plain facts about load tests in bulk, for modules that judge services. */
import type { Context } from "../../platform/context.ts";
import { compareFigures, comparisonWords } from "../compare.ts";
import { provenUsers } from "../judge.ts";
import type { Figures, Profile, Verdict } from "../schema.ts";
import { rulesOf } from "./rows.ts";
import { PROVEN_MS } from "./scenarios.ts";

export type LoadFacts = {
  runs: number;
  latest: { id: string; scenario: string; profile: Profile; verdict: Verdict; reasons: string[]; at: Date; commit: string | null; branch: string | null; errorRate: number | null; requests: number } | null;
  /** The passed run of half a year that proves most users. */
  highestPassed: { id: string; scenario: string; profile: Profile; users: number; at: Date } | null;
  /** The newest run that has a baseline beside it; null without any. */
  regression: { runId: string; isRegression: boolean; words: string; at: Date } | null;
};

type Row = { id: string; service_id: string; scenario: string; profile: Profile; verdict: Verdict; reasons: string[]; commit: string | null; branch: string | null; figures: Figures; received_at: Date };
type Pair = { service_id: string; run_id: string; at: Date; now: Figures; base: Figures; is_base: boolean };

function newestRuns(ctx: Context, ids: readonly string[]): Promise<(Row & { runs: number })[]> {
  return ctx.db.$queryRaw`
    SELECT DISTINCT ON (service_id) id, service_id, scenario, profile, verdict, reasons, commit, branch, figures, received_at, count(*) OVER (PARTITION BY service_id)::int AS runs
    FROM load_run WHERE service_id = ANY(${ids}) ORDER BY service_id, received_at DESC, id DESC`;
}

function passedRuns(ctx: Context, ids: readonly string[]): Promise<Row[]> {
  return ctx.db.$queryRaw`
    SELECT DISTINCT ON (service_id, profile) id, service_id, scenario, profile, verdict, reasons, commit, branch, figures, received_at
    FROM load_run WHERE service_id = ANY(${ids}) AND verdict = 'passed' AND received_at > ${new Date(ctx.now().getTime() - PROVEN_MS)} ORDER BY service_id, profile, received_at DESC`;
}

function pairs(ctx: Context, ids: readonly string[]): Promise<Pair[]> {
  return ctx.db.$queryRaw`
    SELECT DISTINCT ON (b.service_id) b.service_id, r.id AS run_id, r.received_at AS at, r.figures AS now, o.figures AS base, r.id = o.id AS is_base
    FROM load_baseline b JOIN load_run o ON o.id = b.run_id
      JOIN LATERAL (SELECT id, figures, received_at FROM load_run x WHERE x.service_id = b.service_id AND x.scenario = b.scenario AND x.profile = b.profile ORDER BY x.received_at DESC, x.id DESC LIMIT 1) AS r ON true
    WHERE b.service_id = ANY(${ids}) ORDER BY b.service_id, r.received_at DESC`;
}

/** Facts by service; services without a run have none. */
export async function readLoadFacts(ctx: Context, ids: readonly string[]): Promise<Map<string, LoadFacts>> {
  const newest = await newestRuns(ctx, ids);
  if (newest.length === 0) return new Map();
  const own = newest.map(({ service_id }) => service_id);
  const [passed, compared, rules] = await Promise.all([passedRuns(ctx, own), pairs(ctx, own), rulesOf(ctx, own)]);
  const passedOf = Map.groupBy(passed, ({ service_id }) => service_id);
  const pairOf = new Map(compared.map((pair) => [pair.service_id, pair]));
  return new Map(newest.map((row): [string, LoadFacts] => {
    const proven = (passedOf.get(row.service_id) ?? []).map((run) => ({ id: run.id, scenario: run.scenario, profile: run.profile, users: provenUsers(run.profile, run.figures.users), at: run.received_at }));
    const pair = pairOf.get(row.service_id);
    const comparison = pair ? compareFigures(pair.base, pair.now, rules(row.service_id)) : null;
    const { id, scenario, profile, verdict, reasons, commit, branch, figures } = row;
    return [row.service_id, {
      runs: row.runs,
      latest: { id, scenario, profile, verdict, reasons, commit, branch, at: row.received_at, errorRate: figures.errorRate, requests: figures.requests },
      highestPassed: proven.toSorted((a, b) => b.users - a.users || b.at.getTime() - a.at.getTime())[0] ?? null,
      regression: pair && comparison ? { runId: pair.run_id, isRegression: comparison.isRegression, words: pair.is_base ? "the newest run is the baseline" : comparisonWords(comparison), at: pair.at } : null,
    }];
  }));
}

/** Services with a run, a baseline or rules that came after `since`. */
export async function listLoadChanges(ctx: Context, since: Date): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT service_id AS id FROM load_run WHERE received_at > ${since} UNION SELECT service_id FROM load_baseline WHERE promoted_at > ${since} UNION SELECT service_id FROM load_rules WHERE updated_at > ${since}`;
  return rows.map(({ id }) => id);
}
