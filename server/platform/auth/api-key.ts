/**
 * The text of an API key: `sw_<8 characters>_<43 characters>_<6 characters>`. The first part finds the row and may be
 * shown, the second is 32 random bytes, the third a CRC-32 that lets secret scanners and typing errors be told from real
 * keys without a look at the database. All in base 62. Stored are the prefix and the SHA-256 of the whole text.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = 62;
const ID_LENGTH = 8;
const SECRET_BYTES = 32;
/** 62^43 is the first power above 2^256. */
const SECRET_LENGTH = 43;
/** 62^6 is the first power above 2^32. */
const CRC_LENGTH = 6;
/** Largest multiple of 62 in a byte; larger bytes would make some characters likelier. */
const FAIR_BYTES = 248;

const FORM = new RegExp(`^(sw_[0-9A-Za-z]{${ID_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH}}_[0-9A-Za-z]{${CRC_LENGTH}}$`);

function base62(value: bigint, length: number): string {
  let rest = value;
  let out = "";
  for (let i = 0; i < length; i++) {
    out = ALPHABET[Number(rest % BigInt(BASE))] + out;
    rest /= BigInt(BASE);
  }
  return out;
}

/** Uniformly random characters of the alphabet. */
export function randomText(length: number): string {
  let out = "";
  while (out.length < length) {
    for (const byte of randomBytes(length)) if (byte < FAIR_BYTES && out.length < length) out += ALPHABET[byte % BASE];
  }
  return out;
}

const checksum = (text: string) => base62(BigInt(crc32(text)), CRC_LENGTH);

export type NewKey = { plain: string; prefix: string; hash: string };

/** Makes a key. `plain` is shown once; store `prefix` and `hash`. */
export function makeApiKey(): NewKey {
  const prefix = `sw_${randomText(ID_LENGTH)}`;
  const body = `${prefix}_${base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString("hex")}`), SECRET_LENGTH)}`;
  const plain = `${body}_${checksum(body)}`;
  return { plain, prefix, hash: hashApiKey(plain) };
}

/** SHA-256 of the whole key, hex. The key itself has 256 random bits, so no slow hash is needed. */
export function hashApiKey(plain: string): string {
  return createHash("sha256").update(plain).digest("hex");
}

/** The public prefix of a well-formed key whose checksum is right; else null. */
export function prefixOfKey(plain: string): string | null {
  const match = FORM.exec(plain);
  const body = plain.slice(0, -(CRC_LENGTH + 1));
  return match?.[1] && plain.endsWith(`_${checksum(body)}`) ? match[1] : null;
}

/** Compares a key with a stored hash in constant time. */
export function matchesKeyHash(plain: string, storedHash: string): boolean {
  const given = Buffer.from(hashApiKey(plain), "hex");
  const stored = Buffer.from(storedHash, "hex");
  return stored.length === given.length && timingSafeEqual(given, stored);
}
