/** Retention carried out: decisions for every plan and store, then deletion, store first and row second, both tried again. */
import type { Context } from "../../platform/context.ts";
import { AppError, toAppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { decideCopies } from "../mutations/index.ts";
import { findPlan } from "../queries/index.ts";
import type { RetentionPolicy } from "../schema.ts";
import type { Store } from "../stores/store.ts";
import { storeOf } from "../world.ts";

/** Deletions of one job; the next hour goes on. */
const BATCH = 500;

/** Decides for every plan in use. Returns how many copies go. */
export async function decideAll(ctx: Context): Promise<number> {
  const plans = await ctx.db.backupPlan.findMany({ where: { archivedAt: null }, select: { id: true } });
  let goes = 0;
  for (const { id } of plans) {
    const plan = await findPlan(ctx, id);
    for (const { storeId, retention } of plan.stores) {
      ctx.signal?.throwIfAborted();
      goes += await decideCopies(ctx, { plan, storeId, policy: retention as RetentionPolicy });
    }
  }
  return goes;
}

type Doomed = { runId: string; storeId: string; archiveName: string | null; manifestName: string | null; store: { config: unknown } };

/**
 * Throws when neither this copy nor the newest one that must stay is there: then the store is not the one that was written to,
 * such as a mount point without its disk, and a copy counted as deleted would come back with the disk.
 */
async function refuseEmptyPlace(ctx: Context, store: Store, copy: Doomed): Promise<void> {
  for (const name of [copy.archiveName, copy.manifestName]) if (name !== null && (await store.stat(name)) !== null) return;
  const kept = await ctx.db.backupCopy.findFirst({ where: { storeId: copy.storeId, state: { in: ["stored", "lost"] }, archiveName: { not: null } }, orderBy: { storedAt: "desc" }, select: { archiveName: true } });
  if (!kept?.archiveName || (await store.stat(kept.archiveName)) !== null) return;
  throw new AppError("unavailable", `${store.label} holds neither this copy nor the newest one that is kept there. Is it mounted, and is it the right place? Nothing was deleted; it is tried again.`);
}

/**
 * Deletes one copy: manifest first, so that a half-deleted backup is no backup to anybody, then the archive, then the row is
 * marked. A failure is noted and tried again by the next job.
 */
async function deleteCopy(ctx: Context, copy: Doomed): Promise<boolean> {
  const where = { runId_storeId: { runId: copy.runId, storeId: copy.storeId } };
  try {
    const store = await storeOf(ctx, { config: copy.store.config as never });
    await refuseEmptyPlace(ctx, store, copy);
    for (const name of [copy.manifestName, copy.archiveName]) if (name !== null) await store.delete(name);
    await ctx.db.backupCopy.update({ where, data: { state: "deleted", deletedAt: ctx.now(), deleteProblem: null, deleteTries: { increment: 1 } } });
    return true;
  } catch (error) {
    ctx.signal?.throwIfAborted();
    ctx.log.warn({ err: error, runId: copy.runId, storeId: copy.storeId }, "a copy could not be deleted, will try again");
    await ctx.db.backupCopy.update({ where, data: { deleteProblem: toAppError(error).message, deleteTries: { increment: 1 } } });
    return false;
  }
}

/** Deletes what was decided. Returns how many copies are gone. */
export async function deleteDecided(ctx: Context): Promise<number> {
  const copies = await ctx.db.backupCopy.findMany({ where: { state: "deleting", run: { lockedAt: null } }, include: { store: { select: { config: true } } }, orderBy: { deleteDecidedAt: "asc" }, take: BATCH });
  let deleted = 0;
  for (const copy of copies) {
    ctx.signal?.throwIfAborted();
    if (await deleteCopy(ctx, copy)) deleted += 1;
  }
  if (copies.length > 0) await announce(ctx, { topic: "backups" });
  return deleted;
}
