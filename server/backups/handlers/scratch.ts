/**
 * Scratch places of drills: a throw-away PostgreSQL of its own, or an empty folder. They are made under the console's data
 * folder, belong to one drill, cannot be the source, and are destroyed with everything in them whatever happened.
 */
import { mkdir, readdir, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { startEmbedded, type Embedded } from "../../platform/embedded/cluster.ts";
import { findPostmaster, stopPostmaster } from "../../platform/embedded/postmaster.ts";
import { sizeInWords } from "../units.ts";
import { scratchParent } from "../world.ts";

const PREFIX = "drill-";
const WALKABLE = 0o711;

const folderOf = async (drillId: string) => path.join(await scratchParent(), `${PREFIX}${drillId}`);

export type ScratchDatabase = { cluster: Embedded; destroy: () => Promise<void> };

/** Destroys what a drill left: its server first, then its files. Safe to call twice. */
async function destroyFolder(folder: string): Promise<void> {
  const cluster = path.join(folder, "postgres");
  if (findPostmaster(cluster)) await stopPostmaster(cluster);
  await rm(folder, { recursive: true, force: true });
}

/** A scratch database needs a segment of its log (16 MiB) and room to work; with less free than this, every failure is one of room. */
const LEAST_ROOM_BYTES = 67_108_864;

/** Says that the disk of the scratch places is full, null when it is not: the server's own words for it are many. */
export async function roomProblem(): Promise<string | null> {
  const parent = await scratchParent();
  const { bavail, bsize } = await statfs(parent);
  return bavail * bsize < LEAST_ROOM_BYTES ? `There is no room left for a scratch place: ${sizeInWords(bavail * bsize)} free in ${parent}.` : null;
}

/** Starts a PostgreSQL that nobody else knows. */
export async function startScratchDatabase(drillId: string): Promise<ScratchDatabase> {
  const folder = await folderOf(drillId);
  await mkdir(folder, { recursive: true, mode: WALKABLE });
  try {
    const cluster = await startEmbedded({ dataDir: folder, isThrowAway: true });
    return { cluster, destroy: () => destroyFolder(folder) };
  } catch (error) {
    await destroyFolder(folder);
    throw error;
  }
}

/** An empty folder for files; removed by `destroy`. */
export async function makeScratchFolder(drillId: string): Promise<{ folder: string; destroy: () => Promise<void> }> {
  const parent = await folderOf(drillId);
  await mkdir(parent, { recursive: true, mode: WALKABLE });
  return { folder: path.join(parent, "files"), destroy: () => destroyFolder(parent) };
}

/** Destroys the scratch places of drills that no longer run; a killed worker leaves its server behind. Returns how many. */
export async function sweepScratch(isRunning: (drillId: string) => boolean): Promise<number> {
  const parent = await scratchParent();
  const left = (await readdir(parent)).filter((name) => name.startsWith(PREFIX) && !isRunning(name.slice(PREFIX.length)));
  for (const name of left) await destroyFolder(path.join(parent, name));
  return left.length;
}
