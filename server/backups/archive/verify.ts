/** Reads stored backups without any target: whole archives, and catalogues of whole stores. */
import { pipeline } from "node:stream/promises";
import { AppError } from "../../platform/errors.ts";
import type { BackupKeys } from "../keys/backup-keys.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { Store } from "../stores/store.ts";
import { decompressor } from "./compression.ts";
import { MANIFEST_SUFFIX } from "./names.ts";
import type { CatalogueEntry, ReadCatalogue, VerifyBackup } from "./operations.ts";
import { decodeManifest, MANIFEST_MAX_BYTES } from "./signed-manifest.ts";
import { unseal } from "./unseal.ts";

const isDamage = (error: unknown): error is AppError => error instanceof AppError && ["mismatch", "precondition", "not_found"].includes(error.code);
/** Zstandard's own complaints; behind an intact seal they mean a fault of ours, and still no restorable backup. */
const isUnpackable = (error: unknown): boolean => String((error as { code?: unknown } | null)?.code).startsWith("ZSTD_error");

export const verifyBackup: VerifyBackup = async ({ store, manifest, keys, onProgress }, world) => {
  const chunks = manifest.archive.chunkSha256.length;
  let bytes = 0;
  async function* counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      bytes += piece.length;
      onProgress?.(bytes);
      yield piece;
    }
  }
  let plainBytes = 0;
  try {
    const archive = await store.get(manifest.archive.name, { signal: world.signal });
    // Its errors reach whoever reads it; it may break before anybody does.
    archive.on("error", () => undefined);
    await pipeline(unseal(counted(archive), manifest, keys), decompressor(), async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) plainBytes += piece.length;
    }, { signal: world.signal });
    const problem = plainBytes === manifest.plainBytes ? null : `It unpacks to ${plainBytes} bytes instead of ${manifest.plainBytes}.`;
    return { isIntact: problem === null, problem, bytes, chunks };
  } catch (error) {
    if (world.signal?.aborted || !(isDamage(error) || isUnpackable(error))) throw error;
    return { isIntact: false, problem: error instanceof AppError ? error.message : "The archive opens but does not unpack.", bytes, chunks };
  }
};

async function readWhole(store: Store, name: string, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of await store.get(name)) {
    pieces.push(piece as Buffer);
    bytes += (piece as Buffer).length;
    if (bytes > maxBytes) throw new AppError("mismatch", `${name} is too long for a manifest.`);
  }
  return Buffer.concat(pieces);
}

/** Reads and checks one manifest of a store. Throws `not_found`, `mismatch`, `precondition` or `unavailable`. */
export async function readManifest(store: Store, name: string, keys: BackupKeys): Promise<Manifest> {
  const manifest = decodeManifest(await readWhole(store, name, MANIFEST_MAX_BYTES), keys);
  if (name !== manifest.archive.name + MANIFEST_SUFFIX) throw new AppError("mismatch", `${name} is the manifest of ${manifest.archive.name}; somebody renamed or exchanged it.`);
  return manifest;
}

export const readCatalogue: ReadCatalogue = async function* ({ store, keys, prefix = "" }, world) {
  const archives = new Map<string, number>();
  const manifests: string[] = [];
  for await (const object of store.list(prefix, world.signal)) {
    if (object.name.endsWith(MANIFEST_SUFFIX)) manifests.push(object.name);
    else archives.set(object.name, object.bytes);
  }
  for (const manifestName of manifests) {
    world.signal?.throwIfAborted();
    yield await entryOf(store, { manifestName, keys, archives });
  }
};

async function entryOf(store: Store, given: { manifestName: string; keys: BackupKeys; archives: Map<string, number> }): Promise<CatalogueEntry> {
  const { manifestName, archives } = given;
  const isArchiveThere = archives.has(manifestName.slice(0, -MANIFEST_SUFFIX.length));
  try {
    const manifest = await readManifest(store, manifestName, given.keys);
    const bytes = archives.get(manifest.archive.name);
    if (bytes !== undefined && bytes !== manifest.archive.bytes) {
      return { manifestName, manifest: null, isArchiveThere, problem: `The archive has ${bytes} bytes instead of ${manifest.archive.bytes}.` };
    }
    return { manifestName, manifest, isArchiveThere, problem: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { manifestName, manifest: null, isArchiveThere, problem: error.message };
  }
}
