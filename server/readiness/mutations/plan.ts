/** Risks, workstreams, milestones and what was put off: plain records with a revision, each change with its audit row. */
import type { Prisma } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { getMilestone, getRisk, getWorkstream } from "../queries/index.ts";
import type { CreateDeferred, CreateMilestone, CreateRisk, CreateWorkstream, Milestone, Risk, UpdateMilestone, UpdateRisk, UpdateWorkstream, Workstream } from "../schema/index.ts";
import type * as z from "zod";

type Told = { action: `readiness.${string}`; kind: string; id: string; summary: string; before?: unknown; after?: unknown };

/** One transaction: the change, its audit row, the news. */
async function recorded<T>(ctx: Context, told: Told, work: (tx: Context) => Promise<T>): Promise<T> {
  return inTransaction(ctx, async (tx) => {
    const result = await work(tx);
    const { action, kind, id, summary, before, after } = told;
    await audit(tx, { action, target: { kind, id }, summary, before, after });
    await announce(tx, { topic: "readiness" });
    return result;
  });
}

function expectOne({ count }: Prisma.BatchPayload, what: string): void {
  if (count === 0) throw new AppError("conflict", `Somebody else changed or removed this ${what} meanwhile. Nothing was saved; reload and try again.`);
}

export function createRisk(ctx: Context, input: CreateRisk): Promise<Risk> {
  const id = newId("rsk", ctx.now());
  return recorded(ctx, { action: "readiness.createRisk", kind: "risk", id, summary: `Entered the risk “${input.title}”`, after: input }, async (tx) => {
    await tx.db.readinessRisk.create({ data: { id, ...input, createdAt: tx.now(), updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) } });
    return getRisk(tx, id);
  });
}

/** Changes, closes or opens a risk. The level before is kept as `previous` when the current one moves. */
export async function updateRisk(ctx: Context, { risk: id, revision, isClosed, ...changes }: UpdateRisk): Promise<Risk> {
  const before = await getRisk(ctx, id);
  const moved = changes.current !== undefined && changes.current !== before.current && changes.previous === undefined ? { previous: before.current } : {};
  const closed = isClosed === undefined ? {} : { closedAt: isClosed ? ctx.now() : null };
  return recorded(ctx, { action: "readiness.updateRisk", kind: "risk", id, summary: `Changed the risk “${before.title}”`, before, after: { ...changes, isClosed } }, async (tx) => {
    expectOne(await tx.db.readinessRisk.updateMany({ where: { id, revision }, data: { ...changes, ...moved, ...closed, revision: { increment: 1 }, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) } }), "risk");
    return getRisk(tx, id);
  });
}

export function createWorkstream(ctx: Context, input: CreateWorkstream): Promise<Workstream> {
  const id = newId("wks", ctx.now());
  return recorded(ctx, { action: "readiness.createWorkstream", kind: "workstream", id, summary: `Added the workstream “${input.name}”`, after: input }, async (tx) => {
    await tx.db.readinessWorkstream.create({ data: { id, ...input, createdAt: tx.now(), updatedAt: tx.now() } });
    return getWorkstream(tx, id);
  });
}

export async function updateWorkstream(ctx: Context, { workstream: id, revision, ...changes }: UpdateWorkstream): Promise<Workstream> {
  const before = await getWorkstream(ctx, id);
  return recorded(ctx, { action: "readiness.updateWorkstream", kind: "workstream", id, summary: `Changed the workstream “${before.name}”`, before, after: changes }, async (tx) => {
    expectOne(await tx.db.readinessWorkstream.updateMany({ where: { id, revision }, data: { ...changes, revision: { increment: 1 }, updatedAt: tx.now() } }), "workstream");
    return getWorkstream(tx, id);
  });
}

export async function removeWorkstream(ctx: Context, { workstream: id }: { workstream: string }): Promise<{ ok: true }> {
  const before = await getWorkstream(ctx, id);
  return recorded(ctx, { action: "readiness.removeWorkstream", kind: "workstream", id, summary: `Removed the workstream “${before.name}”`, before }, async (tx) => {
    expectOne(await tx.db.readinessWorkstream.deleteMany({ where: { id } }), "workstream");
    return { ok: true };
  });
}

export function createMilestone(ctx: Context, input: z.infer<typeof CreateMilestone>): Promise<Milestone> {
  const id = newId("mls", ctx.now());
  return recorded(ctx, { action: "readiness.createMilestone", kind: "milestone", id, summary: `Added the milestone “${input.name}”`, after: input }, async (tx) => {
    await tx.db.readinessMilestone.create({ data: { id, ...input, createdAt: tx.now(), updatedAt: tx.now() } });
    return getMilestone(tx, id);
  });
}

export async function updateMilestone(ctx: Context, { milestone: id, revision, ...changes }: UpdateMilestone): Promise<Milestone> {
  const before = await getMilestone(ctx, id);
  return recorded(ctx, { action: "readiness.updateMilestone", kind: "milestone", id, summary: `Changed the milestone “${before.name}”`, before, after: changes }, async (tx) => {
    expectOne(await tx.db.readinessMilestone.updateMany({ where: { id, revision }, data: { ...changes, revision: { increment: 1 }, updatedAt: tx.now() } }), "milestone");
    return getMilestone(tx, id);
  });
}

export async function removeMilestone(ctx: Context, { milestone: id }: { milestone: string }): Promise<{ ok: true }> {
  const before = await getMilestone(ctx, id);
  return recorded(ctx, { action: "readiness.removeMilestone", kind: "milestone", id, summary: `Removed the milestone “${before.name}”`, before }, async (tx) => {
    expectOne(await tx.db.readinessMilestone.deleteMany({ where: { id } }), "milestone");
    return { ok: true };
  });
}

export function createDeferred(ctx: Context, input: z.infer<typeof CreateDeferred>): Promise<{ ok: true; deferred: string }> {
  const id = newId("dfr", ctx.now());
  return recorded(ctx, { action: "readiness.createDeferred", kind: "deferred", id, summary: `Put off “${input.title}”`, after: input }, async (tx) => {
    await tx.db.readinessDeferred.create({ data: { id, ...input, createdAt: tx.now(), createdBy: actorLabel(tx.actor) } });
    return { ok: true, deferred: id };
  });
}

export async function removeDeferred(ctx: Context, { deferred: id }: { deferred: string }): Promise<{ ok: true }> {
  const before = await ctx.db.readinessDeferred.findUnique({ where: { id } });
  if (!before) throw new AppError("not_found", "There is no such entry.");
  return recorded(ctx, { action: "readiness.removeDeferred", kind: "deferred", id, summary: `No longer puts off “${before.title}”`, before }, async (tx) => {
    expectOne(await tx.db.readinessDeferred.deleteMany({ where: { id } }), "entry");
    return { ok: true };
  });
}
