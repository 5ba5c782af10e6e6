/** Writing to a stream at the speed of its reader. */
import { once } from "node:events";

/** A stream of Node, or of a library with its own kind of streams. */
export type Sink = { write: (piece: Uint8Array | string) => boolean; once: (event: string, listener: () => void) => unknown };

/** Writes one piece and waits while the stream is full. */
export async function writeTo(out: Sink, piece: Uint8Array | string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!out.write(piece)) await once(out as unknown as NodeJS.EventEmitter, "drain", { signal });
}
