/** Tests stores and sources between runs, so that the page warns before a run fails. */
import type { Context } from "../../platform/context.ts";
import type { Prisma } from "../../platform/db.ts";
import { toAppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { checkStore, preflight, PREFLIGHT_TIMEOUT_MS } from "../preflight.ts";
import { findPlan } from "../queries/index.ts";
import type { EngineKind } from "../schema/manifest.ts";
import { drillServerOf, sourceOf, storeOf } from "../world.ts";

async function checkStores(ctx: Context): Promise<void> {
  for (const row of await ctx.db.backupStore.findMany({ where: { archivedAt: null } })) {
    const signal = AbortSignal.any([AbortSignal.timeout(PREFLIGHT_TIMEOUT_MS), ...(ctx.signal ? [ctx.signal] : [])]);
    const { problem, freeBytes, isVersioned, isLocked } = await checkStore(await storeOf(ctx, row), { lastBytes: null, signal });
    await ctx.db.backupStore.updateMany({ where: { id: row.id }, data: { checkedAt: ctx.now(), checkProblem: problem, freeBytes: freeBytes === null ? null : BigInt(Math.floor(freeBytes)), isVersioned, isLocked } });
  }
}

async function checkPlan(ctx: Context, id: string): Promise<void> {
  const plan = await findPlan(ctx, id);
  const stores = await Promise.all(plan.stores.map(async ({ store }) => ({ id: store.id, name: store.name, store: await storeOf(ctx, store) })));
  const last = await ctx.db.backupRun.findFirst({ where: { planId: id, state: "stored", bytes: { not: null } }, select: { bytes: true }, orderBy: { requestedAt: "desc" } });
  const report = await preflight(ctx, { source: sourceOf(plan), wish: plan.engineWish as EngineKind | "auto", stores, lastBytes: last?.bytes ? Number(last.bytes) : null, drillServerUrl: drillServerOf(plan) });
  await ctx.db.backupPlan.updateMany({ where: { id }, data: { findings: report.findings as unknown as Prisma.InputJsonValue, checkedAt: ctx.now(), sourceVersion: report.version ?? plan.sourceVersion } });
}

/** Looks at everything; a plan that cannot be looked at keeps the reason as its finding. */
export async function lookAround(ctx: Context): Promise<void> {
  await checkStores(ctx);
  const plans = await ctx.db.backupPlan.findMany({ where: { archivedAt: null, pausedAt: null, NOT: { nextRunAt: null } }, select: { id: true } });
  for (const { id } of plans) {
    ctx.signal?.throwIfAborted();
    try {
      await checkPlan(ctx, id);
    } catch (error) {
      ctx.signal?.throwIfAborted();
      await ctx.db.backupPlan.updateMany({ where: { id }, data: { findings: [{ level: "problem", code: "check", message: toAppError(error).message }], checkedAt: ctx.now() } });
    }
  }
  await announce(ctx, { topic: "backups" });
}
