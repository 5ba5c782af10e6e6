/**
 * Encryption of stored credentials: AES-256-GCM, a fresh 96-bit nonce per value, and key id plus purpose as
 * authenticated data, so a value copied to another column or relabelled with another key does not open.
 * Format `sw1:<key id>:<base64url of nonce ‖ ciphertext ‖ tag>`. New values use the keyring's current key; older keys stay
 * readable until they are removed from the file. A process reads the file again when it changed, within a second, and at
 * once when it meets a key it does not know; so rotation needs no downtime.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import * as z from "zod";
import { monotonicMs, SECOND_MS } from "./clock.ts";
import { config } from "./config.ts";
import { AppError } from "./errors.ts";
import { logger } from "./logger.ts";

const FORMAT = "sw1";
const KEY_BYTES = 32;
/** 96 bits, the nonce length GCM is defined for (NIST SP 800-38D). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const KeyringFile = z.object({
  current: z.string(),
  keys: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,32}$/), z.base64()),
});

/** Parsed keys by id; `current` seals new values. */
export type Keyring = { current: string; keys: ReadonlyMap<string, Buffer> };

/** Seals and opens with one keyring. */
export type Sealer = {
  /** Encrypts `plain` for one purpose, such as `services.check`. */
  seal: (plain: string, purpose: string) => string;
  /** Decrypts what `seal` made for the same purpose. Throws AppError `internal` with the reason. */
  open: (sealed: string, purpose: string) => string;
  /** True when the value was sealed with a key that is no longer the current one. */
  isOutdated: (sealed: string) => boolean;
  /** True when the keyring holds the key that sealed it. */
  knowsKeyOf: (sealed: string) => boolean;
};

/** The id of the key that sealed a value; null when it is not a sealed value. */
export function keyIdOf(sealed: string): string | null {
  const [format, keyId] = sealed.split(":");
  return format === FORMAT && keyId ? keyId : null;
}

/** Reads the keyring file's text: `{ "current": "k1", "keys": { "k1": "<base64 of 32 bytes>" } }`. Throws AppError. */
export function parseKeyring(text: string): Keyring {
  const parsed = KeyringFile.safeParse(readJson(text));
  if (!parsed.success) throw new AppError("internal", "The keyring file is not readable: it must hold current and keys.");
  const keys = new Map(Object.entries(parsed.data.keys).map(([id, key]) => [id, Buffer.from(key, "base64")]));
  for (const [id, key] of keys) {
    if (key.length !== KEY_BYTES) throw new AppError("internal", `Key ${id} of the keyring has ${key.length} bytes instead of ${KEY_BYTES}.`);
  }
  if (!keys.has(parsed.data.current)) throw new AppError("internal", `The keyring names ${parsed.data.current} as current but does not hold it.`);
  return { current: parsed.data.current, keys };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The text may hold key material, so the parser's own message (which quotes it) goes no further.
    return null;
  }
}

const authenticatedData = (keyId: string, purpose: string) => Buffer.from(`${FORMAT}:${keyId}:${purpose}`, "utf8");

/** Builds `seal` and `open` over a keyring. */
export function createSealer(keyring: Keyring): Sealer {
  return {
    seal: (plain, purpose) => sealWith(keyring, plain, purpose),
    open: (sealed, purpose) => openWith(keyring, sealed, purpose),
    isOutdated: (sealed) => keyIdOf(sealed) !== keyring.current,
    knowsKeyOf: (sealed) => keyring.keys.has(keyIdOf(sealed) ?? ""),
  };
}

function keyOf(keyring: Keyring, id: string): Buffer {
  const key = keyring.keys.get(id);
  if (!key) throw new AppError("internal", `A stored credential needs key ${id}, which the keyring no longer holds. Restore that key or enter the credential again.`);
  return key;
}

function sealWith(keyring: Keyring, plain: string, purpose: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(keyring, keyring.current), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(authenticatedData(keyring.current, purpose));
  const body = Buffer.concat([nonce, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${FORMAT}:${keyring.current}:${body.toString("base64url")}`;
}

function openWith(keyring: Keyring, sealed: string, purpose: string): string {
  const [format, keyId, encoded, ...rest] = sealed.split(":");
  const body = Buffer.from(encoded ?? "", "base64url");
  if (format !== FORMAT || !keyId || rest.length > 0 || body.length < NONCE_BYTES + TAG_BYTES) {
    throw new AppError("internal", "A stored credential is not in the format this version writes. Enter it again.");
  }
  const key = keyOf(keyring, keyId);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, body.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticatedData(keyId, purpose));
    decipher.setAuthTag(body.subarray(-TAG_BYTES));
    return decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new AppError("internal", "A stored credential was changed outside the console or moved to another place. Enter it again.", { cause });
  }
}

/** How old a process's view of the keyring may be. */
const LOOK_AGAIN_MS = SECOND_MS;

/** A keyring as read from a file that may change: `version` tells the file's contents apart. */
type Held = { sealer: Sealer; version: string; lookedAt: number };
const holder = globalThis as { seaworthySealer?: Held };

function versionOf(file: string): string {
  const { ino, mtimeMs, size } = statSync(file);
  return `${ino}/${mtimeMs}/${size}`;
}

function readSealer(file: string): Held {
  const version = versionOf(file);
  return { sealer: createSealer(parseKeyring(readFileSync(file, "utf8"))), version, lookedAt: monotonicMs() };
}

/** Reads the file again when it changed. One that is gone or broken leaves the known keys in force. */
function follow(held: Held, file: string): Held {
  held.lookedAt = monotonicMs();
  try {
    return versionOf(file) === held.version ? held : readSealer(file);
  } catch (error) {
    logger().error({ reason: (error as Error).message }, "the keyring file cannot be read, the keys known so far stay in force");
    return held;
  }
}

/** The process's sealer; `sealed` is about to be opened. */
function processSealer(sealed?: string): Sealer {
  const file = config().SEAWORTHY_KEYRING_FILE;
  let held = holder.seaworthySealer ?? readSealer(file);
  const isStranger = sealed !== undefined && keyIdOf(sealed) !== null && !held.sealer.knowsKeyOf(sealed);
  if (isStranger || monotonicMs() - held.lookedAt >= LOOK_AGAIN_MS) held = follow(held, file);
  holder.seaworthySealer = held;
  return held.sealer;
}

/** For whoever changed the file: this process reads it again now. */
export function readKeyringAgain(): void {
  holder.seaworthySealer = undefined;
}

/** Encrypts with the process's keyring. */
export const seal: Sealer["seal"] = (plain, purpose) => processSealer().seal(plain, purpose);

/** Decrypts with the process's keyring. Throws AppError `internal`. */
export const open: Sealer["open"] = (sealed, purpose) => processSealer(sealed).open(sealed, purpose);

/** True when a rotation should seal this value again. */
export const isOutdated: Sealer["isOutdated"] = (sealed) => processSealer().isOutdated(sealed);
