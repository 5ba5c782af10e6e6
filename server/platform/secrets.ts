/**
 * The files that only this product may read: the data folder (mode 0700) and in it everything generated on first start
 * (mode 0600). A file is created once; when two processes race, the first wins and the other reads what it wrote.
 * A half-written file cannot be seen, because the content is complete before the name exists.
 */
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";

const PRIVATE_DIR = 0o700;
const PRIVATE_FILE = 0o600;
/** 256 bits, the strength of the keys and signatures made from them. */
const SECRET_BYTES = 32;

/** A random secret of 256 bits, base64url. */
export function newSecret(): string {
  return crypto.randomBytes(SECRET_BYTES).toString("base64url");
}

/** Creates a folder that only its owner may enter, and closes an existing one. Returns its absolute path. */
export function ensurePrivateDir(dir: string): string {
  const absolute = path.resolve(dir);
  fs.mkdirSync(absolute, { recursive: true, mode: PRIVATE_DIR });
  if (process.platform !== "win32" && (fs.statSync(absolute).mode & 0o077) !== 0) fs.chmodSync(absolute, PRIVATE_DIR);
  return absolute;
}

/** Replaces a private file in one step; readers see the old or the new content, never a part. */
export function writePrivateFile(file: string, content: string): void {
  const next = `${file}.${crypto.randomBytes(4).toString("hex")}`;
  fs.writeFileSync(next, content, { mode: PRIVATE_FILE });
  fs.renameSync(next, file);
}

/** Reads a private file, or creates it with what `generate` returns. */
export function readOrCreatePrivateFile(file: string, generate: () => string): string {
  if (!fs.existsSync(file)) {
    const next = `${file}.${crypto.randomBytes(4).toString("hex")}`;
    fs.writeFileSync(next, generate(), { mode: PRIVATE_FILE });
    // A hard link fails when the name exists, so the first of two racers wins and nobody sees half a file.
    try {
      fs.linkSync(next, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      fs.rmSync(next);
    }
  }
  return fs.readFileSync(file, "utf8");
}

export type GeneratedSecrets = {
  /** Signs session cookies. */
  AUTH_SECRET: string;
  /** Path of the key ring that encrypts stored credentials. */
  SEAWORTHY_KEYRING_FILE: string;
};

function newKeyring(): string {
  const key = crypto.randomBytes(SECRET_BYTES).toString("base64");
  return `${JSON.stringify({ current: "k1", keys: { k1: key } }, null, 2)}\n`;
}

/** The secrets of an installation with the embedded database, generated in its data folder on first use. */
export function ensureSecrets(dataDir: string): GeneratedSecrets {
  const dir = ensurePrivateDir(dataDir);
  const keyring = path.join(dir, "keyring.json");
  readOrCreatePrivateFile(keyring, newKeyring);
  return { AUTH_SECRET: readOrCreatePrivateFile(path.join(dir, "auth-secret"), newSecret).trim(), SEAWORTHY_KEYRING_FILE: keyring };
}
