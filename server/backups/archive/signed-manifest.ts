/**
 * The manifest as it lies in a store: one line with key id and signature, then the manifest as JSON that people can read.
 * The signature covers the exact bytes after the first line, so no canonical form is needed.
 */
import * as z from "zod";
import { AppError } from "../../platform/errors.ts";
import type { BackupKeys } from "../keys/backup-keys.ts";
import { Manifest, MANIFEST_FORMAT } from "../schema/manifest.ts";

const FirstLine = z.object({ format: z.literal(MANIFEST_FORMAT), keyId: z.string(), algorithm: z.literal("hmac-sha256"), signature: z.string() });

/** 16 million chunks of 1 MiB; a file longer than this is not a manifest. */
export const MANIFEST_MAX_BYTES = 1_073_741_824;

/** Signs with the key that the manifest names. */
export function encodeManifest(manifest: Manifest, keys: BackupKeys): Buffer {
  const body = `${JSON.stringify(Manifest.parse(manifest), null, 1)}\n`;
  const first = { format: MANIFEST_FORMAT, keyId: manifest.keyId, algorithm: "hmac-sha256", signature: keys.sign(manifest.keyId, body) };
  return Buffer.from(`${JSON.stringify(first)}\n${body}`, "utf8");
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the schema says what is wrong
  }
}

/** Reads and checks a manifest. Throws `mismatch` (damaged or edited) or `precondition` (the ring lacks its key). */
export function decodeManifest(bytes: Uint8Array, keys: BackupKeys): Manifest {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const end = text.indexOf("\n");
  const first = FirstLine.safeParse(readJson(text.slice(0, Math.max(end, 0))));
  if (!first.success) throw new AppError("mismatch", "The manifest is damaged: its first line cannot be read.");
  const body = text.slice(end + 1);
  if (!keys.isSignature(first.data.keyId, body, first.data.signature)) {
    throw new AppError("mismatch", "The manifest was changed, or signed with another key: its signature does not fit.");
  }
  const manifest = Manifest.safeParse(readJson(body));
  if (!manifest.success) throw new AppError("mismatch", "The manifest is of a version that this console does not know.", { cause: manifest.error });
  return manifest.data;
}
