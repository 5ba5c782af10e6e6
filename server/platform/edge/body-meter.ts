/**
 * Counts a request's body while the handler reads it, whether its length was declared or it arrives in chunks. Nothing
 * is buffered here: the byte that exceeds the limit is never passed on.
 */
import type { IncomingMessage } from "node:http";

/** Declared bytes of the body, or null when it comes in chunks or not at all. */
export function declaredLength(req: IncomingMessage): number | null {
  const header = req.headers["content-length"];
  return header === undefined ? null : Number(header);
}

/** Calls `onExceeded` once when more than `limit` bytes arrived. */
export function meterBody(req: IncomingMessage, limit: number, onExceeded: () => void): void {
  let received = 0;
  const push = req.push.bind(req);
  req.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk instanceof Uint8Array) received += chunk.byteLength;
    if (received <= limit) return push(chunk, encoding);
    onExceeded();
    return true;
  };
}

/** True when bytes of the body may still come. Without a body Node calls a request complete only after its handler ran. */
export function hasUnreadBody(req: IncomingMessage): boolean {
  const isAnnounced = req.headers["transfer-encoding"] !== undefined || (declaredLength(req) ?? 0) > 0;
  return isAnnounced && !req.complete;
}

/** Calls `onLate` when the body has not ended after `ms`. */
export function timeBody(req: IncomingMessage, ms: number, onLate: () => void): void {
  const timer = setTimeout(() => {
    if (hasUnreadBody(req)) onLate();
  }, ms);
  timer.unref();
  req.once("close", () => clearTimeout(timer));
}
