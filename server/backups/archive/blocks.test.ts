import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { BlockWriter } from "./blocks.ts";

const BLOCK = 1_024;

/** Reads all blocks, one by one, and gives each back after it was copied. */
async function drain(writer: BlockWriter): Promise<{ sizes: number[]; bytes: Buffer }> {
  const parts: Buffer[] = [];
  for await (const { bytes, release } of writer.blocks()) {
    parts.push(Buffer.from(bytes));
    await Promise.resolve();
    release();
  }
  return { sizes: parts.map((part) => part.length), bytes: Buffer.concat(parts) };
}

test.each([[[0]], [[1]], [[BLOCK]], [[BLOCK * 20 + 3]], [[BLOCK - 1, 1, 1]], [Array.from({ length: 300 }, (_, index) => index * 7)]])("pieces of %j bytes come out as they went, in whole blocks", async (sizes) => {
  let counted = 0;
  const writer = new BlockWriter((bytes) => (counted += bytes), BLOCK);
  const pieces = sizes.map((size) => randomBytes(size));
  for (const piece of pieces) writer.write(piece);
  writer.end();
  const found = await drain(writer);
  expect(found.bytes.equals(Buffer.concat(pieces))).toBe(true);
  expect(found.sizes.slice(0, -1).every((size) => size === BLOCK)).toBe(true);
  expect(counted).toBe(found.bytes.length);
});

test("filled in place it says when to stop, and calls when a block is free again", async () => {
  const writer = new BlockWriter(undefined, BLOCK);
  const wanted = randomBytes(BLOCK * 9 + 5);
  let offset = 0;
  const fill = () => {
    for (let goesOn = true; goesOn && offset < wanted.length; ) {
      const part = Math.min(wanted.length - offset, 700);
      const length = wanted.copy(writer.room(), 0, offset, offset + part);
      offset += length;
      goesOn = writer.took(length);
    }
    if (offset < wanted.length) writer.whenFree(fill);
    else writer.end();
  };
  fill();
  expect(offset).toBeLessThan(wanted.length);
  expect((await drain(writer)).bytes.equals(wanted)).toBe(true);
});

test("bytes of both ways keep their order once the stream is flushed", async () => {
  const writer = new BlockWriter(undefined, BLOCK);
  const read = drain(writer);
  writer.write("a".repeat(BLOCK * 6));
  await writer.flushed();
  writer.room().write("b");
  writer.took(1);
  writer.end("c");
  expect((await read).bytes.toString()).toBe(`${"a".repeat(BLOCK * 6)}bc`);
});

test("destroyed, its reader gets the reason, also while it waits", async () => {
  const writer = new BlockWriter(undefined, BLOCK);
  writer.on("error", () => undefined);
  const read = drain(writer);
  writer.destroy(new Error("the dump broke"));
  await expect(read).rejects.toThrow("the dump broke");
});
