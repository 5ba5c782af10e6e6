/**
 * Restores a backup: every chunk is read and proven first, then the engine writes into a place that does not carry the
 * target's name yet, the result is compared with the manifest, and only then it takes the name.
 */
import fs from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../platform/errors.ts";
import type { RestoreBackup, RestoreReport, RestoreRequest } from "../archive/operations.ts";
import { verifyBackup } from "../archive/verify.ts";
import type { EngineTarget, EngineWorld } from "../engines/engine.ts";
import { resolvePostgres } from "../engines/postgres/address.ts";
import { withClient } from "../engines/postgres/connect.ts";
import { compareDatabase, compareFiles } from "./compare.ts";
import { construct, type DatabasePlace } from "./database-place.ts";
import { restoreCluster, restoreFolder } from "./file-places.ts";
import { play, refuseDifferences, type Playing } from "./playing.ts";

const PRIVATE_DIR = 0o700;

async function intoDatabase(playing: Playing, place: DatabasePlace): Promise<Omit<RestoreReport, "seconds">> {
  const { request, world, engineWorld } = playing;
  const { manifest, selection } = request;
  if (manifest.content.kind !== "database") throw new AppError("invalid", "This backup holds files; it cannot be restored into a database.");
  if (selection.tables && place.mode === "replace") throw new AppError("invalid", "Single tables are restored into a new database: replacing would lose all other tables. Copy them over from there.");
  const content = manifest.content;
  const building = await construct(place, content, world);
  try {
    phase(request, "restoring");
    const facts = await play(playing, building.target);
    phase(request, "comparing");
    const at = await resolvePostgres({ url: building.target.adminUrl ?? building.target.url, reach: place.reach }, world);
    const comparison = await withClient(at, engineWorld.signal, (client) => compareDatabase(client, content, { selection, facts }));
    refuseDifferences(comparison);
    await building.adopt();
    phase(request, "swapping");
    engineWorld.signal.throwIfAborted();
    return { comparison, leftOut: facts.leftOut, formerName: await building.publish(world.now()) };
  } catch (error) {
    throw await building.abandon(error);
  }
}

async function intoBucket(playing: Playing, target: Extract<EngineTarget, { kind: "bucket" }>): Promise<Omit<RestoreReport, "seconds">> {
  const { request } = playing;
  if (request.manifest.content.kind === "database") throw new AppError("invalid", "This backup is of a database; it cannot be restored into a bucket.");
  phase(request, "restoring");
  const facts = await play(playing, target);
  const comparison = compareFiles(request.manifest.content, { selection: request.selection, facts });
  try {
    refuseDifferences(comparison);
    playing.engineWorld.signal.throwIfAborted();
  } catch (error) {
    throw (await facts.takeBack?.(error)) ?? error;
  }
  return { comparison, leftOut: facts.leftOut, formerName: null };
}

function phase(request: RestoreRequest, name: Parameters<RestoreRequest["onProgress"]>[0]["phase"]): void {
  request.onProgress({ bytes: 0, done: 0, total: null, current: null, phase: name });
}

function into(playing: Playing): Promise<Omit<RestoreReport, "seconds">> {
  const { place } = playing.request;
  switch (place.kind) {
    case "database":
      return intoDatabase(playing, place);
    case "cluster":
      return restoreCluster(playing, place);
    case "folder":
      return restoreFolder(playing, place);
    case "bucket":
      return intoBucket(playing, place);
    default:
      return place satisfies never;
  }
}

export const restoreBackup: RestoreBackup = async (request, world) => {
  const started = performance.now();
  const signal = world.signal ?? new AbortController().signal;
  phase(request, "checking");
  const onBytes = (bytes: number) => request.onProgress({ bytes, done: 0, total: null, current: null, phase: "checking" });
  const verified = await verifyBackup({ store: request.store, manifest: request.manifest, keys: request.keys, onProgress: onBytes }, world);
  if (!verified.isIntact) throw new AppError("mismatch", `${verified.problem ?? "The archive is damaged."} The target was not touched.`);
  phase(request, "preparing");
  await fs.mkdir(request.scratchParent, { recursive: true, mode: PRIVATE_DIR });
  const scratchDir = await fs.mkdtemp(path.join(request.scratchParent, "restore-"));
  const onProgress: EngineWorld["onProgress"] = (progress) => request.onProgress({ ...progress, phase: "restoring" });
  try {
    const report = await into({ request, world, engineWorld: { http: world.http, now: world.now, signal, onProgress, scratchDir } });
    phase(request, "done");
    return { ...report, seconds: (performance.now() - started) / 1_000 };
  } finally {
    await fs.rm(scratchDir, { recursive: true, force: true });
  }
};
