/**
 * A tar stream into an empty folder. Only our own archives come here, after their seal was checked; still every name is
 * judged, nothing is followed or overwritten, and links are made last, so nothing can be written through one.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import type { Extract, Header } from "tar-stream";
import { AppError } from "../../../platform/errors.ts";
import type { EngineWorld, RestoreFacts } from "../engine.ts";
import { FileSum } from "../file-sum.ts";

const PRIVATE_DIR = 0o700;
const MAX_DEPTH = 64;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** One entry of a tar stream. */
export type Entry = Extract extends AsyncIterable<infer E> ? E : never;

export type Unpacking = { folder: string; isChosen: (relative: string) => boolean; world: EngineWorld };

/** The place of an entry inside the folder. Throws `mismatch` for a name that leads anywhere else. */
export function placeInside(folder: string, name: string): { relative: string; full: string } {
  const relative = name.replace(/\/+$/, "");
  const parts = relative.split("/");
  const isBad = relative === "" || relative.startsWith("/") || relative.includes("\0") || relative.includes("\\") || /^[A-Za-z]:/.test(relative);
  if (isBad || parts.length > MAX_DEPTH || parts.some((part) => part === "" || part === "." || part === "..")) {
    throw new AppError("mismatch", `The archive holds ${JSON.stringify(name)}, which is no name inside a folder.`);
  }
  return { relative, full: path.join(folder, relative) };
}

async function writeFile(entry: Entry, full: string, header: Header): Promise<{ bytes: number; sha256: string }> {
  await fs.mkdir(path.dirname(full), { recursive: true, mode: PRIVATE_DIR });
  const handle = await fs.open(full, NEW_FILE, 0o600);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const piece of entry as AsyncIterable<Buffer>) {
      await handle.writeFile(piece);
      hash.update(piece);
      bytes += piece.length;
    }
    await handle.chmod((header.mode ?? 0o600) & 0o777);
    if (header.mtime) await handle.utimes(header.mtime, header.mtime);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Owners come back only for those who may give files away; others own what they restore. */
async function giveBack(full: string, { uid, gid }: Header): Promise<void> {
  if (process.getuid?.() === 0 && uid !== undefined && gid !== undefined) await fs.lchown(full, uid, gid);
}

/** Unpacks everything that is chosen. Throws AppError at the first entry that should not be there. */
export async function unpack(input: Readable, given: Unpacking): Promise<RestoreFacts> {
  const { extract } = await import("tar-stream");
  const sum = new FileSum();
  const links: { full: string; target: string; header: Header }[] = [];
  const folders: { full: string; header: Header }[] = [];
  const archive = input.pipe(extract());
  input.once("error", (error) => archive.destroy(error));
  for await (const entry of archive) {
    given.world.signal.throwIfAborted();
    const { header } = entry;
    const { relative, full } = placeInside(given.folder, header.name);
    if (!given.isChosen(relative)) entry.resume();
    else if (header.type === "directory") {
      await fs.mkdir(full, { recursive: true, mode: PRIVATE_DIR });
      folders.push({ full, header });
      entry.resume();
    } else if (header.type === "symlink") {
      links.push({ full, target: header.linkname ?? "", header });
      entry.resume();
    } else if (header.type === "file" || header.type === "contiguous-file") {
      sum.add({ path: relative, ...(await writeFile(entry, full, header)) });
      await giveBack(full, header);
      given.world.onProgress({ bytes: sum.bytes, done: sum.files, total: null, current: relative });
    } else throw new AppError("mismatch", `The archive holds ${JSON.stringify(header.name)} of kind ${header.type}, which this product never writes.`);
  }
  await finish(links, folders);
  return { written: sum.files, leftOut: [], files: sum.facts() };
}

async function finish(links: { full: string; target: string; header: Header }[], folders: { full: string; header: Header }[]): Promise<void> {
  for (const { full, target, header } of links) {
    await fs.mkdir(path.dirname(full), { recursive: true, mode: PRIVATE_DIR });
    await fs.symlink(target, full);
    await giveBack(full, header);
  }
  // Deepest first: a time set on a folder must not be undone by its children.
  for (const { full, header } of folders.toReversed()) {
    await giveBack(full, header);
    await fs.chmod(full, (header.mode ?? PRIVATE_DIR) & 0o777);
    if (header.mtime) await fs.utimes(full, header.mtime, header.mtime);
  }
}
