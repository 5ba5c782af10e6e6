/**
 * Gzip, taken apart while it is read: what comes out is counted, so a small file that unpacks to gigabytes is refused at
 * the limit and never held (RFC 1952).
 */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AppError } from "../errors.ts";

/** One piece of output. */
const CHUNK_BYTES = 256 * 1_024;

/** True when the first two bytes are those of gzip. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** The unpacked content. Throws AppError `invalid` past `maxBytes`, and for gzip that is broken or cut off. */
export async function* unpacked(packed: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  const source = Readable.from(packed, { objectMode: false });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  source.once("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  let bytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new AppError("invalid", `The file unpacks to more than ${Math.floor(maxBytes / 1_024 / 1_024)} MiB. Nothing was kept.`);
      yield chunk;
    }
  } catch (error) {
    const isBroken = (error as NodeJS.ErrnoException).code?.startsWith("Z_") ?? false;
    throw isBroken ? new AppError("invalid", "The gzip file is damaged or cut off. Nothing was kept.", { cause: error }) : error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
