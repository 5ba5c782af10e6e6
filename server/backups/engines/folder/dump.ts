/**
 * A folder as a tar stream (POSIX pax). A file is read to the size it had when it was opened; one that becomes shorter
 * meanwhile fails the run, one that changes otherwise is named in the manifest.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import fs from "node:fs/promises";
import type { Pack } from "tar-stream";
import { AppError } from "../../../platform/errors.ts";
import { LISTED_FILES, type FilesContent } from "../../schema/manifest.ts";
import type { EngineWorld } from "../engine.ts";
import { FileSum } from "../file-sum.ts";
import type { FolderSource } from "../source.ts";
import { openEntry } from "../tar-entry.ts";
import { writeTo } from "../write.ts";
import { walkFolder, type Found } from "./walk.ts";

const READ_BYTES = 1_048_576;
/** Names in a manifest of what was left out; more would say no more. */
const NAMED_LEFT_OUT = 200;

type Tally = { sum: FileSum; content: FilesContent };

const headerOf = ({ path, facts }: Found) => ({ name: path, mode: facts.mode & 0o7777, uid: facts.uid, gid: facts.gid, mtime: facts.mtime });
const isSame = (a: Found["facts"], b: Found["facts"]) => a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs;

function note(tally: Tally, path: string, reason: string): void {
  if (tally.content.leftOut.length < NAMED_LEFT_OUT) tally.content.leftOut.push({ path, reason });
}

/** Writes one file's content; exactly `size` bytes, or the archive would be unreadable from here on. Returns its hash. */
async function pour(pack: Pack, found: Found, signal: AbortSignal): Promise<string> {
  const { size } = found.facts;
  const handle = await fs.open(found.full, constants.O_RDONLY | constants.O_NOFOLLOW);
  const hash = createHash("sha256");
  let written = 0;
  try {
    const entry = openEntry(pack, { ...headerOf(found), type: "file", size });
    const pieces = size === 0 ? [] : handle.createReadStream({ end: size - 1, highWaterMark: READ_BYTES, signal, autoClose: false });
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      written += piece.length;
      hash.update(piece);
      await writeTo(entry, piece, signal);
    }
    if (written !== size) throw new AppError("unavailable", `${found.path} became shorter while it was read. Nothing was stored; try again when it rests, or exclude it.`);
    entry.end(null);
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}

async function addFile(pack: Pack, found: Found, given: { tally: Tally; signal: AbortSignal }): Promise<void> {
  const { tally, signal } = given;
  const sha256 = await pour(pack, found, signal);
  const facts = { path: found.path, bytes: found.facts.size, sha256 };
  tally.sum.add(facts);
  if (tally.content.listed.length < LISTED_FILES) tally.content.listed.push(facts);
  const after = await fs.lstat(found.full).catch(() => null);
  if (!after || !isSame(after, found.facts)) note(tally, found.path, "It changed while it was read; the backup holds what was read.");
}

async function addLink(pack: Pack, found: Found, given: { tally: Tally; links: FolderSource["links"] }): Promise<void> {
  const { tally, links } = given;
  if (links === "refuse") throw new AppError("precondition", `${found.path} is a link, and the plan refuses links. Nothing was stored; exclude it, or let the plan keep or skip links.`);
  if (links === "skip") return note(tally, found.path, "It is a link.");
  openEntry(pack, { ...headerOf(found), type: "symlink", linkname: await fs.readlink(found.full) });
  tally.content.links += 1;
}

async function add(pack: Pack, found: Found, given: { tally: Tally; source: FolderSource; signal: AbortSignal }): Promise<void> {
  const { tally, source, signal } = given;
  const { facts } = found;
  if (facts.isDirectory()) {
    openEntry(pack, { ...headerOf(found), type: "directory" });
    tally.content.folders += 1;
  } else if (facts.isFile()) await addFile(pack, found, { tally, signal });
  else if (facts.isSymbolicLink()) await addLink(pack, found, { tally, links: source.links });
  else note(tally, found.path, "It is a device, pipe or socket.");
}

/** Adds everything that the plan chooses to `pack` and finishes it. */
export async function packFolder(pack: Pack, source: FolderSource, world: EngineWorld): Promise<FilesContent> {
  const content: FilesContent = { kind: "folder", files: 0, bytes: 0, folders: 0, links: 0, sum: "0", listed: [], leftOut: [] };
  const tally: Tally = { sum: new FileSum(), content };
  for await (const found of walkFolder(source, (path, reason) => note(tally, path, reason))) {
    world.signal.throwIfAborted();
    await add(pack, found, { tally, source, signal: world.signal });
    world.onProgress({ bytes: tally.sum.bytes, done: tally.sum.files, total: null, current: found.path });
  }
  pack.finalize();
  return { ...content, ...tally.sum.facts() };
}
