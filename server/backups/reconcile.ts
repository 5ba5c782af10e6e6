/**
 * The catalogue held against what a store really holds. A file that somebody removed, a disk that is not mounted, a rule of
 * the bucket: what was stored may be gone, and a plan that still called it restorable would lie. Such a copy is lost; it is
 * stored again as soon as it is seen again, whole.
 */
import path from "node:path";
import { HOUR_MS } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { announce } from "../platform/live/announce.ts";
import type { Store } from "./stores/store.ts";
import { sizeInWords } from "./units.ts";

type Copy = { runId: string; state: string; bytes: bigint | null; archiveName: string | null; manifestName: string | null; storedAt: Date | null };
type Held = ReadonlyMap<string, number>;

export type Reconciled = { lost: number; found: number };

/** Every object in the folders of these copies, by name, with its size. One listing a folder, so a bucket is not asked for each copy. */
async function listed(store: Store, copies: readonly Copy[], signal: AbortSignal | undefined): Promise<Held> {
  const held = new Map<string, number>();
  const folders = new Set(copies.flatMap(({ archiveName }) => (archiveName === null ? [] : [path.posix.dirname(archiveName)])));
  for (const folder of folders) {
    for await (const { name, bytes } of store.list(folder === "." ? "" : `${folder}/`, signal)) held.set(name, bytes);
  }
  return held;
}

/** Why a copy is not whole where it was stored; null when it is. */
function lossOf({ archiveName, manifestName, bytes }: Copy, held: Held): string | null {
  const size = archiveName === null ? undefined : held.get(archiveName);
  if (size === undefined) return "It is not in the store any more.";
  if (bytes !== null && size !== Number(bytes)) return `The store holds ${sizeInWords(size)} of its ${sizeInWords(Number(bytes))}.`;
  return manifestName !== null && !held.has(manifestName) ? "Its manifest is not in the store any more." : null;
}

/** A listing of an object store may be older than what was written in this time; what is older is not asked for one by one. */
const LISTED_AFTER_MS = HOUR_MS;

/** Asks for both objects of a copy by name. */
async function asked(store: Store, copy: Copy): Promise<Held> {
  const held = new Map<string, number>();
  for (const name of [copy.archiveName, copy.manifestName]) {
    const found = name === null ? null : await store.stat(name);
    if (found) held.set(found.name, found.bytes);
  }
  return held;
}

/** Marks copies of this store as lost or found again. Throws when the store cannot be read; then nothing is changed. */
export async function reconcileStore(ctx: Context, { id, store }: { id: string; store: Store }): Promise<Reconciled> {
  const copies = await ctx.db.backupCopy.findMany({
    where: { storeId: id, state: { in: ["stored", "lost"] }, archiveName: { not: null } },
    select: { runId: true, state: true, bytes: true, archiveName: true, manifestName: true, storedAt: true },
  });
  const held = await listed(store, copies, ctx.signal);
  const changed = { lost: 0, found: 0 };
  for (const copy of copies) {
    const isYoung = copy.storedAt !== null && ctx.now().getTime() - copy.storedAt.getTime() < LISTED_AFTER_MS;
    const first = lossOf(copy, held);
    const problem = first !== null && isYoung ? lossOf(copy, await asked(store, copy)) : first;
    const isLost = problem !== null;
    if (isLost === (copy.state === "lost")) continue;
    // Retention may have decided meanwhile that it goes.
    const { count } = await ctx.db.backupCopy.updateMany({ where: { runId: copy.runId, storeId: id, state: copy.state }, data: { state: isLost ? "lost" : "stored", problem } });
    changed[isLost ? "lost" : "found"] += count;
  }
  if (changed.lost + changed.found > 0) await announce(ctx, { topic: "backups" });
  return changed;
}
