/** Seals the secrets of stores, plans and restores with the keyring's current key while everything runs. */
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { isOutdated } from "../../platform/crypto.ts";
import { inTransaction, type Prisma } from "../../platform/db.ts";
import type { Hooks, PlanSource } from "../schema.ts";
import type { StoreConfig } from "../schema/store-config.ts";
import { openDrillServer, openHooks, openSource, openStoreConfig, sealDrillServer, sealedIn, sealHooks, sealSource, sealStore } from "../secrets.ts";

const asJson = (value: unknown) => value as Prisma.InputJsonValue;
const isOld = (value: unknown) => sealedIn(value).some(isOutdated);

async function resealStore(ctx: Context, id: string): Promise<void> {
  const [row] = await ctx.db.$queryRaw<{ config: StoreConfig }[]>`SELECT config FROM backup_store WHERE id = ${id} FOR UPDATE`;
  if (row) await ctx.db.backupStore.update({ where: { id }, data: { config: asJson(sealStore(openStoreConfig(row.config))) } });
}

async function resealPlan(ctx: Context, id: string): Promise<void> {
  const [row] = await ctx.db.$queryRaw<{ source: PlanSource | null; hooks: Hooks; drillServer: string | null }[]>`SELECT source, hooks, drill_server AS "drillServer" FROM backup_plan WHERE id = ${id} FOR UPDATE`;
  if (!row) return;
  const source = row.source === null ? {} : { source: asJson(sealSource(openSource(row.source))) };
  await ctx.db.backupPlan.update({ where: { id }, data: { ...source, hooks: asJson(sealHooks(openHooks(row.hooks))), drillServer: row.drillServer === null ? null : sealDrillServer(openDrillServer(row.drillServer)) } });
}

/** Every sealed value by its holder. Addresses of restores that ended are needed no more; they are forgotten, not sealed again. */
async function outdated(ctx: Context): Promise<{ stores: string[]; plans: string[] }> {
  const [stores, plans] = await Promise.all([ctx.db.backupStore.findMany({ select: { id: true, config: true } }), ctx.db.backupPlan.findMany({ select: { id: true, source: true, hooks: true, drillServer: true } })]);
  return { stores: stores.filter(({ config }) => isOld(config)).map(({ id }) => id), plans: plans.filter(({ source, hooks, drillServer }) => isOld([source, hooks, drillServer])).map(({ id }) => id) };
}

/** Returns how many rows were sealed again. Idempotent. */
export async function resealBackups(ctx: Context): Promise<number> {
  const { stores, plans } = await outdated(ctx);
  for (const id of stores) await inTransaction(ctx, (tx) => resealStore(tx, id));
  for (const id of plans) await inTransaction(ctx, (tx) => resealPlan(tx, id));
  const sealed = stores.length + plans.length;
  await ctx.db.$executeRaw`UPDATE backup_restore SET target = jsonb_set(target, '{url}', 'null') WHERE active_key IS NULL AND target->>'url' LIKE 'sw1:%'`;
  if (sealed > 0) await audit(ctx, { action: "backups.reseal", target: { kind: "keyring", id: "current" }, summary: `Sealed the secrets of ${sealed} stores and plans with the current key` });
  return sealed;
}
