/**
 * The shape of the guarded client that operations receive as `ctx.http`. The implementation (`guarded.ts`) checks
 * every address at connect time, follows redirects itself and caps what it reads.
 */

export type OutboundRequest = {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Time for everything: resolve, connect, TLS, headers and body. */
  timeoutMs: number;
  /** Bytes of decoded body to keep; reading stops there. */
  maxBodyBytes: number;
  /** Redirects to follow, 0 to 5. Each hop is checked again. */
  maxRedirects?: number;
  signal?: AbortSignal;
  /** Accept a certificate that does not verify; its facts are still reported. */
  ignoreCertificateErrors?: boolean;
  /** Keep the body as it came over the wire, compressed or not: whoever stored it that way wants it back that way. */
  keepsEncoding?: boolean;
};

export type OutboundTimings = {
  resolveMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  firstByteMs: number | null;
  totalMs: number;
};

export type CertificateFacts = {
  validTo: Date;
  daysLeft: number;
  issuer: string;
  subject: string;
  isAuthorized: boolean;
  problem: string | null;
};

export type OutboundResponse = {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  /** True when the body was longer than `maxBodyBytes`. */
  isTruncated: boolean;
  finalUrl: string;
  redirects: number;
  remoteAddress: string;
  timings: OutboundTimings;
  certificate: CertificateFacts | null;
};

/** Why a guarded call failed, as a class that is safe to show. */
export type OutboundFailure =
  | "blocked"
  | "dns"
  | "refused"
  | "reset"
  | "timeout"
  | "certificate"
  | "redirects"
  | "protocol"
  | "aborted"
  | "unreachable";

/** The server and the framework's bundle load this file apart and share one client, so its errors are known by a mark. */
const MARK = Symbol.for("seaworthy.OutboundError");

export class OutboundError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && MARK in value;
  }

  readonly [MARK] = true;
  readonly failure: OutboundFailure;
  /** Facts up to the failure, e.g. the certificate that was refused. */
  readonly certificate: CertificateFacts | null;

  constructor(failure: OutboundFailure, message: string, options: { cause?: unknown; certificate?: CertificateFacts | null } = {}) {
    super(message, { cause: options.cause });
    this.name = "OutboundError";
    this.failure = failure;
    this.certificate = options.certificate ?? null;
  }
}

/** Refusals that an entry in the settings lifts; metadata addresses and the console's own servers stay refused. */
const LIFTABLE = / is (?:private|loopback|link-local|site-local|carrier-grade NAT|this machine)$/;

/** What an operator can do about a refused call, as a sentence to append; empty when nothing in the settings helps. */
export function wayOut(error: unknown): string {
  const isLiftable = error instanceof OutboundError && error.failure === "blocked" && LIFTABLE.test(error.message);
  return isLiftable ? " An administrator can allow it in the settings, under Where the console may call." : "";
}

/** An open, checked TCP connection target: connect to `address`, present `host` as the name. */
export type ResolvedTarget = { host: string; address: string; family: 4 | 6; port: number };

export type Outbound = {
  /** Performs one HTTP exchange. Throws OutboundError; an HTTP status of any value is a success. */
  request: (input: OutboundRequest) => Promise<OutboundResponse>;
  /** Resolves a host once and checks every answer, for clients that open their own sockets. Throws OutboundError. */
  resolve: (host: string, port: number, signal?: AbortSignal) => Promise<ResolvedTarget>;
};
