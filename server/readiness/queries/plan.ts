/** The plan: risks, workstreams with the progress that evidence shows, milestones, and what was put off. */
import * as z from "zod";
import type { ReadinessMilestone, ReadinessRisk, ReadinessWorkstream } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import type { KeptLine } from "../history.ts";
import { fleetScore, GRADES, type Category, type DeferredList, type Grade, type Milestone, type MilestoneList, type Risk, type RiskPage, type Workstream, type WorkstreamList } from "../schema/index.ts";

const rank = (grade: string): number => GRADES.indexOf(grade as Grade);

/** Grades between now and the target, on whichever scale: low is good for risk, high for quality. */
export function distanceOf({ current, target, targetKind }: Pick<ReadinessRisk, "current" | "target" | "targetKind">): number {
  return Math.max(0, targetKind === "quality" ? rank(target) - rank(current) : rank(current) - rank(target));
}

function toRisk(row: ReadinessRisk): Risk {
  const { createdAt: _createdAt, ...facts } = row;
  return {
    ...facts,
    category: row.category as Category, likelihood: row.likelihood as Grade, impact: row.impact as Grade, previous: row.previous as Grade, current: row.current as Grade, target: row.target as Grade,
    targetKind: row.targetKind as Risk["targetKind"],
    distance: distanceOf(row),
  };
}

/** One risk. Throws `not_found`. */
export async function getRisk(ctx: Context, id: string): Promise<Risk> {
  const row = await ctx.db.readinessRisk.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no such risk.");
  return toRisk(row);
}

/** The register, oldest first. */
export async function listRisks(ctx: Context, input: { cursor?: string; limit: number; closed: "true" | "false" }): Promise<z.infer<typeof RiskPage>> {
  const after = decodeCursor(input.cursor, z.tuple([z.string()]));
  const rows = await ctx.db.readinessRisk.findMany({ where: { closedAt: input.closed === "true" ? { not: null } : null, id: after ? { gt: after[0] } : undefined }, orderBy: { id: "asc" }, take: input.limit + 1 });
  return toPage(rows.map(toRisk), input.limit, (row) => [row.id]);
}

/** Answers of every rule over all services: how many hold, of how many. */
async function countHeld(ctx: Context): Promise<Map<string, { held: number; total: number }>> {
  const rows = await ctx.db.readinessScore.findMany({ where: { service: { archivedAt: null } }, select: { lines: true } });
  const counts = new Map<string, { held: number; total: number }>();
  for (const line of rows.flatMap(({ lines }) => lines as unknown as KeptLine[])) {
    const count = counts.get(line.rule) ?? { held: 0, total: 0 };
    counts.set(line.rule, { held: count.held + (line.outcome === "pass" || line.isWaived ? 1 : 0), total: count.total + 1 });
  }
  return counts;
}

function toWorkstream(row: ReadinessWorkstream, counts: ReadonlyMap<string, { held: number; total: number }>): Workstream {
  const own = row.rules.map((rule) => counts.get(rule) ?? { held: 0, total: 0 });
  const held = own.reduce((sum, count) => sum + count.held, 0);
  const total = own.reduce((sum, count) => sum + count.total, 0);
  const { createdAt: _createdAt, updatedAt: _updatedAt, ...facts } = row;
  return { ...facts, priority: row.priority as Workstream["priority"], state: row.state as Workstream["state"], held, total, progress: total === 0 ? null : held / total, isDisputed: row.state === "done" && held < total };
}

/** Workstreams by priority, each with the progress that its rules show. */
export async function listWorkstreams(ctx: Context): Promise<z.infer<typeof WorkstreamList>> {
  const [rows, counts] = await Promise.all([ctx.db.readinessWorkstream.findMany({ orderBy: [{ priority: "asc" }, { id: "asc" }] }), countHeld(ctx)]);
  return { items: rows.map((row) => toWorkstream(row, counts)) };
}

/** One workstream. Throws `not_found`. */
export async function getWorkstream(ctx: Context, id: string): Promise<Workstream> {
  const row = await ctx.db.readinessWorkstream.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no such workstream.");
  return toWorkstream(row, await countHeld(ctx));
}

async function presentScore(ctx: Context): Promise<number | null> {
  const rows = await ctx.db.readinessScore.findMany({ where: { service: { archivedAt: null } }, select: { earned: true, blocking: true, service: { select: { tier: true } } } });
  return fleetScore(rows.map(({ earned, blocking, service }) => ({ earned, blocking, tier: service.tier })))?.score ?? null;
}

function toMilestone(row: ReadinessMilestone, score: number | null, now: Date): Milestone {
  const { createdAt: _createdAt, updatedAt: _updatedAt, ...facts } = row;
  const isReached = score !== null && score >= row.goal;
  return { ...facts, score, isReached, isLate: !isReached && row.dueOn < now, isDisputed: row.isDone && !isReached };
}

/** Milestones by date, each beside the score of today. */
export async function listMilestones(ctx: Context): Promise<z.infer<typeof MilestoneList>> {
  const [rows, score] = await Promise.all([ctx.db.readinessMilestone.findMany({ orderBy: [{ dueOn: "asc" }, { id: "asc" }] }), presentScore(ctx)]);
  return { items: rows.map((row) => toMilestone(row, score, ctx.now())) };
}

/** One milestone. Throws `not_found`. */
export async function getMilestone(ctx: Context, id: string): Promise<Milestone> {
  const row = await ctx.db.readinessMilestone.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no such milestone.");
  return toMilestone(row, await presentScore(ctx), ctx.now());
}

/** What was put off, oldest first. */
export async function listDeferred(ctx: Context): Promise<z.infer<typeof DeferredList>> {
  const rows = await ctx.db.readinessDeferred.findMany({ orderBy: { id: "asc" } });
  return { items: rows.map((row) => ({ ...row, isDue: row.lookAgainOn !== null && row.lookAgainOn <= ctx.now() })) };
}
