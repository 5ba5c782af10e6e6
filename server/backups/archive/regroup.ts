/**
 * Pieces of any size become groups of exactly `size` bytes; the last may be shorter, also empty. All groups are the same
 * memory: what is yielded holds only until the next is asked for.
 */
export async function* regroup(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  const group = Buffer.allocUnsafe(size);
  let used = 0;
  for await (const piece of source) {
    for (let offset = 0; offset < piece.length; ) {
      if (used === size) {
        yield { bytes: group, isLast: false };
        used = 0;
      }
      const part = piece.subarray(offset, offset + size - used);
      group.set(part, used);
      used += part.length;
      offset += part.length;
    }
  }
  yield { bytes: group.subarray(0, used), isLast: true };
}
