/** Tests stores and sources between runs, so that the page warns before a run fails. */
import type { BackupStore } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import type { Prisma } from "../../platform/db.ts";
import { toAppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { checkStore, preflight, PREFLIGHT_TIMEOUT_MS } from "../preflight.ts";
import { findPlan } from "../queries/index.ts";
import type { EngineKind } from "../schema/manifest.ts";
import { reconcileStore } from "../reconcile.ts";
import type { Store } from "../stores/store.ts";
import { drillServerOf, sourceOf, storeOf } from "../world.ts";

/** Looks whether a store still holds what was stored there. One that cannot be listed keeps what is known of it. */
async function reconcile(ctx: Context, { id, name, store }: { id: string; name: string; store: Store }): Promise<void> {
  try {
    const { lost, found } = await reconcileStore(ctx, { id, store });
    if (lost > 0) ctx.log.warn({ store: name, lost }, "copies of backups are not in their store any more");
    if (found > 0) ctx.log.info({ store: name, found }, "copies of backups are in their store again");
  } catch (error) {
    ctx.signal?.throwIfAborted();
    ctx.log.warn({ err: error, store: name }, "a store could not be listed");
  }
}

/** One that cannot even be opened is told like one that refuses. */
async function checkOne(ctx: Context, row: BackupStore): Promise<{ store: Store | null; facts: Awaited<ReturnType<typeof checkStore>> }> {
  try {
    const store = await storeOf(ctx, row);
    const signal = AbortSignal.any([AbortSignal.timeout(PREFLIGHT_TIMEOUT_MS), ...(ctx.signal ? [ctx.signal] : [])]);
    return { store, facts: await checkStore(store, { lastBytes: null, signal }) };
  } catch (error) {
    ctx.signal?.throwIfAborted();
    return { store: null, facts: { problem: toAppError(error).message, freeBytes: null, isVersioned: null, isLocked: null } };
  }
}

async function checkStores(ctx: Context): Promise<void> {
  for (const row of await ctx.db.backupStore.findMany({ where: { archivedAt: null } })) {
    const { store, facts } = await checkOne(ctx, row);
    const { problem, freeBytes, isVersioned, isLocked } = facts;
    await ctx.db.backupStore.updateMany({ where: { id: row.id }, data: { checkedAt: ctx.now(), checkProblem: problem, freeBytes: freeBytes === null ? null : BigInt(Math.floor(freeBytes)), isVersioned, isLocked } });
    if (store !== null && problem === null) await reconcile(ctx, { id: row.id, name: row.name, store });
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
