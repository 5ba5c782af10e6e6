/**
 * Time-based one-time passwords (RFC 6238 over RFC 4226): HMAC-SHA-1, six digits, steps of 30 seconds, as every
 * authenticator app reads them. A code is looked for in the present step and one to each side, for clocks that are a
 * little off. The caller remembers the step of an accepted code and asks only for later ones, so no code works twice.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { SECOND_MS } from "../clock.ts";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const DIGITS = 6;
const STEP_MS = 30 * SECOND_MS;
/** Steps to each side of the present one. */
const DRIFT = 1;
/** 160 bits, the length of the hash, as RFC 4226 recommends. */
const SECRET_BYTES = 20;

/** Bytes as base 32 without padding (RFC 4648). */
export function toBase32(bytes: Uint8Array): string {
  let [out, buffer, bits] = ["", 0, 0];
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += BASE32[(buffer >>> (bits - 5)) & 31];
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? out + BASE32[(buffer << (5 - bits)) & 31] : out;
}

/** The bytes of base 32 text; characters outside the alphabet are left out. */
export function fromBase32(text: string): Uint8Array {
  const out: number[] = [];
  let [buffer, bits] = [0, 0];
  for (const character of text.toUpperCase()) {
    const value = BASE32.indexOf(character);
    if (value < 0) continue;
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.push((buffer >>> bits) & 0xff);
  }
  return Uint8Array.from(out);
}

/** Makes a secret, as base 32. */
export const makeTotpSecret = (): string => toBase32(randomBytes(SECRET_BYTES));

/** The time step of an instant. */
export const stepAt = (at: Date): number => Math.floor(at.getTime() / STEP_MS);

/** The code of one time step (RFC 4226, section 5.3). */
export function codeOfStep(secret: string, step: number, digits: number = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const value = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(value % 10 ** digits).padStart(digits, "0");
}

/** The step whose code was typed, later than `after`; null when it is none of the three. Takes as long for every answer. */
export function findStep(typed: string, { secret, at, after }: { secret: string; at: Date; after: number }): number | null {
  const given = Buffer.from(typed.replace(/\s/g, "").padEnd(DIGITS).slice(0, DIGITS + 1));
  let found: number | null = null;
  for (let step = stepAt(at) - DRIFT; step <= stepAt(at) + DRIFT; step++) {
    const wanted = Buffer.from(codeOfStep(secret, step));
    if (given.length === wanted.length && timingSafeEqual(given, wanted) && step > after) found = step;
  }
  return found;
}

/** The address that authenticator apps read from a QR code (Google Authenticator's key URI format). */
export function totpUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  const query = new URLSearchParams({ secret, issuer });
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${query.toString().replaceAll("+", "%20")}`;
}
