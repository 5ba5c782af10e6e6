/**
 * One request and its answer over one socket that is already open to a checked address. The socket is never reused:
 * a probe that rides on an old connection does not measure what a new visitor meets.
 */
import type { Socket } from "node:net";
import { Client, type Dispatcher } from "undici";
import { monotonicMs } from "../clock.ts";
import { bodyReader, type BodyReader } from "./body-reader.ts";
import { toOutboundError } from "./failures.ts";

/** RFC 9110 sets no limit; 16 KiB is what servers themselves accept. */
const MAX_HEADER_BYTES = 16_384;

export type ExchangeInput = {
  socket: Socket;
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | null;
  maxBodyBytes: number;
  keepsEncoding?: boolean;
  signal: AbortSignal;
  /** True when the body of this answer will not be used. */
  skipsBody: (status: number, headers: Record<string, string>) => boolean;
  /** Called when the headers are here. */
  onHeaders: () => void;
};

export type ExchangeAnswer = { status: number; headers: Record<string, string>; body: Uint8Array; isTruncated: boolean; firstByteMs: number };

const EMPTY = new Uint8Array();
/** Made once: the client would make an error, with its stack, for every exchange that ended well. */
const ENDED = new Error("The exchange is over.");

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  return flat;
}

/** Performs the exchange. Throws OutboundError; the socket is closed either way. */
export function exchange(input: ExchangeInput): Promise<ExchangeAnswer> {
  return new Promise((resolve, reject) => {
    const client = new Client(input.url.origin, {
      // Asynchronously: the client ignores a connection that is there before it has finished asking.
      connect: (_options, callback) => queueMicrotask(() => callback(null, input.socket)),
      // No second request on this socket; no timers of its own, the caller's deadline covers everything.
      pipelining: 0,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    const finish = (settle: () => void) => {
      input.signal.removeEventListener("abort", aborted);
      settle();
      input.socket.destroy();
      client.destroy(ENDED, () => undefined);
    };
    const aborted = () => finish(() => reject(toOutboundError(input.signal.reason)));
    input.signal.addEventListener("abort", aborted, { once: true });
    if (input.signal.aborted) return aborted();
    const settled = {
      answer: (answer: ExchangeAnswer) => finish(() => resolve(answer)),
      failed: (error: unknown) => finish(() => reject(toOutboundError(error))),
    };
    client.dispatch({ path: input.url.pathname + input.url.search, method: input.method, headers: input.headers, body: input.body }, handlerFor(input, settled));
  });
}

function handlerFor(input: ExchangeInput, settled: { answer: (answer: ExchangeAnswer) => void; failed: (error: unknown) => void }): Dispatcher.DispatchHandler {
  const started = monotonicMs();
  let reader: BodyReader | null = null;
  return {
    onRequestStart: () => undefined,
    onResponseStart: (_controller, status, raw) => {
      if (status < 200) return;
      const headers = flatHeaders(raw);
      const firstByteMs = monotonicMs() - started;
      input.onHeaders();
      if (input.skipsBody(status, headers)) return settled.answer({ status, headers, body: EMPTY, isTruncated: false, firstByteMs });
      reader = bodyReader(input.keepsEncoding ? undefined : headers["content-encoding"], input.maxBodyBytes, {
        done: (body, isTruncated) => settled.answer({ status, headers, body, isTruncated, firstByteMs }),
        failed: settled.failed,
      });
    },
    onResponseData: (controller, chunk) => reader?.push(chunk, { pause: () => controller.pause(), resume: () => controller.resume() }),
    onResponseEnd: () => reader?.end(),
    onResponseError: (_controller, error) => {
      reader?.discard();
      settled.failed(error);
    },
  };
}
