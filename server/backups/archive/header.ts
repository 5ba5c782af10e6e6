/**
 * The head of an archive: six bytes of magic, two bytes of length, then JSON that says how to read the rest. Its SHA-256
 * is authenticated data of every frame, so no field of it can be changed, and no frame moved to another archive.
 */
import { createHash } from "node:crypto";
import * as z from "zod";
import { AppError } from "../../platform/errors.ts";
import { Cipher } from "../schema/manifest.ts";

const MAGIC = Buffer.from("SWBK1\n", "latin1");
const LENGTH_BYTES = 2;
/** The JSON has some 300 bytes; anything longer is not ours. */
const HEADER_MAX_BYTES = 4_096;
export const SALT_BYTES = 32;
export const NONCE_PREFIX_BYTES = 7;
/** Frames of 1 MiB: small enough to stay out of the way of memory, large enough that 100 GB has a manifest of a few megabytes. */
export const FRAME_BYTES = 1_048_576;
const FRAME_MAX_BYTES = 16_777_216;

const base64Of = (bytes: number) => z.base64().refine((text) => Buffer.from(text, "base64").length === bytes);

export const ArchiveHeader = z.object({
  backupId: z.string().min(4).max(64),
  cipher: Cipher,
  compression: z.literal("zstd"),
  frameBytes: z.number().int().min(1_024).max(FRAME_MAX_BYTES),
  keyId: z.string().min(1).max(32),
  salt: base64Of(SALT_BYTES),
  noncePrefix: base64Of(NONCE_PREFIX_BYTES),
});
export type ArchiveHeader = z.infer<typeof ArchiveHeader>;

export const sha256Hex = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The header as it stands at the beginning of an archive. */
export function encodeHeader(header: ArchiveHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(json.length);
  return Buffer.concat([MAGIC, length, json]);
}

const damaged = (why: string) => new AppError("mismatch", `The archive is damaged: ${why}.`);

/** Bytes of the header at the beginning of `bytes`; null while too few are there. Throws `mismatch`. */
export function headerLength(bytes: Uint8Array): number | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = Math.min(start.length, MAGIC.length);
  if (!start.subarray(0, known).equals(MAGIC.subarray(0, known))) throw damaged("it does not begin as an archive of this product");
  if (start.length < MAGIC.length + LENGTH_BYTES) return null;
  const length = start.readUInt16BE(MAGIC.length);
  if (length > HEADER_MAX_BYTES) throw damaged("its header has an impossible length");
  return MAGIC.length + LENGTH_BYTES + length;
}

/** Reads a complete header. Throws `mismatch`. */
export function decodeHeader(bytes: Uint8Array): ArchiveHeader {
  const text = Buffer.from(bytes).subarray(MAGIC.length + LENGTH_BYTES).toString("utf8");
  try {
    return ArchiveHeader.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError("mismatch", "The archive is damaged: its header cannot be read.", { cause });
  }
}
