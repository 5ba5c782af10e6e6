/**
 * Plain bytes on their way into compression, gathered in blocks that are used again and again: a dump of any size costs
 * the memory of a few blocks, and none of it has to be found again by the garbage collector. An engine writes as into any
 * stream, or lets the system read straight into the free part of a block (`room`, `took`).
 */
import { Writable } from "node:stream";

/** Larger than the window of the compressor's level, so that little is lost by starting anew. */
export const BLOCK_BYTES = 4_194_304;
/** One that is filled, two that are compressed, one that waits between. */
const BLOCKS = 4;

/** A block that was filled. `release` gives its memory back; the bytes must not be used afterwards. */
export type Block = { bytes: Buffer; release: () => void };

export class BlockWriter extends Writable {
  readonly #free: Buffer[];
  readonly #full: Buffer[] = [];
  readonly #onBytes: (bytes: number) => void;
  #current: Buffer;
  #used = 0;
  #hasFilled = false;
  #hasEnded = false;
  #failure: Error | null = null;
  #wakeReader: () => void = () => undefined;
  #wakeWriters: (() => void)[] = [];

  constructor(onBytes: (bytes: number) => void = () => undefined, blockBytes = BLOCK_BYTES) {
    super({ highWaterMark: blockBytes });
    this.#onBytes = onBytes;
    const make = () => Buffer.allocUnsafeSlow(blockBytes);
    this.#current = make();
    this.#free = Array.from({ length: BLOCKS - 1 }, make);
  }

  /** The free part of the block that is filled now; never empty. */
  room(): Buffer {
    return this.#current.subarray(this.#used);
  }

  /** Says that so much of `room` was filled. False when no more must be read before `whenFree`. */
  took(length: number): boolean {
    this.#used += length;
    this.#onBytes(length);
    if (this.#used === this.#current.length) this.#advance();
    return this.#free.length > 0;
  }

  /** Calls back once, as soon as there is room again. */
  whenFree(resume: () => void): void {
    if (this.#free.length > 0) resume();
    else this.#wakeWriters.push(resume);
  }

  /** Resolves when all that was written as into a stream is in the blocks; until then `room` belongs to the stream. */
  flushed(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.write(Buffer.alloc(0), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The blocks as they get full, the last one shorter. Throws what the writer was destroyed with. */
  async *blocks(): AsyncGenerator<Block> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      const bytes = this.#full.shift();
      if (bytes) yield { bytes, release: () => this.#release(bytes) };
      else if (this.#hasEnded) return;
      else await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: () => void): void {
    let offset = 0;
    const copy = () => {
      while (offset < piece.length) {
        if (this.#free.length === 0) return void this.#wakeWriters.push(copy);
        const part = Math.min(this.#current.length - this.#used, piece.length - offset);
        piece.copy(this.#current, this.#used, offset, offset + part);
        offset += part;
        this.took(part);
      }
      done();
    };
    copy();
  }

  override _final(done: () => void): void {
    // Also an empty dump is one block, so that its archive holds a whole stream.
    if (this.#used > 0 || !this.#hasFilled) this.#full.push(this.#current.subarray(0, this.#used));
    this.#hasEnded = true;
    this.#wakeReader();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#failure = this.#hasEnded ? null : (error ?? new Error("The dump ended early."));
    this.#wakeReader();
    done(error);
  }

  #advance(): void {
    const next = this.#free.pop();
    if (!next) throw new Error("A block was filled although none was free.");
    this.#full.push(this.#current);
    this.#hasFilled = true;
    this.#current = next;
    this.#used = 0;
    this.#wakeReader();
  }

  #release(bytes: Buffer): void {
    this.#free.push(bytes);
    const waiting = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of waiting) wake();
  }
}
