/**
 * Compression by Zstandard, part of Node. Blocks are compressed independently, two at a time on the thread pool, and
 * written one after another, which is again a Zstandard stream (RFC 8878, 3.1: frames may be concatenated). Node's own
 * streaming compressor with worker threads is not used: it was seen to end early and lose data.
 */
import { constants, createZstdCompress, createZstdDecompress, type ZstdCompress, type ZstdDecompress } from "node:zlib";
import type { Block } from "./blocks.ts";

/** Level 1 keeps up with what PostgreSQL can send; level 3 takes half as long again for some 5 % at most. */
const LEVEL = 1;
const BLOCKS_IN_FLIGHT = 2;
const PIECE_BYTES = 262_144;
/**
 * Memory that compressed blocks are written into until it is used up. With room for the worst case of a block before it
 * the compressor writes there directly, without copies of its own; several blocks share it, so little is left to collect.
 */
const OUTPUT_BYTES = 16_777_216;

const OPTIONS = {
  chunkSize: OUTPUT_BYTES,
  // Every write ends a frame.
  flush: constants.ZSTD_e_end,
  params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
  // What a write makes is taken when it is done; until then the stream must not wait for a reader.
  readableHighWaterMark: OUTPUT_BYTES,
};

type Compressor = { compress: (block: Block) => Promise<Buffer[]>; close: () => void };

/** Everything that a stream holds, piece by piece. */
function whatIsIn(stream: ZstdCompress): Buffer[] {
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = stream.read() as Buffer | null;
    if (piece === null) return pieces;
    pieces.push(piece);
  }
}

/** A compressor that makes one frame of each block and keeps its tables for the next. One block at a time. */
function createCompressor(): Compressor {
  const stream = createZstdCompress(OPTIONS);
  // Told by the write that it concerns.
  stream.on("error", () => undefined);
  return {
    compress: async ({ bytes, release }) => {
      try {
        await new Promise<void>((resolve, reject) => {
          stream.write(bytes, (error) => (error ? reject(error) : resolve()));
        });
        return whatIsIn(stream);
      } finally {
        release();
      }
    },
    close: () => stream.destroy(),
  };
}

/** Compresses as the reader asks for more. */
export async function* compress(blocks: AsyncIterable<Block>): AsyncGenerator<Buffer> {
  const idle = Array.from({ length: BLOCKS_IN_FLIGHT }, createCompressor);
  const all = [...idle];
  const flying: Promise<Buffer[]>[] = [];
  try {
    for await (const block of blocks) {
      const compressor = idle.shift();
      if (!compressor) throw new Error("More blocks than compressors.");
      const frame = compressor.compress(block).finally(() => idle.push(compressor));
      // Awaited in order below; a failure before that must not count as unhandled.
      frame.catch(() => undefined);
      flying.push(frame);
      if (flying.length < BLOCKS_IN_FLIGHT) continue;
      const first = flying.shift();
      if (first) yield* await first;
    }
    for (const frame of flying) yield* await frame;
  } finally {
    for (const compressor of all) compressor.close();
  }
}

/** The reverse. Its memory is bounded by the window that the compressor used. */
export function decompressor(): ZstdDecompress {
  return createZstdDecompress({ chunkSize: PIECE_BYTES });
}
