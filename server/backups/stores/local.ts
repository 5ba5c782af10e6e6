/**
 * A folder as a store. An object is written beside its place under a name of its own, flushed to the disk, and linked to
 * its final name in one step that fails when the name exists; then the folder itself is flushed. Folders are private.
 */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { AppError } from "../../platform/errors.ts";
import { makeFolder } from "../make-folder.ts";
import type { LocalStoreConfig } from "../schema/store-config.ts";
import { isObjectName, type PutResult, type Store, type StoredObject } from "./store.ts";

const PRIVATE_DIR = 0o700;
const PRIVATE_FILE = 0o600;
const READ_BYTES = 1_048_576;
/** Partial objects end like this; no object name may contain `~`. */
const PARTIAL = /~[0-9a-f]{8}\.partial$/;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "";

function inWords(error: unknown, folder: string): AppError {
  if (error instanceof AppError) return error;
  const words: Record<string, string> = {
    ENOSPC: "the disk is full",
    EDQUOT: "the quota is used up",
    EFBIG: "the file is larger than the system allows",
    EACCES: "the system does not permit it",
    EPERM: "the system does not permit it",
    EROFS: "the file system is read-only",
    EIO: "the disk reports an error",
    ENOENT: "it is not there and cannot be made",
    ENOTDIR: "a file is in its way",
    EEXIST: "a file is in its way",
  };
  return new AppError("unavailable", `The folder ${folder} cannot keep backups: ${words[codeOf(error)] ?? (error as Error).message}.`, { cause: error });
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The absolute path of an object. Throws `invalid` for names that could leave the folder, also by a link on the way. */
async function placeOf(folder: string, name: string): Promise<string> {
  if (!isObjectName(name)) throw new AppError("invalid", `${JSON.stringify(name)} is not a name that a store can keep.`);
  const file = path.join(folder, name);
  let parent = path.dirname(file);
  while (!(await fs.lstat(parent).catch(() => null))) parent = path.dirname(parent);
  const [real, root] = await Promise.all([fs.realpath(parent), fs.realpath(folder)]).catch((error: unknown) => {
    throw inWords(error, folder);
  });
  if (real !== root && !real.startsWith(root + path.sep)) throw new AppError("invalid", `${name} leads out of ${folder} through a link.`);
  return file;
}

async function publish(partial: string, file: string, name: string): Promise<void> {
  const taken = new AppError("conflict", `${name} exists already. It was not changed.`);
  try {
    await fs.link(partial, file);
    await fs.unlink(partial);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw taken;
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP"].includes(codeOf(error))) throw error;
    // A file system without hard links: there, two writers of one name are told apart by the look before the move.
    if (await fs.stat(file).catch(() => null)) throw taken;
    await fs.rename(partial, file);
  }
}

async function write(partial: string, source: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<PutResult> {
  const handle = await fs.open(partial, "wx", PRIVATE_FILE);
  let bytes = 0;
  try {
    for await (const piece of source) {
      signal?.throwIfAborted();
      await handle.writeFile(piece);
      bytes += piece.length;
    }
    signal?.throwIfAborted();
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes };
}

/** Objects whose name begins with `prefix`, by name; folders in which there can be none are not opened. */
async function* walk(folder: string, prefix: string, relative = ""): AsyncGenerator<StoredObject> {
  const entries = await fs.readdir(path.join(folder, relative), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = relative === "" ? entry.name : `${relative}/${entry.name}`;
    const below = `${name}/`;
    if (entry.isDirectory() && (below.startsWith(prefix) || prefix.startsWith(below))) yield* walk(folder, prefix, name);
    else if (entry.isFile() && name.startsWith(prefix) && isObjectName(name)) {
      const facts = await fs.stat(path.join(folder, name)).catch(() => null);
      if (facts) yield { name, bytes: facts.size, modifiedAt: facts.mtime };
    }
  }
}

async function sweep(folder: string, before: Date): Promise<number> {
  let removed = 0;
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !PARTIAL.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const facts = await fs.stat(file).catch(() => null);
    if (!facts || facts.mtime >= before) continue;
    await fs.rm(file, { force: true });
    removed += 1;
  }
  return removed;
}

async function put(folder: string, name: string, given: { source: AsyncIterable<Uint8Array>; signal?: AbortSignal }): Promise<PutResult> {
  const file = await placeOf(folder, name);
  if (await fs.lstat(file).catch(() => null)) throw new AppError("conflict", `${name} exists already. It was not changed.`);
  await makeFolder(path.dirname(file), PRIVATE_DIR);
  const partial = `${file}~${randomBytes(4).toString("hex")}.partial`;
  try {
    const result = await write(partial, given.source, given.signal);
    await publish(partial, file, name);
    await flushFolder(path.dirname(file)).catch(async (error: unknown) => {
      await fs.rm(file, { force: true });
      throw error;
    });
    return result;
  } catch (error) {
    await fs.rm(partial, { force: true });
    throw given.signal?.aborted ? error : inWords(error, folder);
  }
}

async function check(store: Store, folder: string): ReturnType<Store["check"]> {
  const name = `check_${randomBytes(8).toString("hex")}`;
  await store.put(name, (async function* () { yield await Promise.resolve(Buffer.from(name)); })());
  const text = await fs.readFile(path.join(folder, name), "utf8");
  await store.delete(name);
  if (text !== name) throw new AppError("unavailable", `The folder ${folder} does not return what was written.`);
  const { bavail, bsize } = await fs.statfs(folder);
  return { freeBytes: bavail * bsize, isVersioned: null, isLocked: null };
}

/** Opens a folder, creating it when it is missing. Throws `unavailable` when it cannot be made or used. */
export async function openLocalStore(config: LocalStoreConfig): Promise<Store> {
  const folder = path.resolve(config.folder);
  await makeFolder(folder, PRIVATE_DIR).catch((error: unknown) => {
    throw inWords(error, folder);
  });
  const store: Store = {
    kind: "local",
    label: folder,
    put: (name, source, options) => put(folder, name, { source, signal: options?.signal }),
    get: async (name, { start = 0, end, signal } = {}) => {
      const file = await placeOf(folder, name);
      const facts = await fs.lstat(file).catch(() => null);
      if (!facts?.isFile()) throw new AppError("not_found", `${folder} holds no ${name}.`);
      return end !== undefined && end <= start ? Readable.from([]) : createReadStream(file, { start, ...(end === undefined ? {} : { end: end - 1 }), signal, highWaterMark: READ_BYTES });
    },
    list: async function* (prefix = "") {
      try {
        yield* walk(folder, prefix);
      } catch (error) {
        throw inWords(error, folder);
      }
    },
    stat: async (name) => {
      const facts = await fs.lstat(await placeOf(folder, name)).catch(() => null);
      return facts?.isFile() ? { name, bytes: facts.size, modifiedAt: facts.mtime } : null;
    },
    delete: async (name) => {
      const file = await placeOf(folder, name);
      await fs.rm(file, { force: true });
      await flushFolder(path.dirname(file)).catch((error: unknown) => {
        if (codeOf(error) !== "ENOENT") throw error;
      });
    },
    check: () => check(store, folder),
    sweep: (before) => sweep(folder, before),
  };
  return store;
}
