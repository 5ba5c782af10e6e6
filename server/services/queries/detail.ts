/** One service with everything its page shows, and the timeline of its changes. */
import * as z from "zod";
import type { Check, Service } from "../../../prisma/generated/client.ts";
import { DAY_MS, HOUR_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { mergeHistograms, percentileOf, percentilesOf } from "../../platform/histogram.ts";
import type { CheckDetail, CheckRow, ListTransitions, ServiceDetail, TransitionPage, UptimeWindow } from "../schema.ts";
import { regroupBars, sumStates, uptimeOf } from "../uptime.ts";
import { presentServiceState, toCheckRow, toComponentRow, toServiceFacts } from "./rows.ts";
import { readRollups, type Rollup } from "./series.ts";

/** Finds a service by id or slug. Throws `not_found`. */
export async function findService(ctx: Context, idOrSlug: string): Promise<Service & { checks: Check[] }> {
  const service = await ctx.db.service.findFirst({
    where: { OR: [{ id: idOrSlug }, { slug: idOrSlug }] },
    include: { checks: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] } },
  });
  if (!service) throw new AppError("not_found", "There is no such service. It may have been removed.");
  return service;
}

/** Finds a check. Throws `not_found`. */
export async function findCheck(ctx: Context, id: string): Promise<Check & { service: Service }> {
  const check = await ctx.db.check.findUnique({ where: { id }, include: { service: true } });
  if (!check) throw new AppError("not_found", "There is no such check. It may have been removed.");
  return check;
}

/** The windows of the uptime card: how many bars of which length, read from which rollups. */
const SHAPES: Record<UptimeWindow["window"], { count: number; stepMs: number; source: "hours" | "days" }> = {
  "24h": { count: 24, stepMs: HOUR_MS, source: "hours" },
  "7d": { count: 28, stepMs: 6 * HOUR_MS, source: "hours" },
  "30d": { count: 30, stepMs: DAY_MS, source: "days" },
  "90d": { count: 45, stepMs: 2 * DAY_MS, source: "days" },
};

const nextMultiple = (now: Date, ms: number) => new Date((Math.floor(now.getTime() / ms) + 1) * ms);

function uptimeWindow(window: UptimeWindow["window"], series: { hours: Rollup[]; days: Rollup[] }, now: Date): UptimeWindow {
  const { source, ...shape } = SHAPES[window];
  const end = nextMultiple(now, source === "hours" ? HOUR_MS : DAY_MS);
  const start = end.getTime() - shape.count * shape.stepMs;
  const rows = series[source].filter((row) => row.at.getTime() >= start);
  const total = sumStates(rows);
  return { window, ratio: uptimeOf(total), downSeconds: total.down, bars: regroupBars(rows, end, shape), latency: percentilesOf(mergeHistograms(rows)) };
}

function toCheckDetail(row: CheckRow, hours: Rollup[], now: Date): CheckDetail {
  const own = hours.filter((hour) => hour.subjectId === row.id);
  return {
    ...row,
    bars: regroupBars(own, nextMultiple(now, HOUR_MS), { count: 24, stepMs: HOUR_MS }),
    uptime24h: uptimeOf(sumStates(own)),
    p95Ms24h: percentileOf(mergeHistograms(own), 0.95),
  };
}

/** A service by id or slug: facts, checks with masked secrets, components, and uptime with percentiles over four windows. */
export async function getService(ctx: Context, input: { id: string }): Promise<ServiceDetail> {
  const service = await findService(ctx, input.id);
  const now = ctx.now();
  const checkIds = service.checks.map((check) => check.id);
  const dayAgo = new Date(nextMultiple(now, HOUR_MS).getTime() - DAY_MS);
  const [components, checkHours, hours, days] = await Promise.all([
    ctx.db.component.findMany({ where: { checkId: { in: checkIds } }, orderBy: { name: "asc" } }),
    readRollups(ctx, { subjectIds: checkIds, granularity: "hour", from: dayAgo }),
    readRollups(ctx, { subjectIds: [service.id], granularity: "hour", from: new Date(now.getTime() - 7 * DAY_MS) }),
    readRollups(ctx, { subjectIds: [service.id], granularity: "day", from: new Date(now.getTime() - 91 * DAY_MS) }),
  ]);
  const results = service.checks.flatMap(({ lastResultAt }) => (lastResultAt ? [lastResultAt.getTime()] : []));
  return {
    ...toServiceFacts(service),
    updatedBy: service.updatedBy,
    ...presentServiceState(service, service.checks, now),
    lastResultAt: results.length > 0 ? new Date(Math.max(...results)) : null,
    checks: service.checks.map((check) => toCheckDetail(toCheckRow(check, now), checkHours, now)),
    components: components.flatMap((component) => {
      const check = service.checks.find(({ id }) => id === component.checkId);
      return check ? [toComponentRow(component, check, now)] : [];
    }),
    uptime: (["24h", "7d", "30d", "90d"] as const).map((window) => uptimeWindow(window, { hours, days }, now)),
  };
}

/** One check, secrets masked. */
export async function getCheck(ctx: Context, input: { id: string }): Promise<CheckRow> {
  return toCheckRow(await findCheck(ctx, input.id), ctx.now());
}

/** Changes of state of a service and its checks, newest first. */
export async function listTransitions(ctx: Context, input: z.infer<typeof ListTransitions>): Promise<z.infer<typeof TransitionPage>> {
  const { id: serviceId } = await findService(ctx, input.id);
  const before = decodeCursor(input.cursor, z.tuple([z.string().regex(/^\d{1,18}$/)]));
  const rows = await ctx.db.transition.findMany({
    where: { serviceId, checkId: input.checkId, id: before ? { lt: BigInt(before[0]) } : undefined },
    orderBy: { id: "desc" },
    take: input.limit + 1,
  });
  const items = rows.map(({ id, at, checkId, checkName, from, to, reason }) => ({ id: id.toString(), at, checkId, checkName, from, to, reason }));
  return toPage(items, input.limit, (row) => [row.id]);
}
