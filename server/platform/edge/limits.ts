/** What the edge accepts before any other code sees a request. */

const KIB = 1_024;
const MIB = 1_024 * KIB;
const SECOND_MS = 1_000;

export type EdgeLimits = {
  /** Sockets held open at once. */
  maxConnections: number;
  /** Most requests worked on at once; streams and static files do not count. */
  maxInFlight: number;
  /** Bytes of a request body, unless its route has an entry in BODY_LIMITS. */
  bodyBytes: number;
  /** Time to send the request line and headers. */
  headersTimeoutMs: number;
  /** Time to send the whole request. */
  requestTimeoutMs: number;
  /** The same for an address that takes a file. */
  uploadTimeoutMs: number;
  /** How long an idle connection is kept for the next request. */
  keepAliveMs: number;
};

export const EDGE_LIMITS: EdgeLimits = {
  // Each socket costs some 20 KB and 512 is far above what operators' browsers and probes open.
  maxConnections: 512,
  // At some 700 requests a second, 256 is a queue of a third of a second; admission.ts lowers it while that is too long.
  maxInFlight: 256,
  bodyBytes: MIB,
  headersTimeoutMs: 10 * SECOND_MS,
  requestTimeoutMs: 30 * SECOND_MS,
  // 200 MiB over a line of 3 Mbit/s.
  uploadTimeoutMs: 600 * SECOND_MS,
  // Longer than the usual 60 s of a proxy's idle pool, so the proxy closes first and never races us.
  keepAliveMs: 65 * SECOND_MS,
};

/** Bytes of request line and headers together. */
export const MAX_HEADER_BYTES = 16 * KIB;
/** How often expired headers and requests are looked for. */
export const CONNECTION_CHECK_MS = SECOND_MS;

/** Addresses that take a file, as their procedures' upload rules say; a test compares the two. */
const UPLOADS: readonly { prefix: string; bytes: number }[] = [
  { prefix: "/api/v1/coverage/reports", bytes: 200 * MIB },
  { prefix: "/api/v1/coverage/tests", bytes: 200 * MIB },
  { prefix: "/api/v1/loadtests/reports", bytes: 200 * MIB },
];

/** True when a request to `path` may bring a file, which takes the time that its sender's line needs. */
export function isUploadPath(path: string): boolean {
  return UPLOADS.some((route) => path.startsWith(route.prefix));
}

/** Routes whose bodies have a limit of their own; the first prefix that matches wins. */
const BODY_LIMITS: readonly { prefix: string; bytes: number }[] = [
  ...UPLOADS,
  { prefix: "/api/auth/", bytes: 64 * KIB },
];

/** Most bytes a request to `path` may carry. */
export function bodyLimitOf(path: string, fallback: number): number {
  return BODY_LIMITS.find((route) => path.startsWith(route.prefix))?.bytes ?? fallback;
}

/** Kinds of request, by what they cost and who asks. */
export type PathKind = "asset" | "health" | "api" | "page";

/** Sorts a path into its kind. */
export function kindOf(path: string): PathKind {
  if (path.startsWith("/_next/") || path.startsWith("/__nextjs") || path === "/favicon.ico") return "asset";
  if (path.startsWith("/api-docs/")) return "asset";
  if (path === "/health" || path.startsWith("/health/") || path === "/metrics") return "health";
  if (path === "/api" || path.startsWith("/api/") || path.startsWith("/ping/")) return "api";
  return "page";
}

const READING = ["GET", "HEAD"];
const API_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** The methods a path answers. Pages, probes and files are only read. */
export function methodsOf(kind: PathKind, isDev: boolean): readonly string[] {
  if (kind === "api" || (kind === "asset" && isDev)) return API_METHODS;
  return READING;
}
