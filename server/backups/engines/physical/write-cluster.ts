/** Writes a cluster's files back, each checked against the server's own list, and owned by the user the server runs as. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import type { Extract } from "tar-stream";
import { giveAway } from "../../../platform/embedded/restored.ts";
import { AppError } from "../../../platform/errors.ts";
import type { EngineWorld } from "../engine.ts";
import { placeInside, type Entry } from "../folder/unpack.ts";
import { PART, readParts } from "./parts.ts";
import { readServerManifest, refuseOtherFiles } from "./server-manifest.ts";

const PRIVATE_DIR = 0o700;
const PRIVATE_FILE = 0o600;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

type Written = Map<string, { bytes: number; sha256: string }>;

async function writeEntry(entry: Entry, full: string): Promise<{ bytes: number; sha256: string }> {
  const handle = await fs.open(full, NEW_FILE, PRIVATE_FILE);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const piece of entry as AsyncIterable<Buffer>) {
      await handle.writeFile(piece);
      hash.update(piece);
      bytes += piece.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function writeEntries(archive: Extract, cluster: string, world: EngineWorld): Promise<Written> {
  const written: Written = new Map();
  let bytes = 0;
  for await (const entry of archive) {
    world.signal.throwIfAborted();
    const isRoot = /^\.?\/?$/.test(entry.header.name);
    const { relative, full } = isRoot ? { relative: "", full: cluster } : placeInside(cluster, entry.header.name.replace(/^\.\//, ""));
    if (entry.header.type === "directory") {
      await fs.mkdir(full, { recursive: true, mode: PRIVATE_DIR });
      entry.resume();
    } else if (entry.header.type === "file") {
      await fs.mkdir(path.dirname(full), { recursive: true, mode: PRIVATE_DIR });
      const facts = await writeEntry(entry, full);
      written.set(relative, facts);
      bytes += facts.bytes;
      world.onProgress({ bytes, done: written.size, total: null, current: relative });
    } else throw new AppError("mismatch", `The cluster holds ${entry.header.name} of kind ${entry.header.type}, which a physical backup cannot keep.`);
    await giveAway(full);
  }
  return written;
}

async function feed(input: Readable, archive: Extract): Promise<Buffer> {
  const list: Buffer[] = [];
  for await (const { kind, bytes } of readParts(input)) {
    if (kind === PART.list) list.push(Buffer.from(bytes));
    else if (kind === PART.tar && !archive.write(Buffer.from(bytes))) await new Promise<void>((resolve) => archive.once("drain", () => resolve()));
  }
  archive.end(null);
  return Buffer.concat(list);
}

/** Writes everything into the new folder `cluster`. Returns how many files. Throws AppError. */
export async function writeCluster(input: Readable, cluster: string, world: EngineWorld): Promise<number> {
  const { extract } = await import("tar-stream");
  const archive = extract();
  await fs.mkdir(cluster, { mode: PRIVATE_DIR });
  await giveAway(cluster);
  const feeding = feed(input, archive).catch((error: unknown) => {
    archive.destroy(error as Error);
    throw error;
  });
  const [written, list] = await Promise.all([
    writeEntries(archive, cluster, world).catch((error: unknown) => {
      input.destroy();
      throw error;
    }),
    feeding,
  ]);
  refuseOtherFiles(readServerManifest(list), written);
  return written.size;
}
