import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { BlockWriter, type Block } from "./blocks.ts";
import { compress, decompressor } from "./compression.ts";

const MEBIBYTE = 1_048_576;
/** A frame's first bytes (RFC 8878, 3.1.1). */
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Blocks of one memory, overwritten as soon as it is given back: whoever reads it later reads zeros. */
async function* blocks(contents: Buffer[], onRelease: () => void = () => undefined): AsyncGenerator<Block> {
  for (const content of contents) {
    const bytes = Buffer.from(content);
    yield await Promise.resolve({ bytes, release: () => { bytes.fill(0); onRelease(); } });
  }
}

const all = async (contents: Buffer[]): Promise<Buffer[]> => {
  const pieces: Buffer[] = [];
  for await (const piece of compress(blocks(contents))) pieces.push(Buffer.from(piece));
  return pieces;
};
const restored = (pieces: Buffer[]): Promise<Buffer> => buffer(Readable.from(pieces).pipe(decompressor()));

describe("blocks compressed", () => {
  test.each<[string, Buffer[]]>([
    ["one empty", [Buffer.alloc(0)]],
    ["one byte", [Buffer.from("a")]],
    ["text", Array.from({ length: 7 }, (_, index) => Buffer.from(`row ${index}\n`.repeat(90_000)))],
    // Memory for the output is used up, for each of the two in the middle of a frame.
    ["noise, more than the output holds at once", Array<Buffer>(10).fill(randomBytes(4 * MEBIBYTE))],
    ["of all sizes", [1, MEBIBYTE, 3, 4 * MEBIBYTE, 7].map((size) => randomBytes(size))],
  ])("are the same when read again: %s", async (_name, contents) => {
    expect((await restored(await all(contents))).equals(Buffer.concat(contents))).toBe(true);
  });

  test("each is a frame of its own, so a reader needs little memory", async () => {
    const pieces = await all([Buffer.from("one"), Buffer.from("two"), Buffer.from("three")]);
    expect(pieces.map((piece) => piece.subarray(0, 4).equals(MAGIC))).toEqual([true, true, true]);
    expect(String(await restored(pieces.slice(1)))).toBe("twothree");
  });

  test("are given back, also when the reader stops early", async () => {
    let released = 0;
    for await (const piece of compress(blocks(Array.from({ length: 9 }, () => randomBytes(MEBIBYTE)), () => (released += 1)))) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => released).toBe(2);
  });

  test("aborted while blocks are compressed: all are given back when the compressor has let go of them, and no more are taken", async () => {
    const writer = new BlockWriter();
    writer.on("error", () => undefined);
    const feed = () => void (writer.destroyed || writer.write(Buffer.alloc(MEBIBYTE, "x"), feed));
    let [taken, released] = [0, 0];
    async function* counted(): AsyncGenerator<Block> {
      for await (const { bytes, release } of writer.blocks()) {
        // As a run does when it is cancelled.
        if (++taken === 2) writer.destroy(new Error("cancelled by the test"));
        yield { bytes, release: () => { bytes.fill(0); released += 1; release(); } };
      }
    }
    feed();
    await expect(async () => {
      for await (const piece of compress(counted())) expect((await restored([piece])).equals(Buffer.alloc(4 * MEBIBYTE, "x"))).toBe(true);
    }).rejects.toThrow("cancelled by the test");
    await expect.poll(() => released).toBe(taken);
    expect(taken).toBe(2);
  });

  test("of one memory that is used again at once are the same when read again, however slow the reader is", async () => {
    const writer = new BlockWriter(undefined, MEBIBYTE);
    const wanted = randomBytes(20 * MEBIBYTE + 7);
    const pieces: Buffer[] = [];
    writer.end(wanted);
    for await (const piece of compress(writer.blocks())) {
      pieces.push(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await restored(pieces)).equals(wanted)).toBe(true);
  });

  test("a source that fails fails the reader with its reason", async () => {
    async function* failing(): AsyncGenerator<Block> {
      yield* blocks([Buffer.from("one")]);
      throw new Error("the server went away");
    }
    await expect(async () => {
      for await (const piece of compress(failing())) expect(piece.length).toBeGreaterThan(0);
    }).rejects.toThrow("the server went away");
  });
});
