/**
 * Compresses answers above a kilobyte, except live streams. The library lets listeners of "drain" wait at its own stream
 * but takes them off the response, so a writer that waits once a chunk would leave a listener behind each time: here they
 * are taken off where they are.
 */
import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import compression from "compression";

type Compress = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;
type Listener = (...args: unknown[]) => void;

/** Bytes below which compressing costs more than it saves. */
const COMPRESS_FROM_BYTES = 1_024;

const compress = compression({
  threshold: COMPRESS_FROM_BYTES,
  filter: (req, res) => !String(res.getHeader("content-type") ?? "").startsWith("text/event-stream") && compression.filter(req, res),
}) as unknown as Compress;

/** Makes "drain" listeners of a wrapped response removable. */
function mendDrain(res: ServerResponse): void {
  const on = res.on.bind(res) as (type: string, listener: Listener) => EventEmitter;
  const off = res.off.bind(res) as (type: string, listener: Listener) => EventEmitter;
  let compressing: EventEmitter | null = null;
  const listen = (type: string, listener: Listener) => {
    const holder = on(type, listener);
    if (type === "drain" && holder !== res) compressing = holder;
    return res;
  };
  const forget = (type: string, listener: Listener) => {
    if (type === "drain") compressing?.off(type, listener);
    off(type, listener);
    return res;
  };
  Object.assign(res, { on: listen, off: forget, removeListener: forget });
}

/** Wraps the response; resolves when a handler may write. */
export async function compressAnswer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => compress(req, res, resolve));
  mendDrain(res);
}
