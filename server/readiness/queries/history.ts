/** How scores moved and why, and how all services stand together. */
import * as z from "zod";
import { DAY_MS, HOUR_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { findService } from "../../services/queries/index.ts";
import { RULES } from "../rules/registry.ts";
import { fleetScore, type ChangePage, type ChangeRow, type FleetSummary, type History, type Level, type ListChanges, type Outcome, type ReadHistory, type ScorePoint } from "../schema/index.ts";
import { scoreAt } from "./cards.ts";
import { getPolicy } from "./policy.ts";
import { countWaivers } from "./waivers.ts";

const DEFAULT_DAYS = 90;
const WEEK_MS = 7 * DAY_MS;
/** A chart shows this many steps beside each other; of those that fall together the last is what held. */
const STEPS = 300;
/** A history of minutes is shown over an hour. */
const LEAST_SPAN_MS = HOUR_MS;
/** Changes that the overview names. */
const SHOWN_CHANGES = 6;

const rangeOf = (ctx: Context, { from, to }: { from?: Date; to?: Date }) => ({ from: from ?? new Date(ctx.now().getTime() - DEFAULT_DAYS * DAY_MS), to: to ?? ctx.now() });

/** Drops what nobody could see: scores that were replaced within one step of the chart. Stated ones stay. */
function lastOfEachStep(points: readonly ScorePoint[], stepMs: number): ScorePoint[] {
  const stepOf = ({ at }: ScorePoint) => Math.floor(at.getTime() / stepMs);
  let later: number | null = null;
  return points
    .toReversed()
    .filter((point) => {
      if (point.isStated) return true;
      const isLast = stepOf(point) !== later;
      later = stepOf(point);
      return isLast;
    })
    .toReversed();
}

async function readPoints(ctx: Context, serviceId: string | null, range: { from: Date; to: Date }): Promise<ScorePoint[]> {
  const rows = await ctx.db.readinessPoint.findMany({ where: { serviceId, at: { gte: range.from, lte: range.to } }, orderBy: [{ at: "asc" }, { id: "asc" }], select: { at: true, score: true, note: true, statedBy: true } });
  const before = await scoreAt(ctx, serviceId, range.from);
  const start = before === null ? (rows[0]?.at ?? range.from) : range.from;
  const all = rows.map(({ statedBy, ...row }): ScorePoint => ({ ...row, isStated: statedBy !== null }));
  const points = lastOfEachStep(all, Math.max(range.to.getTime() - start.getTime(), LEAST_SPAN_MS) / STEPS);
  // The line begins where the chart does, at the score that held then.
  return before === null ? points : [{ at: range.from, score: before, note: null, isStated: false }, ...points];
}

/** The score over time, of one service or of all together: one point for each change. */
export async function readHistory(ctx: Context, input: ReadHistory): Promise<z.infer<typeof History>> {
  const range = rangeOf(ctx, input);
  const service = input.id ? await findService(ctx, input.id) : null;
  return { points: await readPoints(ctx, service?.id ?? null, range), ...range };
}

type RawChange = { id: bigint; at: Date; serviceId: string; rule: string; title: string; from: string | null; to: string | null; points: number; why: string };

async function named(ctx: Context, rows: RawChange[]): Promise<ChangeRow[]> {
  const services = await ctx.db.service.findMany({ where: { id: { in: [...new Set(rows.map(({ serviceId }) => serviceId))] } }, select: { id: true, name: true, slug: true } });
  const of = new Map(services.map((service) => [service.id, service]));
  return rows.map((row) => ({ ...row, id: row.id.toString(), from: row.from as Outcome | null, to: row.to as Outcome | null, serviceName: of.get(row.serviceId)?.name ?? "A removed service", slug: of.get(row.serviceId)?.slug ?? "" }));
}

/** Rules that changed their answer between two dates, newest first, with what each did to the score. */
export async function listChanges(ctx: Context, input: ListChanges): Promise<z.infer<typeof ChangePage>> {
  const range = rangeOf(ctx, input);
  const service = input.id ? await findService(ctx, input.id) : null;
  const before = decodeCursor(input.cursor, z.tuple([z.string().regex(/^\d{1,18}$/)]));
  const rows = await ctx.db.readinessChange.findMany({
    where: { serviceId: service?.id, at: { gte: range.from, lte: range.to }, id: before ? { lt: BigInt(before[0]) } : undefined },
    orderBy: { id: "desc" },
    take: input.limit + 1,
  });
  const page = toPage(rows, input.limit, (row) => [row.id.toString()]);
  return { items: await named(ctx, page.items), nextCursor: page.nextCursor };
}

/** How all services stand together: score, trend, levels, and the changes of a week that weighed most. */
export async function readFleet(ctx: Context): Promise<FleetSummary> {
  const now = ctx.now();
  const weekAgo = new Date(now.getTime() - WEEK_MS);
  const [rows, policy, trend, changes, waivers, before] = await Promise.all([
    ctx.db.readinessScore.findMany({ where: { service: { archivedAt: null } }, select: { earned: true, blocking: true, level: true, evaluatedAt: true, service: { select: { tier: true } } } }),
    getPolicy(ctx),
    readPoints(ctx, null, rangeOf(ctx, {})),
    ctx.db.$queryRaw<RawChange[]>`
      SELECT id, at, service_id AS "serviceId", rule, title, from_outcome AS "from", to_outcome AS "to", points, why FROM readiness_change
      WHERE at >= ${weekAgo} AND at <= ${now} ORDER BY abs(points) DESC, id DESC LIMIT ${SHOWN_CHANGES}`,
    countWaivers(ctx),
    scoreAt(ctx, null, weekAgo),
  ]);
  const fleet = fleetScore(rows.map(({ earned, blocking, service }) => ({ earned, blocking, tier: service.tier })));
  const levels = { none: 0, bronze: 0, silver: 0, gold: 0 };
  for (const { level } of rows) levels[level as Level] += 1;
  const evaluated = rows.map(({ evaluatedAt }) => evaluatedAt.getTime());
  return {
    score: fleet?.score ?? null,
    earned: fleet?.earned ?? null,
    isCapped: fleet?.isCapped ?? false,
    heldBack: fleet?.heldBack ?? 0,
    goal: policy.goal,
    services: rows.length,
    levels,
    rules: RULES.length,
    weekAgo: before,
    trend,
    changes: await named(ctx, changes),
    waivers,
    evaluatedAt: evaluated.length > 0 ? new Date(Math.max(...evaluated)) : null,
  };
}
