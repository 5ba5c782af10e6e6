/**
 * Changes to the keyring file: a new current key, or an old one taken out. The file is what stored credentials depend on,
 * so it is written beside its place, flushed to the disk and moved there in one step, and only one process at a time
 * changes it.
 */
import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { parseKeyring, readKeyringAgain, type Keyring } from "../crypto.ts";
import { AppError } from "../errors.ts";

const PRIVATE_FILE = 0o600;
const KEY_BYTES = 32;
/** A change takes milliseconds; a lock this old was left by a process that died. */
const STALE_LOCK_MS = 60_000;

export type KeyringView = { current: string; keys: string[] };

const viewOf = (ring: Keyring): KeyringView => ({ current: ring.current, keys: [...ring.keys.keys()] });

async function readRing(file: string): Promise<Keyring> {
  return parseKeyring(await fs.readFile(file, "utf8"));
}

/** Which keys the file holds. Throws AppError when it cannot be read as a keyring. */
export async function viewKeyring(file: string): Promise<KeyringView> {
  return viewOf(await readRing(file));
}

async function replace(file: string, ring: Keyring): Promise<void> {
  const keys = Object.fromEntries([...ring.keys].map(([id, key]) => [id, key.toString("base64")]));
  const next = `${file}.${randomBytes(4).toString("hex")}`;
  const handle = await fs.open(next, "wx", PRIVATE_FILE);
  try {
    await handle.writeFile(`${JSON.stringify({ current: ring.current, keys }, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fs.rename(next, file);
  const folder = await fs.open(path.dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
    readKeyringAgain();
  }
}

async function alone<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const age = await fs.stat(lock).then(({ mtimeMs }) => Date.now() - mtimeMs, () => null);
  if (age !== null && age > STALE_LOCK_MS) await fs.rm(lock, { force: true });
  const handle = await fs.open(lock, "wx", PRIVATE_FILE).catch((cause: unknown) => {
    throw new AppError("conflict", `Another process is changing the keyring (${lock} exists). Nothing was changed; try again.`, { cause });
  });
  try {
    return await work();
  } finally {
    await handle.close();
    await fs.rm(lock, { force: true });
  }
}

/** The next id of the form k<number>. */
function nextId(ring: Keyring): string {
  const numbers = [...ring.keys.keys()].map((id) => Number(/^k(\d+)$/.exec(id)?.[1] ?? 0));
  return `k${Math.max(0, ...numbers) + 1}`;
}

/** Adds a random key and makes it the one that seals new values. */
export function addKey(file: string): Promise<KeyringView> {
  return alone(file, async () => {
    const ring = await readRing(file);
    const id = nextId(ring);
    const next: Keyring = { current: id, keys: new Map([...ring.keys, [id, randomBytes(KEY_BYTES)]]) };
    await replace(file, next);
    return viewOf(next);
  });
}

/** Takes a key out for good. Throws `precondition` for the current key, `not_found` for an unknown one. Ask first whether anything needs it. */
export function removeKey(file: string, id: string): Promise<KeyringView> {
  return alone(file, async () => {
    const ring = await readRing(file);
    if (!ring.keys.has(id)) throw new AppError("not_found", `The keyring has no key ${id}. Nothing was changed.`);
    if (id === ring.current) throw new AppError("precondition", `${id} is the current key. Rotate first; nothing was changed.`);
    const next: Keyring = { current: ring.current, keys: new Map([...ring.keys].filter(([other]) => other !== id)) };
    await replace(file, next);
    return viewOf(next);
  });
}

/** Milliseconds since the file was changed last. */
export async function keyringAgeMs(file: string, now: Date): Promise<number> {
  return now.getTime() - (await fs.stat(file)).mtimeMs;
}
