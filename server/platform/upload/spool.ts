/**
 * A body on disk: capped, hashed while it arrives, and without a name. The file is unlinked as soon as it is open, so a
 * process that dies leaves nothing behind; whoever holds it reads it and closes it.
 */
import { createHash, randomUUID } from "node:crypto";
import { open, unlink, type FileHandle } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { AppError } from "../errors.ts";
import { isGzip, unpacked } from "./unpack.ts";

/** One read: large enough to be fast, small enough that parsing it stays far below 50 ms. */
const CHUNK_BYTES = 256 * 1_024;

export type SpooledFile = {
  /** Bytes as they came. */
  bytes: number;
  /** SHA-256 of those bytes, hex. */
  sha256: string;
  /** The content from its beginning, unpacked when it is gzip. Throws AppError `invalid` when it unpacks to too much or ends early. */
  chunks: () => AsyncIterable<Buffer>;
  close: () => Promise<void>;
};

export type Source = AsyncIterable<Uint8Array>;

const tooLarge = (maxBytes: number) => new AppError("invalid", `The file is larger than ${Math.floor(maxBytes / 1_024 / 1_024)} MiB. Nothing was kept.`);

/** Writes everything; hashes and counts on the way. */
async function fill(handle: FileHandle, source: Source, maxBytes: number): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    hash.update(chunk);
    await handle.writeFile(chunk);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** What a failure while receiving means to the sender. */
function receivingFailed(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return new AppError("unavailable", "The console has no room for the file at the moment. Nothing was kept.", { cause: error });
  if (code === "EACCES" || code === "EROFS" || code === "EMFILE") return error;
  return new AppError("invalid", "The upload ended before its end. Nothing was kept; send it again.", { cause: error });
}

async function* plainChunks(handle: FileHandle, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Receives `source`. Throws AppError `invalid` when it is too large or ends early; then nothing is left. */
export async function spool(source: Source, maxBytes: number): Promise<SpooledFile> {
  const file = path.join(os.tmpdir(), `seaworthy-upload-${randomUUID()}`);
  const handle = await open(file, "wx+", 0o600);
  try {
    await unlink(file);
    const { bytes, sha256 } = await fill(handle, source, maxBytes);
    const head = Buffer.alloc(2);
    await handle.read(head, 0, 2, 0);
    const chunks = () => (isGzip(head) ? unpacked(plainChunks(handle, bytes), maxBytes) : plainChunks(handle, bytes));
    return { bytes, sha256, chunks, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw receivingFailed(error);
  }
}
