/** The objects of a bucket below a prefix, as a tar stream. A restore writes them under another prefix, or as files. */
import { createHash } from "node:crypto";
import type { Pack } from "tar-stream";
import { AppError } from "../../../platform/errors.ts";
import { LISTED_FILES, type FilesContent } from "../../schema/manifest.ts";
import type { Store } from "../../stores/store.ts";
import type { Engine, EngineWorld, Finding, RestoreFacts } from "../engine.ts";
import { FileSum } from "../file-sum.ts";
import { placeInside, unpack, type Entry } from "../folder/unpack.ts";
import { globMatcher } from "../folder/walk.ts";
import type { BucketSource } from "../source.ts";
import { openEntry } from "../tar-entry.ts";
import { writeTo } from "../write.ts";
import { takeBack } from "./take-back.ts";

const openBucket = async (bucket: BucketSource["bucket"], world: EngineWorld): Promise<Store> => (await import("../../stores/s3/store.ts")).openS3Store(bucket, world, { names: "any" });

async function addObject(pack: Pack, given: { store: Store; name: string; bytes: number; modifiedAt: Date }, world: EngineWorld): Promise<string> {
  const entry = openEntry(pack, { name: given.name, type: "file", size: given.bytes, mtime: given.modifiedAt });
  const hash = createHash("sha256");
  let written = 0;
  for await (const piece of (await given.store.get(given.name, { end: given.bytes, signal: world.signal })) as AsyncIterable<Buffer>) {
    written += piece.length;
    hash.update(piece);
    await writeTo(entry, piece, world.signal);
  }
  if (written !== given.bytes) throw new AppError("unavailable", `${given.name} changed while it was read. Nothing was stored; try again.`);
  entry.end(null);
  return hash.digest("hex");
}

/** Names in a manifest of what was left out; more would say no more. */
const NAMED_LEFT_OUT = 200;

/** Why an object cannot be kept: buckets take names that are none in a folder, such as `a//b` or `../a`. */
function unfit(name: string): string | null {
  try {
    placeInside("/", name);
    return null;
  } catch {
    return "Its name is no name inside a folder, so it could not be restored as a file.";
  }
}

async function packBucket(pack: Pack, store: Store, world: EngineWorld): Promise<FilesContent> {
  const content: FilesContent = { kind: "bucket", files: 0, bytes: 0, folders: 0, links: 0, sum: "0", listed: [], leftOut: [] };
  const sum = new FileSum();
  for await (const object of store.list("", world.signal)) {
    const reason = unfit(object.name);
    if (reason !== null) {
      if (content.leftOut.length < NAMED_LEFT_OUT) content.leftOut.push({ path: object.name, reason });
      continue;
    }
    const sha256 = await addObject(pack, { store, ...object }, world);
    const facts = { path: object.name, bytes: object.bytes, sha256 };
    sum.add(facts);
    if (content.listed.length < LISTED_FILES) content.listed.push(facts);
    world.onProgress({ bytes: sum.bytes, done: sum.files, total: null, current: object.name });
  }
  pack.finalize();
  return { ...content, ...sum.facts() };
}

/** Writes one object, and tells the hash of what the store took. */
async function putEntry(store: Store, name: string, given: { entry: Entry; signal: AbortSignal }): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const piece of given.entry as AsyncIterable<Buffer>) {
      hash.update(piece);
      yield piece;
    }
  }
  const { bytes } = await store.put(name, hashed(), { signal: given.signal });
  return { bytes, sha256: hash.digest("hex") };
}

/** Writes what is chosen, never over what is there. When it fails it removes what it wrote: the object of the moment by the promise of `put`, those before here. */
async function unpackIntoBucket(input: NodeJS.ReadableStream, given: { store: Store; isChosen: (name: string) => boolean; world: EngineWorld }): Promise<RestoreFacts> {
  const { store } = given;
  const { signal } = given.world;
  const { extract } = await import("tar-stream");
  const archive = input.pipe(extract());
  input.once("error", (error: Error) => archive.destroy(error));
  const sum = new FileSum();
  const written: string[] = [];
  try {
    for await (const entry of archive) {
      signal.throwIfAborted();
      const { relative } = placeInside("/", entry.header.name);
      if (given.isChosen(relative)) {
        const facts = await putEntry(store, relative, { entry, signal });
        written.push(relative);
        sum.add({ path: relative, ...facts });
      } else entry.resume();
      given.world.onProgress({ bytes: sum.bytes, done: sum.files, total: null, current: relative });
    }
  } catch (error) {
    throw await takeBack(store, written, signal.aborted ? signal.reason : error);
  }
  return { written: sum.files, leftOut: [], files: sum.facts(), takeBack: (failure) => takeBack(store, written, failure) };
}

export const objectsEngine: Engine<BucketSource> = {
  kind: "objects",
  preflight: async (source, world) => {
    const findings: Finding[] = [];
    let bytes = 0;
    let files = 0;
    try {
      for await (const object of (await openBucket(source.bucket, world)).list("", world.signal)) {
        bytes += object.bytes;
        files += 1;
      }
      findings.push({ level: files === 0 ? "problem" : "ok", code: "size", message: files === 0 ? "The bucket holds nothing below this prefix." : `${files} objects.` });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      findings.push({ level: "problem", code: "reach", message: error.message });
    }
    return { findings, version: null, sourceBytes: bytes, fingerprint: `${source.bucket.endpoint}/${source.bucket.bucket}/${source.bucket.prefix}`, extensions: [] };
  },
  dump: async ({ source, out }, world) => {
    const { pack: createPack } = await import("tar-stream");
    const pack = createPack();
    pack.once("error", (error) => out.destroy(error));
    const dataAsOf = world.now();
    try {
      const store = await openBucket(source.bucket, world);
      pack.pipe(out);
      const content = await packBucket(pack, store, world);
      return { content, version: null, fingerprint: store.label, tools: {}, dataAsOf };
    } catch (error) {
      out.destroy(error as Error);
      throw error;
    }
  },
  restore: async ({ input, target, selection }, world) => {
    const isChosen = selection.files ? globMatcher(selection.files) : () => true;
    if (target.kind === "folder") return unpack(input, { folder: target.path, isChosen, world });
    if (target.kind !== "bucket") throw new AppError("invalid", "This backup is of a bucket; it can be restored into a bucket or a folder.");
    return unpackIntoBucket(input, { store: await openBucket(target.bucket, world), isChosen, world });
  },
};
