/**
 * COPY … TO STDOUT straight from the connection's bytes into the blocks that are compressed. A driver makes an object of
 * each row, which costs more than everything else here; this reads the length of each and copies its bytes
 * (PostgreSQL manual, "Message Formats": CopyOutResponse H, CopyData d, CopyDone c).
 */
import type pg from "pg";
import type { BlockWriter } from "../../archive/blocks.ts";

const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
const COPY_OUT_RESPONSE = 0x48;
const COMMAND_COMPLETE = 0x43;
const ERROR_RESPONSE = 0x45;
const HEAD_BYTES = 5;
const LENGTH_BYTES = 4;

type Settle = { resolve: () => void; reject: (error: Error) => void };
type Handler = (bytes: Buffer) => void;

/** A query of the driver, which gets the connection back with the first message that is not of the copy. */
class CopyOut {
  readonly #text: string;
  readonly #out: BlockWriter;
  readonly #settle: Settle;
  #stream: pg.Connection["stream"] | null = null;
  #driver: Handler = () => undefined;
  /** The beginning of a message whose end has not come yet. */
  #rest: Buffer | null = null;
  /** Bytes of the present row that are still to come. */
  #open = 0;
  #isWaiting = false;

  constructor(text: string, out: BlockWriter, settle: Settle) {
    this.#text = text;
    this.#out = out;
    this.#settle = settle;
  }

  submit(connection: pg.Connection): void {
    this.#stream = connection.stream;
    this.#driver = this.#stream.listeners("data")[0] as Handler;
    this.#stream.off("data", this.#driver);
    this.#stream.on("data", this.#onData);
    (connection as unknown as { query: (text: string) => void }).query(this.#text);
  }

  readonly #onData = (bytes: Buffer): void => {
    this.#rest = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes;
    if (!this.#isWaiting) this.#read();
  };

  /** Reads what has come; stops where a message is cut off, or where no block is free. */
  #read(): void {
    const bytes = this.#rest;
    this.#rest = null;
    let offset = 0;
    while (bytes && offset < bytes.length) {
      if (this.#open > 0) {
        offset = this.#copyRows(bytes, offset);
        if (this.#isWaiting) break;
        continue;
      }
      const end = bytes.length - offset < HEAD_BYTES ? Infinity : offset + 1 + bytes.readUInt32BE(offset + 1);
      const code = bytes[offset];
      if (code === COPY_DATA && end !== Infinity) {
        this.#open = end - offset - HEAD_BYTES;
        offset += HEAD_BYTES;
      } else if (code === COMMAND_COMPLETE || code === ERROR_RESPONSE) return this.#giveBack(bytes.subarray(offset));
      else if (end > bytes.length) break;
      else {
        if (code !== COPY_OUT_RESPONSE && code !== COPY_DONE) this.#driver(bytes.subarray(offset, end));
        offset = end;
      }
    }
    if (bytes && offset < bytes.length) this.#rest = bytes.subarray(offset);
  }

  /** Copies the open row and those that follow it in these bytes. */
  #copyRows(bytes: Buffer, from: number): number {
    const room = this.#out.room();
    let [offset, filled] = [from, 0];
    for (;;) {
      const part = Math.min(this.#open, bytes.length - offset, room.length - filled);
      bytes.copy(room, filled, offset, offset + part);
      filled += part;
      offset += part;
      this.#open -= part;
      if (this.#open > 0 || filled === room.length || bytes.length - offset < HEAD_BYTES || bytes[offset] !== COPY_DATA) break;
      this.#open = bytes.readUInt32BE(offset + 1) - LENGTH_BYTES;
      offset += HEAD_BYTES;
    }
    if (!this.#out.took(filled)) this.#wait();
    return offset;
  }

  #wait(): void {
    this.#isWaiting = true;
    this.#stream?.pause();
    this.#out.whenFree(() => {
      this.#isWaiting = false;
      this.#stream?.resume();
      this.#read();
    });
  }

  #giveBack(bytes: Buffer): void {
    this.#stream?.off("data", this.#onData);
    this.#stream?.on("data", this.#driver);
    this.#driver(bytes);
  }

  handleReadyForQuery(): void {
    this.#settle.resolve();
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
  }

  handleCommandComplete(): void {}
}

/** Runs one COPY … TO STDOUT and writes its bytes into `out`, which stays open. Nothing else may write meanwhile. */
export function copyOut(client: pg.Client, text: string, out: BlockWriter): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyOut(text, out, { resolve, reject }) as unknown as pg.Submittable);
  });
}
