/**
 * The stream of a physical backup: the server's tar and the server's own list of files, told apart by a byte of kind and
 * four of length before each piece. The list can only be sent after the tar, so it cannot be its first entry.
 */
import { AppError } from "../../../platform/errors.ts";

export const PART = { tar: 1, list: 2 } as const;
const HEAD_BYTES = 5;
const MAX_PART_BYTES = 16_777_216;

/** The head of a piece of `length` bytes. */
export function partHead(kind: number, length: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(kind);
  head.writeUInt32BE(length, 1);
  return head;
}

/** Yields the pieces. Throws `mismatch` when the stream ends inside one. */
export async function* readParts(source: AsyncIterable<Buffer>): AsyncGenerator<{ kind: number; bytes: Buffer }> {
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of source) {
    held = held.length === 0 ? piece : Buffer.concat([held, piece]);
    while (held.length >= HEAD_BYTES) {
      const length = held.readUInt32BE(1);
      if (length > MAX_PART_BYTES) throw new AppError("mismatch", "The physical backup holds a piece of impossible length.");
      if (held.length < HEAD_BYTES + length) break;
      yield { kind: held[0] ?? 0, bytes: held.subarray(HEAD_BYTES, HEAD_BYTES + length) };
      held = held.subarray(HEAD_BYTES + length);
    }
  }
  if (held.length > 0) throw new AppError("mismatch", "The physical backup ends inside a piece.");
}
