/** Stores, and what lies in them. */
import type { BackupStore } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { StoreRow } from "../schema.ts";
import type { StoreConfig } from "../schema/store-config.ts";
import { maskStore, openStoreConfig } from "../secrets.ts";
import { ownStoreFolder } from "../world.ts";

/** A store that is in use. Throws `not_found`. */
export async function findStore(ctx: Context, id: string): Promise<BackupStore> {
  const store = await ctx.db.backupStore.findFirst({ where: { id, archivedAt: null } });
  if (!store) throw new AppError("not_found", `There is no store ${id}.`);
  return store;
}

type Holding = { storeId: string; copies: number; bytes: bigint | null };

/** All stores with what they hold. There are few, so there are no pages. */
export async function listStores(ctx: Context): Promise<{ stores: StoreRow[]; ownFolder: string }> {
  const stores = await ctx.db.backupStore.findMany({
    where: { archivedAt: null },
    include: { plans: { include: { plan: { select: { id: true, name: true, slug: true, archivedAt: true } } } } },
    orderBy: { name: "asc" },
  });
  const holdings = await ctx.db.$queryRaw<Holding[]>`
    SELECT store_id AS "storeId", count(*)::int AS copies, sum(bytes)::bigint AS bytes FROM backup_copy WHERE state = 'stored' GROUP BY store_id`;
  const rows = stores.map((store): StoreRow => {
    const holding = holdings.find(({ storeId }) => storeId === store.id);
    return {
      id: store.id,
      name: store.name,
      kind: store.kind as StoreRow["kind"],
      label: store.label,
      config: maskStore(openStoreConfig(store.config as StoreConfig)),
      checkedAt: store.checkedAt,
      checkProblem: store.checkProblem,
      freeBytes: store.freeBytes === null ? null : Number(store.freeBytes),
      isVersioned: store.isVersioned,
      isLocked: store.isLocked,
      copies: holding?.copies ?? 0,
      bytes: Number(holding?.bytes ?? 0n),
      plans: store.plans.filter(({ plan }) => plan.archivedAt === null).map(({ plan: { id, name, slug } }) => ({ id, name, slug })),
      revision: store.revision,
      createdAt: store.createdAt,
    };
  });
  return { stores: rows, ownFolder: ownStoreFolder() };
}
