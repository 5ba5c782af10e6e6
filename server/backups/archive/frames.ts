/**
 * The body of an archive: frames sealed by AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár,
 * "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015). The nonce is seven random bytes,
 * the frame's number and one byte that marks the last frame, so frames cannot be dropped, repeated, reordered or cut off
 * at an edge. Each frame is four bytes (top bit: last frame; rest: length), the ciphertext and a tag of 16 bytes.
 * Without encryption the tag is the beginning of a SHA-256 over the same facts: it finds accidents, not forgers; those are
 * found by the manifest's signature.
 */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { AppError } from "../../platform/errors.ts";
import type { ArchiveHeader } from "./header.ts";

export const LENGTH_BYTES = 4;
export const TAG_BYTES = 16;
const LAST_FLAG = 0x8000_0000;
const COUNTER_BYTES = 4;
const MAX_FRAMES = 0xffff_ffff;

/** One archive's key and identity. `key` is null when the archive is not encrypted. */
export type FrameSecrets = { header: ArchiveHeader; headerSha256: string; key: Buffer | null };

type Place = { index: number; isLast: boolean };

function nonceFor({ header }: FrameSecrets, { index, isLast }: Place): Buffer {
  if (index > MAX_FRAMES) throw new AppError("limit", "The backup has more frames than one archive can number.");
  const counter = Buffer.alloc(COUNTER_BYTES);
  counter.writeUInt32BE(index);
  return Buffer.concat([Buffer.from(header.noncePrefix, "base64"), counter, Buffer.from([isLast ? 1 : 0])]);
}

function lengthWord(length: number, isLast: boolean): Buffer {
  const word = Buffer.alloc(LENGTH_BYTES);
  word.writeUInt32BE((length | (isLast ? LAST_FLAG : 0)) >>> 0);
  return word;
}

/** Reads a frame's first four bytes. */
export function readLengthWord(bytes: Buffer, offset: number): { length: number; isLast: boolean } {
  const word = bytes.readUInt32BE(offset);
  return { length: word & ~LAST_FLAG, isLast: word >= LAST_FLAG };
}

function plainTag(secrets: FrameSecrets, place: Place, parts: Uint8Array[]): Buffer {
  const hash = createHash("sha256").update(secrets.headerSha256).update(nonceFor(secrets, place));
  for (const part of parts) hash.update(part);
  return hash.digest().subarray(0, TAG_BYTES);
}

/** Seals one frame. Its pieces are memory of their own: `plain` may be used again. */
export function sealFrame(secrets: FrameSecrets, plain: Uint8Array, place: Place): Buffer[] {
  const word = lengthWord(plain.length, place.isLast);
  if (secrets.key === null) return [word, Buffer.from(plain), plainTag(secrets, place, [word, plain])];
  const cipher = createCipheriv("aes-256-gcm", secrets.key, nonceFor(secrets, place), { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([Buffer.from(secrets.headerSha256, "hex"), word]));
  const body = cipher.update(plain);
  cipher.final();
  return [word, body, cipher.getAuthTag()];
}

/** Opens one whole frame. Throws `mismatch` when anything about it is not as it was sealed. */
export function openFrame(secrets: FrameSecrets, frame: Buffer, place: Place): Buffer {
  const word = frame.subarray(0, LENGTH_BYTES);
  const body = frame.subarray(LENGTH_BYTES, -TAG_BYTES);
  const tag = frame.subarray(-TAG_BYTES);
  const broken = (cause?: unknown) =>
    new AppError("mismatch", `The archive is damaged or was sealed with another key: chunk ${place.index + 1} does not open.`, { cause });
  if (secrets.key === null) {
    if (!plainTag(secrets, place, [word, body]).equals(tag)) throw broken();
    return body;
  }
  const decipher = createDecipheriv("aes-256-gcm", secrets.key, nonceFor(secrets, place), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([Buffer.from(secrets.headerSha256, "hex"), word]));
  decipher.setAuthTag(tag);
  const plain = decipher.update(body);
  try {
    decipher.final();
  } catch (cause) {
    throw broken(cause);
  }
  return plain;
}
