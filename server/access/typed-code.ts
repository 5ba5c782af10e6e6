/**
 * Codes that people type once, such as the setup code and recovery codes: four groups of four Crockford base-32
 * characters, 80 random bits, easy to read out (O and I count as 0 and 1). Only the SHA-256 is stored.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** Makes a code such as `7K2M-Q0XD-94TB-HN3E`. */
export function makeTypedCode(): string {
  const characters = [...randomBytes(GROUPS * GROUP_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return Array.from({ length: GROUPS }, (_, group) => characters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join("")).join("-");
}

/** SHA-256 of a code as people may have typed it, hex. */
export function hashTypedCode(text: string): string {
  const plain = text.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "");
  return createHash("sha256").update(plain).digest("hex");
}

/** Compares in constant time. */
export function isTypedCode(text: string, storedHash: string): boolean {
  const [given, stored] = [Buffer.from(hashTypedCode(text), "hex"), Buffer.from(storedHash, "hex")];
  return given.length === stored.length && timingSafeEqual(given, stored);
}
