/** Removes what killed runs left in stores: half-written objects, and archives that never got their manifest. */
import type { Context } from "../../platform/context.ts";
import { ARCHIVE_SUFFIX, backupNames, MANIFEST_SUFFIX, slugOf } from "../archive/names.ts";
import type { Store } from "../stores/store.ts";
import { storeOf } from "../world.ts";

/** The end of an archive's name that tells its run. */
const tailOf = (runId: string) => backupNames({ plan: "x", id: runId, at: new Date(0) }).archive.split("_").at(-1) ?? "";

/** Half-written objects may be removed when they are older than every run that is writing now. */
async function sweepBefore(ctx: Context): Promise<Date> {
  const oldest = await ctx.db.backupRun.findFirst({ where: { state: "running", startedAt: { not: null } }, select: { startedAt: true }, orderBy: { startedAt: "asc" } });
  return oldest?.startedAt ?? ctx.now();
}

async function removeOrphan(store: Store, planName: string, runId: string): Promise<number> {
  const names = new Set<string>();
  for await (const { name } of store.list(`${slugOf(planName)}/`)) names.add(name);
  const orphans = [...names].filter((name) => name.endsWith(tailOf(runId)) && name.endsWith(ARCHIVE_SUFFIX) && !names.has(name + MANIFEST_SUFFIX));
  for (const name of orphans) await store.delete(name);
  return orphans.length;
}

/** Sweeps these stores after these runs. Throws when a store cannot be reached; the queue tries again. */
export async function sweepStores(ctx: Context, input: { storeIds: string[]; runIds: string[] }): Promise<number> {
  const stores = await ctx.db.backupStore.findMany({ where: { id: { in: input.storeIds } } });
  const runs = await ctx.db.backupRun.findMany({ where: { id: { in: input.runIds }, state: { not: "stored" } }, select: { id: true, plan: { select: { name: true } } } });
  const before = await sweepBefore(ctx);
  let removed = 0;
  for (const row of stores) {
    const store = await storeOf(ctx, row);
    removed += await store.sweep(before);
    for (const run of runs) removed += await removeOrphan(store, run.plan.name, run.id);
  }
  return removed;
}
