/** From rows of the database to the module's words. */
import type { LoadRun } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { DEFAULT_RULES, GateRules, type Figures, type Format, type Metric, type Profile, type RunDetail, type RunPoint, type RunRow, type Threshold, type Verdict } from "../schema.ts";

export type Named = LoadRun & { service: { name: string; slug: string } };
/** What a list reads: everything but the large parts. */
export const ROW_SELECT = {
  id: true, serviceId: true, scenario: true, profile: true, format: true, commit: true, branch: true, verdict: true, reasons: true, figures: true, receivedAt: true, receivedFrom: true,
  service: { select: { name: true, slug: true } },
} as const;

export type SlimRun = Omit<Named, "thresholds" | "metrics" | "points" | "omittedMetrics" | "digest">;

/** Ids of the runs that are baselines, among these services. */
export async function baselineIds(ctx: Context, serviceIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await ctx.db.loadBaseline.findMany({ where: { serviceId: { in: [...serviceIds] } }, select: { runId: true } });
  return new Set(rows.map(({ runId }) => runId));
}

export function toRunRow(run: SlimRun, baselines: ReadonlySet<string>): RunRow {
  const { id, serviceId, scenario, commit, branch, reasons, receivedAt, receivedFrom, service } = run;
  return {
    id, serviceId, scenario, commit, branch, reasons, receivedAt, receivedFrom,
    serviceName: service.name, slug: service.slug,
    profile: run.profile as Profile, format: run.format as Format, verdict: run.verdict as Verdict, figures: run.figures as Figures,
    isBaseline: baselines.has(id),
  };
}

export function toRunParts(run: Named): Pick<RunDetail, "thresholds" | "metrics" | "omittedMetrics" | "points"> {
  return { thresholds: run.thresholds as Threshold[], metrics: run.metrics as Metric[], omittedMetrics: run.omittedMetrics, points: run.points as RunPoint[] };
}

/** Stored rules, or the defaults when there are none or they are of another version. */
export function readRules(stored: unknown): GateRules {
  const parsed = GateRules.safeParse(stored);
  return parsed.success ? parsed.data : DEFAULT_RULES;
}

/** The rules of services by id; those without an entry have the defaults. */
export async function rulesOf(ctx: Context, serviceIds: readonly string[]): Promise<(serviceId: string) => GateRules> {
  const rows = await ctx.db.loadRules.findMany({ where: { serviceId: { in: [...serviceIds] } } });
  const known = new Map(rows.map((row) => [row.serviceId, readRules(row.rules)]));
  return (serviceId) => known.get(serviceId) ?? DEFAULT_RULES;
}
