/** Changes of stores. What lies in a store is never touched by them. */
import type { Prisma } from "../../platform/db.ts";
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { checkStore, PREFLIGHT_TIMEOUT_MS } from "../preflight.ts";
import { findStore } from "../queries/index.ts";
import type { AddStore, StoreCheck, TestStore, UpdateStore } from "../schema.ts";
import type { StoreConfig } from "../schema/store-config.ts";
import { carryStore, maskStore, openStoreConfig, sealStore } from "../secrets.ts";
import { labelOfStore } from "../source-words.ts";
import { storeFrom } from "../world.ts";

const asJson = (value: unknown) => value as Prisma.InputJsonValue;
const conflict = () => new AppError("conflict", "Somebody else changed this store meanwhile. Nothing was saved; reload and try again.");

async function record(ctx: Context, id: string, entry: { action: `backups.${string}`; summary: string; before?: unknown; after?: unknown }): Promise<void> {
  await audit(ctx, { ...entry, target: { kind: "backupStore", id } });
  await announce(ctx, { topic: "backups" });
}

async function refuseTwice(ctx: Context, name: string, except: string | null): Promise<void> {
  const other = await ctx.db.backupStore.findUnique({ where: { name } });
  if (other && other.id !== except) throw new AppError("conflict", `There is a store called ${name} already.`, { detail: { fields: { name: "Taken" } } });
}

/** Tests a store by writing, reading and deleting a tiny object. Masked secrets of an existing one are used. */
export async function testStore(ctx: Context, input: TestStore): Promise<StoreCheck> {
  const known = input.storeId === undefined ? null : openStoreConfig((await findStore(ctx, input.storeId)).config as StoreConfig);
  const store = await storeFrom(ctx, carryStore(input.config, known));
  const signal = AbortSignal.any([AbortSignal.timeout(PREFLIGHT_TIMEOUT_MS), ...(ctx.signal ? [ctx.signal] : [])]);
  const facts = await checkStore(store, { lastBytes: null, signal });
  return { isUsable: facts.problem === null, ...facts };
}

/** Adds a store that works: it is tested first. Throws `precondition` with what the test found. */
export async function addStore(ctx: Context, input: AddStore): Promise<{ id: string }> {
  const facts = await testStore(ctx, { config: input.config });
  if (!facts.isUsable) throw new AppError("precondition", `The store cannot be used: ${facts.problem ?? ""}`, { detail: { fields: { config: facts.problem ?? "" } } });
  return inTransaction(ctx, async (tx) => {
    await refuseTwice(tx, input.name, null);
    const now = tx.now();
    const id = newId("sto", now);
    const { freeBytes, isVersioned, isLocked } = facts;
    await tx.db.backupStore.create({
      data: {
        id, name: input.name, kind: input.config.kind, config: asJson(sealStore(carryStore(input.config, null))), label: labelOfStore(input.config),
        checkedAt: now, freeBytes: freeBytes === null ? null : BigInt(Math.floor(freeBytes)), isVersioned, isLocked, createdAt: now, updatedAt: now,
      },
    });
    await record(tx, id, { action: "backups.addStore", summary: `Added the store ${input.name}`, after: { name: input.name, config: maskStore(input.config) } });
    return { id };
  });
}

/** Changes name or settings. Backups that lie in the former place are not moved. Throws `conflict` when somebody was faster. */
export async function updateStore(ctx: Context, input: UpdateStore): Promise<{ id: string }> {
  const before = await findStore(ctx, input.id);
  const former = openStoreConfig(before.config as StoreConfig);
  const config = input.config === undefined ? former : carryStore(input.config, former);
  if (config.kind !== former.kind) throw new AppError("invalid", "The kind of a store cannot change. Add another store instead.");
  const facts = input.config === undefined ? null : await testStore(ctx, { config });
  if (facts && !facts.isUsable) throw new AppError("precondition", `The store cannot be used with these settings: ${facts.problem ?? ""}`);
  return inTransaction(ctx, async (tx) => {
    if (input.name !== undefined) await refuseTwice(tx, input.name, before.id);
    const name = input.name ?? before.name;
    const { count } = await tx.db.backupStore.updateMany({
      where: { id: before.id, revision: input.revision, archivedAt: null },
      data: { name, config: asJson(sealStore(config)), label: labelOfStore(config), checkProblem: facts ? null : before.checkProblem, revision: { increment: 1 }, updatedAt: tx.now() },
    });
    if (count === 0) throw conflict();
    await record(tx, before.id, { action: "backups.updateStore", summary: `Changed the store ${name}`, before: { name: before.name, config: maskStore(former) }, after: { name, config: maskStore(config) } });
    return { id: before.id };
  });
}

/** Takes a store out of use. Its contents stay where they are and can be attached again. Throws `precondition` while a plan uses it. */
export async function removeStore(ctx: Context, input: { id: string }): Promise<{ ok: true }> {
  const store = await findStore(ctx, input.id);
  return inTransaction(ctx, async (tx) => {
    const used = await tx.db.backupPlanStore.findFirst({ where: { storeId: store.id, plan: { archivedAt: null } }, include: { plan: { select: { name: true } } } });
    if (used) throw new AppError("precondition", `${used.plan.name} keeps its backups in ${store.name}. Give the plan another store first.`);
    const { count } = await tx.db.backupStore.updateMany({ where: { id: store.id, archivedAt: null }, data: { archivedAt: tx.now(), name: `${store.name} (removed ${store.id})` } });
    if (count === 0) throw conflict();
    await record(tx, store.id, { action: "backups.removeStore", summary: `Removed the store ${store.name}; its contents were not touched`, before: { name: store.name } });
    return { ok: true };
  });
}
