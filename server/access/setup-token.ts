/**
 * The text of a setup token: four groups of four Crockford base-32 characters, 80 random bits, easy to read out and to
 * type (O and I count as 0 and 1). Only its SHA-256 is stored.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** Makes a token such as `7K2M-Q0XD-94TB-HN3E`. */
export function makeSetupToken(): string {
  const characters = [...randomBytes(GROUPS * GROUP_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return Array.from({ length: GROUPS }, (_, group) => characters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join("")).join("-");
}

/** SHA-256 of a token as people may have typed it, hex. */
export function hashSetupToken(text: string): string {
  const plain = text.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "");
  return createHash("sha256").update(plain).digest("hex");
}

/** Compares in constant time. */
export function isSetupToken(text: string, storedHash: string): boolean {
  const [given, stored] = [Buffer.from(hashSetupToken(text), "hex"), Buffer.from(storedHash, "hex")];
  return given.length === stored.length && timingSafeEqual(given, stored);
}
