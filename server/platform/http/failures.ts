/** Turns what sockets, TLS, zlib and the HTTP parser throw into one OutboundError with a short, exact message. */
import { OutboundError, type OutboundFailure } from "./outbound.ts";

const BY_CODE: Record<string, [OutboundFailure, string]> = {
  ECONNREFUSED: ["refused", "connection refused"],
  ECONNRESET: ["reset", "connection reset"],
  EPIPE: ["reset", "connection reset"],
  ECONNABORTED: ["reset", "connection reset"],
  UND_ERR_SOCKET: ["reset", "connection closed before the answer was complete"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["reset", "connection closed before the answer was complete"],
  ETIMEDOUT: ["timeout", "the connection timed out"],
  EHOSTUNREACH: ["unreachable", "no route to the host"],
  ENETUNREACH: ["unreachable", "no route to the network"],
  EADDRNOTAVAIL: ["unreachable", "no local address to connect from"],
  EACCES: ["unreachable", "the system does not permit this connection"],
  EMFILE: ["unreachable", "this process has no sockets left"],
  ENFILE: ["unreachable", "this machine has no sockets left"],
  UND_ERR_HEADERS_OVERFLOW: ["protocol", "the answer's headers are longer than 16 KiB"],
  HPE_HEADER_OVERFLOW: ["protocol", "the answer's headers are longer than 16 KiB"],
};

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? "";

/** Maps any error; an OutboundError stays itself. */
export function toOutboundError(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error;
  const code = codeOf(error);
  const known = BY_CODE[code] ?? BY_CODE[codeOf((error as { cause?: unknown } | null)?.cause)];
  if (known) return new OutboundError(known[0], known[1], { cause: error });
  // Some of the parser's errors have a name but no code.
  if (code.startsWith("HPE_") || (error instanceof Error && error.name === "HTTPParserError")) return new OutboundError("protocol", "the answer is not HTTP", { cause: error });
  if (code.startsWith("ERR_SSL_") || code === "EPROTO") return new OutboundError("protocol", `TLS handshake failed: ${tlsReason(error)}`, { cause: error });
  if (code.startsWith("Z_") || code.startsWith("ERR__ERROR_FORMAT") || code.startsWith("ERR_BROTLI")) {
    return new OutboundError("protocol", "the compressed body is damaged", { cause: error });
  }
  if (/^(?:UND_ERR_(?!INVALID)|ERR_TLS_|ERR_STREAM_)/.test(code)) return new OutboundError("protocol", "the exchange broke off", { cause: error });
  // Nothing that a target can cause: a fault of ours must not read as one of theirs.
  return new OutboundError("aborted", "the console could not make this call", { cause: error });
}

const tlsReason = (error: unknown) => ((error as { reason?: string }).reason ?? "unknown reason").slice(0, 80);

/** Writes a limit as people say it: "5 s", "250 ms". */
export const inWords = (ms: number): string => (ms % 1_000 === 0 ? `${ms / 1_000} s` : ms > 10_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms)} ms`);
