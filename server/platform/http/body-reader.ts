/**
 * Collects a body up to a cap, counted after decompression, so neither an endless body nor a compression bomb costs more
 * than the cap. Unknown or stacked encodings are kept as they came.
 */
import { createBrotliDecompress, createGunzip, createInflate, type BrotliDecompress, type Gunzip, type Inflate } from "node:zlib";
import { toOutboundError } from "./failures.ts";
import type { OutboundError } from "./outbound.ts";

type Decoder = BrotliDecompress | Gunzip | Inflate;

export type Flow = { pause: () => void; resume: () => void };

export type BodyReader = {
  /** Takes one chunk from the wire; pauses the wire while the decoder is busy. */
  push: (chunk: Uint8Array, wire: Flow) => void;
  /** The wire ended well. */
  end: () => void;
  /** Frees the decoder without a result. */
  discard: () => void;
};

type Outcome = {
  /** Called once: the body is complete or reached the cap. */
  done: (body: Uint8Array, isTruncated: boolean) => void;
  failed: (error: OutboundError) => void;
};

function decoderFor(encoding: string): Decoder | null {
  switch (encoding.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return null;
  }
}

/** Keeps chunks until `maxBytes`; `take` returns false once it is full. */
function bucket(maxBytes: number) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    take(chunk: Uint8Array): boolean {
      const room = maxBytes - size;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      size += Math.min(room, chunk.length);
      return chunk.length <= room;
    },
    bytes: (): Uint8Array => (chunks.length === 1 ? new Uint8Array(chunks[0] ?? []) : Buffer.concat(chunks)),
  };
}

function plainReader(maxBytes: number, outcome: Outcome): BodyReader {
  const kept = bucket(maxBytes);
  let isDone = false;
  const finish = (isTruncated: boolean) => {
    if (isDone) return;
    isDone = true;
    outcome.done(kept.bytes(), isTruncated);
  };
  return {
    push: (chunk) => {
      if (!isDone && !kept.take(chunk)) finish(true);
    },
    end: () => finish(false),
    discard: () => {
      isDone = true;
    },
  };
}

function decodingReader(decoder: Decoder, maxBytes: number, outcome: Outcome): BodyReader {
  const kept = bucket(maxBytes);
  let isDone = false;
  const close = (report: () => void) => {
    if (isDone) return;
    isDone = true;
    decoder.destroy();
    report();
  };
  decoder.on("data", (chunk: Uint8Array) => {
    if (!isDone && !kept.take(chunk)) close(() => outcome.done(kept.bytes(), true));
  });
  decoder.on("end", () => close(() => outcome.done(kept.bytes(), false)));
  decoder.on("error", (error) => close(() => outcome.failed(toOutboundError(error))));
  return {
    push: (chunk, wire) => {
      if (isDone) return;
      if (!decoder.write(chunk)) {
        wire.pause();
        decoder.once("drain", wire.resume);
      }
    },
    end: () => {
      if (!isDone) decoder.end();
    },
    discard: () => close(() => undefined),
  };
}

/** Chooses the reader by the Content-Encoding header. */
export function bodyReader(encoding: string | undefined, maxBytes: number, outcome: Outcome): BodyReader {
  const decoder = encoding ? decoderFor(encoding) : null;
  return decoder ? decodingReader(decoder, maxBytes, outcome) : plainReader(maxBytes, outcome);
}
