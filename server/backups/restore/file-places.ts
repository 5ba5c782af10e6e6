/** Folders and clusters under construction: built beside their place, moved there when they are proven. */
import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { startEmbedded } from "../../platform/embedded/cluster.ts";
import { AppError } from "../../platform/errors.ts";
import { leftBehind } from "../archive/left-behind.ts";
import type { RestoreReport } from "../archive/operations.ts";
import { resolvePostgres, withDatabaseName } from "../engines/postgres/address.ts";
import { withClient } from "../engines/postgres/connect.ts";
import { makeFolder } from "../make-folder.ts";
import type { DatabaseContent } from "../schema/manifest.ts";
import { compareDatabase, compareFiles } from "./compare.ts";
import { play, refuseDifferences, type Playing } from "./playing.ts";

const PRIVATE_DIR = 0o700;
/** What a restored cluster consists of: its files, and port and password beside them. */
const CLUSTER_PARTS = ["postgres", "database.json"];

type Report = Omit<RestoreReport, "seconds">;

const draftOf = (folder: string) => `${folder}.restoring-${randomBytes(4).toString("hex")}`;

async function refuseContents(folder: string): Promise<void> {
  const names = await fs.readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new AppError("invalid", `${folder} is not a folder that can be written: ${error.message}.`, { cause: error });
  });
  if (names.length > 0) throw new AppError("precondition", `${folder} is not empty. Choose a new folder; nothing was changed.`);
}

/** Restores files into a folder that is empty or absent. */
export async function restoreFolder(playing: Playing, place: { path: string }): Promise<Report> {
  const { manifest, selection } = playing.request;
  if (manifest.content.kind === "database") throw new AppError("invalid", "This backup is of a database; it cannot be restored into a folder.");
  const folder = path.resolve(place.path);
  await refuseContents(folder);
  const draft = draftOf(folder);
  await makeFolder(draft, PRIVATE_DIR);
  try {
    const facts = await play(playing, { kind: "folder", path: draft });
    const comparison = compareFiles(manifest.content, { selection, facts });
    refuseDifferences(comparison);
    playing.engineWorld.signal.throwIfAborted();
    await fs.rmdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await fs.rename(draft, folder);
    return { comparison, leftOut: facts.leftOut, formerName: null };
  } catch (error) {
    throw await fs.rm(draft, { recursive: true, force: true }).then(
      () => error,
      (problem: unknown) => leftBehind(error, `${draft} could not be removed again: ${(problem as Error).message}`),
    );
  }
}

/** Starts the restored cluster, asks it, and stops it again: files that do not start are no restore. */
async function proveCluster(dataDir: string, content: DatabaseContent, playing: Playing) {
  const embedded = await startEmbedded({ dataDir });
  try {
    const at = await resolvePostgres({ url: withDatabaseName(embedded.url, content.database), reach: "direct" }, playing.world);
    const facts = { written: 0, leftOut: [], files: null };
    return await withClient(at, playing.engineWorld.signal, (client) => compareDatabase(client, content, { selection: {}, facts }));
  } finally {
    await embedded.stop();
  }
}

/** Restores a whole cluster into a data folder that has none. Other files of the folder, such as the key ring, stay. */
export async function restoreCluster(playing: Playing, place: { dataDir: string }): Promise<Report> {
  const { manifest, selection } = playing.request;
  if (manifest.engine !== "physical" || manifest.content.kind !== "database") throw new AppError("invalid", "Only a physical backup can be restored as a cluster. Restore this one into a database.");
  if (selection.tables) throw new AppError("invalid", "A physical backup holds a whole cluster; single tables cannot be taken out of it.");
  const dataDir = path.resolve(place.dataDir);
  await makeFolder(dataDir, PRIVATE_DIR);
  for (const part of CLUSTER_PARTS) {
    if (await fs.stat(path.join(dataDir, part)).catch(() => null)) throw new AppError("precondition", `${path.join(dataDir, part)} exists. Move it away first; nothing was changed.`);
  }
  const draft = draftOf(dataDir);
  await fs.mkdir(draft, { mode: PRIVATE_DIR });
  try {
    const facts = await play(playing, { kind: "cluster", dataDir: draft });
    const comparison = await proveCluster(draft, manifest.content, playing);
    refuseDifferences(comparison);
    for (const part of CLUSTER_PARTS) await fs.rename(path.join(draft, part), path.join(dataDir, part));
    return { comparison, leftOut: facts.leftOut, formerName: null };
  } finally {
    await fs.rm(draft, { recursive: true, force: true });
  }
}
