/**
 * Passwords at rest: argon2id as a PHC string (github.com/P-H-C/phc-string-format), with OWASP's parameters of 19 MiB,
 * two passes, one lane. Hashes take turns (hash-turns.ts). An unknown account costs the same time as a wrong password.
 */
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { takeTurn } from "./hash-turns.ts";

type Parameters = { memory: number; passes: number; parallelism: number };

/** OWASP Password Storage Cheat Sheet, argon2id: m = 19456 KiB, t = 2, p = 1. */
const CURRENT: Parameters = { memory: 19_456, passes: 2, parallelism: 1 };
/** A stored hash may not ask for more than this, whatever it says. */
const LARGEST: Parameters = { memory: 262_144, passes: 10, parallelism: 4 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
function derive(password: string, salt: Buffer, parameters: Parameters & { length: number }): Promise<Buffer> {
  const { memory, passes, parallelism, length } = parameters;
  const input = { message: password.normalize("NFKC"), nonce: salt, parallelism, tagLength: length, memory, passes };
  return new Promise((resolve, reject) => {
    argon2("argon2id", input, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

const unpadded = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");

/** Hashes a password to `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. Throws `unavailable` when too many wait. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await takeTurn(() => derive(password, salt, { ...CURRENT, length: HASH_BYTES }));
  return `$argon2id$v=19$m=${CURRENT.memory},t=${CURRENT.passes},p=${CURRENT.parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

export type ParsedHash = Parameters & { salt: Buffer; hash: Buffer };

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** Reads a PHC string; null when it is not one that this product could have written. */
export function parsePhc(text: string): ParsedHash | null {
  const match = PHC.exec(text);
  if (!match) return null;
  const [memory, passes, parallelism] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isSane = memory >= 8 * parallelism && parallelism >= 1 && passes >= 1;
  if (!isSane || memory > LARGEST.memory || passes > LARGEST.passes || parallelism > LARGEST.parallelism) return null;
  return { memory, passes, parallelism, salt: Buffer.from(match[4] ?? "", "base64"), hash: Buffer.from(match[5] ?? "", "base64") };
}

/** What an unknown account is measured against: the parameters of a real one, and a hash that nothing matches. */
const NOBODY: ParsedHash = { ...CURRENT, salt: Buffer.alloc(SALT_BYTES, 7), hash: randomBytes(HASH_BYTES) };

/** True when the password is the one of `stored`. With null (no such account) it takes as long and is false. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const parsed = (stored === null ? null : parsePhc(stored)) ?? NOBODY;
  const hash = await takeTurn(() => derive(password, parsed.salt, { ...parsed, length: parsed.hash.length }));
  return timingSafeEqual(hash, parsed.hash) && parsed !== NOBODY;
}
