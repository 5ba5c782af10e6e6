/**
 * An archive in, compressed bytes out, each frame released only after its hash and tag were checked. What the manifest
 * says about the archive is checked as it passes: identity, header, every chunk, number of chunks, length and hash.
 */
import { createHash } from "node:crypto";
import { AppError } from "../../platform/errors.ts";
import type { BackupKeys } from "../keys/backup-keys.ts";
import type { Manifest } from "../schema/manifest.ts";
import { LENGTH_BYTES, openFrame, readLengthWord, TAG_BYTES, type FrameSecrets } from "./frames.ts";
import { decodeHeader, headerLength, sha256Hex } from "./header.ts";

const damaged = (why: string) => new AppError("mismatch", `The archive is damaged: ${why}.`);

/** Hands out exactly as many bytes as asked for from pieces of any size. */
class Reader {
  readonly #source: AsyncIterator<Uint8Array>;
  #pieces: Buffer[] = [];
  #held = 0;
  readonly total = createHash("sha256");
  bytes = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Waits until `length` bytes are held; false when the source ended before. */
  async #fill(length: number): Promise<boolean> {
    while (this.#held < length) {
      const { done, value } = await this.#source.next();
      if (done) return false;
      const piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      this.bytes += piece.length;
      this.total.update(piece);
      this.#pieces.push(piece);
      this.#held += piece.length;
    }
    return true;
  }

  #joined(): Buffer {
    const whole = this.#pieces.length === 1 && this.#pieces[0] ? this.#pieces[0] : Buffer.concat(this.#pieces);
    this.#pieces = [whole];
    return whole;
  }

  async peek(length: number): Promise<Buffer | null> {
    return (await this.#fill(length)) ? this.#joined().subarray(0, length) : null;
  }

  async take(length: number): Promise<Buffer | null> {
    if (!(await this.#fill(length))) return null;
    const whole = this.#joined();
    this.#pieces = [whole.subarray(length)];
    this.#held -= length;
    return whole.subarray(0, length);
  }

  /** True when nothing follows. */
  async isAtEnd(): Promise<boolean> {
    return !(await this.#fill(1));
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

async function readHeader(reader: Reader, manifest: Manifest, keys: BackupKeys): Promise<FrameSecrets> {
  const PREFIX_BYTES = 8;
  const prefix = await reader.peek(PREFIX_BYTES);
  const length = prefix && headerLength(prefix);
  const encoded = length === null ? null : await reader.take(length);
  if (encoded === null) throw damaged("it ends inside its header");
  const headerSha256 = sha256Hex(encoded);
  if (headerSha256 !== manifest.archive.headerSha256) throw damaged("its header is not the one that the manifest names; it may be another backup's archive");
  const header = decodeHeader(encoded);
  if (header.backupId !== manifest.id) throw damaged("it belongs to another backup");
  const key = header.cipher === "none" ? null : keys.dataKey(header.keyId, Buffer.from(header.salt, "base64"));
  return { header, headerSha256, key };
}

async function readFrame(reader: Reader, frameBytes: number): Promise<{ frame: Buffer; isLast: boolean }> {
  const word = await reader.peek(LENGTH_BYTES);
  if (word === null) throw damaged("it ends before its last chunk");
  const { length, isLast } = readLengthWord(word, 0);
  if (length > frameBytes) throw damaged("a chunk has an impossible length");
  const frame = await reader.take(LENGTH_BYTES + length + TAG_BYTES);
  if (frame === null) throw damaged("it ends inside a chunk");
  return { frame, isLast };
}

/** Yields the compressed content of the archive `source`. Throws `mismatch` at the first thing that is not as the manifest says. */
export async function* unseal(source: AsyncIterable<Uint8Array>, manifest: Manifest, keys: BackupKeys): AsyncGenerator<Buffer> {
  const reader = new Reader(source);
  const { archive } = manifest;
  try {
    const secrets = await readHeader(reader, manifest, keys);
    for (let index = 0, isEnd = false; !isEnd; index++) {
      const { frame, isLast } = await readFrame(reader, secrets.header.frameBytes);
      if (sha256Hex(frame) !== archive.chunkSha256[index]) throw damaged(`chunk ${index + 1} of ${archive.chunkSha256.length} is not the one that was written`);
      yield openFrame(secrets, frame, { index, isLast });
      isEnd = isLast;
      if (isLast && index + 1 !== archive.chunkSha256.length) throw damaged(`it has ${index + 1} chunks instead of ${archive.chunkSha256.length}`);
    }
    if (!(await reader.isAtEnd())) throw damaged("something follows its last chunk");
    if (reader.bytes !== archive.bytes || reader.total.digest("hex") !== archive.sha256) throw damaged("its length or hash is not the one in the manifest");
  } finally {
    await reader.close();
  }
}
