/** Runs: lists, one with everything, one beside another, and a scenario over time. */
import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { findService } from "../../services/queries/index.ts";
import { compareFigures } from "../compare.ts";
import type { CompareRuns, Comparison, Figures, ListRules, ListRuns, ReadTrend, RulesPage, RulesState, RunDetail, RunPage, RunRow, Trend, TrendPoint, Verdict } from "../schema.ts";
import { baselineIds, readRules, ROW_SELECT, rulesOf, toRunParts, toRunRow, type SlimRun } from "./rows.ts";

const notFound = () => new AppError("not_found", "There is no such run. It may have been removed.");

async function findSlim(ctx: Context, id: string): Promise<SlimRun> {
  const run = await ctx.db.loadRun.findUnique({ where: { id }, select: ROW_SELECT });
  if (!run) throw notFound();
  return run;
}

function compare(base: RunRow, now: RunRow, rules: Parameters<typeof compareFigures>[2]): Comparison {
  return { base, now, ...compareFigures(base.figures, now.figures, rules) };
}

/** Any two runs of one service beside each other. Throws `not_found`, `invalid` for runs of different services. */
export async function compareRuns(ctx: Context, input: CompareRuns): Promise<Comparison> {
  const [base, now] = [await findSlim(ctx, input.base), await findSlim(ctx, input.now)];
  if (base.serviceId !== now.serviceId) throw new AppError("invalid", "These runs belong to different services.");
  const [baselines, rules] = await Promise.all([baselineIds(ctx, [now.serviceId]), rulesOf(ctx, [now.serviceId])]);
  return compare(toRunRow(base, baselines), toRunRow(now, baselines), rules(now.serviceId));
}

/** A run with everything that was kept of it, beside the baseline of its scenario and profile. Throws `not_found`. */
export async function getRun(ctx: Context, input: { id: string }): Promise<RunDetail> {
  const run = await ctx.db.loadRun.findUnique({ where: { id: input.id }, include: { service: { select: { name: true, slug: true } } } });
  if (!run) throw notFound();
  const [baselines, rules, baseline] = await Promise.all([
    baselineIds(ctx, [run.serviceId]),
    rulesOf(ctx, [run.serviceId]),
    ctx.db.loadBaseline.findUnique({ where: { serviceId_scenario_profile: { serviceId: run.serviceId, scenario: run.scenario, profile: run.profile } } }),
  ]);
  const row = toRunRow(run, baselines);
  const base = baseline && baseline.runId !== run.id ? await ctx.db.loadRun.findUnique({ where: { id: baseline.runId }, select: ROW_SELECT }) : null;
  return { ...row, ...toRunParts(run), comparison: base ? compare(toRunRow(base, baselines), row, rules(run.serviceId)) : null };
}

/** Runs, newest first. */
export async function listRuns(ctx: Context, input: ListRuns): Promise<z.infer<typeof RunPage>> {
  const service = input.service ? await findService(ctx, input.service) : null;
  const before = decodeCursor(input.cursor, z.tuple([z.string()]));
  const rows = await ctx.db.loadRun.findMany({
    where: { serviceId: service?.id, scenario: input.scenario, profile: input.profile, verdict: input.verdict, branch: input.branch, id: before ? { lt: before[0] } : undefined },
    select: ROW_SELECT,
    orderBy: { id: "desc" },
    take: input.limit + 1,
  });
  const baselines = await baselineIds(ctx, [...new Set(rows.map(({ serviceId }) => serviceId))]);
  return toPage(rows.map((row) => toRunRow(row, baselines)), input.limit, (row) => [row.id]);
}

function toTrendPoint(run: Pick<SlimRun, "id" | "receivedAt" | "commit" | "verdict" | "figures">): TrendPoint {
  const { p50, p95, p99, rate, errorRate } = run.figures as Figures;
  return { id: run.id, at: run.receivedAt, commit: run.commit, verdict: run.verdict as Verdict, p50, p95, p99, rate, errorRate };
}

/** The last runs of a scenario, oldest first, with its baseline. */
export async function readTrend(ctx: Context, input: ReadTrend): Promise<Trend> {
  const service = await findService(ctx, input.service);
  const where = { serviceId: service.id, scenario: input.scenario, profile: input.profile };
  const rows = await ctx.db.loadRun.findMany({ where, select: { id: true, receivedAt: true, commit: true, verdict: true, figures: true, profile: true }, orderBy: [{ receivedAt: "desc" }, { id: "desc" }], take: input.limit });
  const profile = input.profile ?? rows[0]?.profile;
  const baseline = profile ? await ctx.db.loadBaseline.findUnique({ where: { serviceId_scenario_profile: { serviceId: service.id, scenario: input.scenario, profile } } }) : null;
  const base = baseline ? await ctx.db.loadRun.findUnique({ where: { id: baseline.runId }, select: ROW_SELECT }) : null;
  return { points: rows.toReversed().map(toTrendPoint), baseline: base ? toTrendPoint(base) : null };
}

/** Rules that somebody set, with the service they are for, ordered by its slug. */
export async function listRules(ctx: Context, { cursor, limit }: ListRules): Promise<z.infer<typeof RulesPage>> {
  const after = decodeCursor(cursor, z.tuple([z.string()]));
  const rows = await ctx.db.loadRules.findMany({
    where: { service: { archivedAt: null, ...(after ? { slug: { gt: after[0] } } : {}) } },
    include: { service: { select: { slug: true } } },
    orderBy: { service: { slug: "asc" } },
    take: limit + 1,
  });
  const page = toPage(rows, limit, ({ service }) => [service.slug]);
  return { items: page.items.map(({ service, rules, revision }) => ({ service: service.slug, rules: readRules(rules), revision })), nextCursor: page.nextCursor };
}

/** How the runs of a service are judged. Throws `not_found`. */
export async function getRules(ctx: Context, input: { service: string }): Promise<RulesState> {
  const service = await findService(ctx, input.service);
  const row = await ctx.db.loadRules.findUnique({ where: { serviceId: service.id } });
  return { serviceId: service.id, rules: readRules(row?.rules), revision: row?.revision ?? 0, isDefault: row === null, updatedAt: row?.updatedAt ?? null, updatedBy: row?.updatedBy ?? null };
}
