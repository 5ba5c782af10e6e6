/**
 * Compression by Zstandard, part of Node. Blocks are compressed independently, two at a time on the thread pool, and
 * written one after another, which is again a Zstandard stream (RFC 8878, 3.1: frames may be concatenated). Node's own
 * streaming compressor with worker threads is not used: it was seen to end early and lose data.
 */
import { promisify } from "node:util";
import { constants, createZstdDecompress, zstdCompress, type ZstdDecompress } from "node:zlib";
import { regroup } from "./regroup.ts";

/** Level 1 keeps up with what PostgreSQL can send; level 3 makes dumps some 5 % smaller and takes half as long again. */
const LEVEL = 1;
/** Larger than the window of the level, so that little is lost by starting anew. */
const BLOCK_BYTES = 4_194_304;
const BLOCKS_IN_FLIGHT = 2;
const PIECE_BYTES = 262_144;

const compressBlock = promisify(zstdCompress);
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 } };

/** Compresses as the reader asks for more. */
export async function* compress(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const flying: Promise<Buffer>[] = [];
  for await (const { bytes } of regroup(source, BLOCK_BYTES)) {
    const block = compressBlock(bytes, OPTIONS);
    // Awaited in order below; a failure before that must not count as unhandled.
    block.catch(() => undefined);
    flying.push(block);
    if (flying.length < BLOCKS_IN_FLIGHT) continue;
    const first = flying.shift();
    if (first) yield await first;
  }
  for (const block of flying) yield await block;
}

/** The reverse. Its memory is bounded by the window that the compressor used. */
export function decompressor(): ZstdDecompress {
  return createZstdDecompress({ chunkSize: PIECE_BYTES });
}
