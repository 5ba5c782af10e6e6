/**
 * Compression by Zstandard, part of Node. Blocks are compressed independently, two at a time on the thread pool, and
 * written one after another, which is again a Zstandard stream (RFC 8878, 3.1: frames may be concatenated). Node's own
 * streaming compressor with worker threads is not used: it was seen to end early and lose data.
 */
import { promisify } from "node:util";
import { constants, createZstdDecompress, zstdCompress, type ZstdDecompress } from "node:zlib";
import type { Block } from "./blocks.ts";

/** Level 1 keeps up with what PostgreSQL can send; level 3 takes half as long again for some 5 % at most. */
const LEVEL = 1;
const BLOCKS_IN_FLIGHT = 2;
const PIECE_BYTES = 262_144;

const compressBlock = promisify(zstdCompress);
const OPTIONS = { chunkSize: PIECE_BYTES, params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 } };

async function compressed({ bytes, release }: Block): Promise<Buffer> {
  try {
    return await compressBlock(bytes, OPTIONS);
  } finally {
    release();
  }
}

/** Compresses as the reader asks for more. */
export async function* compress(blocks: AsyncIterable<Block>): AsyncGenerator<Buffer> {
  const flying: Promise<Buffer>[] = [];
  for await (const one of blocks) {
    const block = compressed(one);
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
