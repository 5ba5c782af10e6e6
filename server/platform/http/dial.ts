/**
 * Opens sockets to addresses that the resolver has checked, never to names. With TLS the name is presented and verified
 * although the connection goes to the address. Used by the HTTP client and by probes that speak other protocols.
 */
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { monotonicMs, type Clock } from "../clock.ts";
import { certificateFacts } from "./certificate.ts";
import { inWords, toOutboundError } from "./failures.ts";
import { OutboundError, type CertificateFacts, type ResolvedTarget } from "./outbound.ts";

/** Longest wait for one connection. A healthy target answers a SYN within a round trip and one retransmission. */
const CONNECT_TIMEOUT_MS = 3_000;

export type TlsOptions = {
  /** Accept any certificate; its facts are still reported. */
  ignoresErrors: boolean;
  now: Clock;
  /** Extra certificate authorities, PEM. */
  ca?: readonly string[];
  alpn?: string[];
};

export type Dialled = { socket: Socket; connectMs: number; tlsMs: number | null; certificate: CertificateFacts | null };

const contexts = new Map<string, SecureContext>();

/** Loading the system's authorities costs milliseconds, so each set is loaded once per process. */
function secureContext(ca: readonly string[]): SecureContext {
  const key = ca.join("\n");
  const known = contexts.get(key);
  if (known) return known;
  const made = createSecureContext(ca.length > 0 ? { ca: [...getCACertificates("default"), ...ca] } : {});
  contexts.set(key, made);
  return made;
}

/** Settles with `event` of the socket, or rejects by its error, its close, the signal or `timeoutMs`. */
function opened(socket: Socket, event: "connect" | "secureConnect", limits: { signal?: AbortSignal; timeoutMs?: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const { signal, timeoutMs } = limits;
    const settle = (error: unknown) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      socket.off("error", failed).off("close", closed).off(event, done);
      if (error === null) return resolve();
      // A later error of a socket nobody uses any more has no reader.
      socket.on("error", () => undefined).destroy();
      reject(toOutboundError(error));
    };
    const done = () => settle(null);
    const failed = (error: Error) => settle(error);
    const closed = () => settle(new OutboundError("reset", "connection closed during the handshake"));
    const aborted = () => settle(signal?.reason);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => settle(new OutboundError("timeout", `no connection within ${inWords(timeoutMs)}`)), timeoutMs);
    socket.once(event, done).once("error", failed).once("close", closed);
    signal?.addEventListener("abort", aborted, { once: true });
    if (signal?.aborted) aborted();
  });
}

/** Tries the addresses in order; only refused, unreachable and silent ones are followed by the next. */
async function connectFirst(targets: readonly ResolvedTarget[], signal?: AbortSignal): Promise<{ socket: Socket; target: ResolvedTarget }> {
  let failure: unknown = null;
  for (const target of targets) {
    const socket = connectTcp({ host: target.address, port: target.port, family: target.family, noDelay: true });
    try {
      await opened(socket, "connect", { signal, timeoutMs: CONNECT_TIMEOUT_MS });
      return { socket, target };
    } catch (error) {
      failure = error;
      if (signal?.aborted) break;
    }
  }
  throw failure ?? new OutboundError("dns", "no address to connect to");
}

/**
 * Connects to the first reachable of some checked addresses of one host, with TLS when `tls` is given. Throws
 * OutboundError; a certificate that does not verify is failure `certificate` with its facts.
 */
export async function dial(targets: readonly ResolvedTarget[], options: { signal?: AbortSignal; tls?: TlsOptions }): Promise<Dialled> {
  const started = monotonicMs();
  const { socket, target } = await connectFirst(targets, options.signal);
  const connectMs = monotonicMs() - started;
  if (!options.tls) return { socket, connectMs, tlsMs: null, certificate: null };
  return upgrade(socket, target, { tls: options.tls, signal: options.signal, connectMs });
}

async function upgrade(raw: Socket, target: ResolvedTarget, options: { tls: TlsOptions; signal?: AbortSignal; connectMs: number }): Promise<Dialled> {
  const { tls, signal, connectMs } = options;
  const started = monotonicMs();
  const isLiteral = isIP(target.host) !== 0;
  const socket = connectTls({
    socket: raw,
    host: target.host,
    ...(isLiteral ? {} : { servername: target.host.replace(/\.$/, "") }),
    secureContext: secureContext(tls.ca ?? []),
    ALPNProtocols: tls.alpn,
    // Judged below, so that the facts of a bad certificate are reported instead of lost.
    rejectUnauthorized: false,
  });
  await opened(socket, "secureConnect", { signal });
  const certificate = certificateFacts(socket, tls.now);
  if (!socket.authorized && !tls.ignoresErrors) {
    socket.destroy();
    throw new OutboundError("certificate", `certificate ${certificate?.problem ?? "not trusted"}`, { certificate });
  }
  return { socket, connectMs, tlsMs: monotonicMs() - started, certificate };
}
