/**
 * What a check measures and how, one shape per kind. Isomorphic: forms, procedures and workers read it.
 * Secret parts (header values marked secret, connection strings) are sealed before they are stored and masked before they
 * leave the server: see check-secrets.ts. Addresses are judged by the egress policy when the check runs, not here.
 */
import * as z from "zod";

export const CHECK_KINDS = ["http", "tcp", "postgres", "redis", "heartbeat", "self"] as const;

/** How a check reaches its target. */
export const CheckKind = z.enum(CHECK_KINDS);
export type CheckKind = z.infer<typeof CheckKind>;

/** Longest address: what proxies and browsers agree to carry. */
const MAX_URL_LENGTH = 2_048;
/** Longest pattern; linear-time matching makes it safe, readability asks for less. */
const MAX_REGEX_LENGTH = 512;
/** Longest JSONPath; grammar in JSON_PATH. */
const MAX_JSON_PATH_LENGTH = 256;
/** Most request headers, so that a request stays under common 8 KiB header limits. */
const MAX_HEADERS = 20;
const MAX_HEADER_VALUE_LENGTH = 4_096;
/** Longest request body in characters (64 KiB). */
const MAX_REQUEST_BODY_LENGTH = 65_536;
/** Longest text that a body or a value is compared with. */
const MAX_EXPECTATION_LENGTH = 1_024;
const MAX_REDIRECTS = 5;
/** Longest query of a PostgreSQL check. */
const MAX_QUERY_LENGTH = 2_048;

export const HTTP_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const METHODS_WITHOUT_BODY: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** Names that the client itself sets or that only make sense between two neighbours (RFC 9110 7.6.1). */
const REFUSED_HEADERS = new Set([
  "host", "content-length", "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization",
  "te", "trailer", "transfer-encoding", "upgrade", "expect", "http2-settings",
]);

/**
 * The part of JSONPath that costs linear time: names, indexes, wildcards and one descent `..`.
 * Unions, slices, filters and parents are refused: nested, they multiply.
 */
const JSON_PATH = /^\$(?:\.(?:[\w-]+|\*)|\[(?:\d{1,6}|\*|'[^'\]]{1,100}'|"[^"\]]{1,100}")\])*(?:\.\.(?:[\w-]+|\*)(?:\.(?:[\w-]+|\*)|\[(?:\d{1,6}|\*|'[^'\]]{1,100}'|"[^"\]]{1,100}")\])*)?$/;
/** A DNS name, an IPv4 literal or an IPv6 literal (with or without brackets). */
const HOST = /^(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_.])?|\[?[0-9a-fA-F:.]+\]?)$/u;
const STATUS = /^[1-5]\d\d(?:-[1-5]\d\d)?$/;

const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

const HttpUrl = z
  .string()
  .trim()
  .min(1, "Enter an address")
  .max(MAX_URL_LENGTH)
  .refine((text) => ["http:", "https:"].includes(parseUrl(text)?.protocol ?? ""), "Enter an address that starts with http:// or https://")
  .refine((text) => !parseUrl(text)?.username && !parseUrl(text)?.password, "Put credentials into a header, not into the address");

/** One request header. A secret value is write-only: it leaves the server masked. */
export const CheckHeader = z.object({
  name: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "Use letters, digits and dashes")
    .refine((name) => !REFUSED_HEADERS.has(name.toLowerCase()), "This header is set by the console itself"),
  value: z
    .string()
    .max(MAX_HEADER_VALUE_LENGTH)
    // oxlint-disable-next-line no-control-regex -- the point is to refuse control characters (CR/LF injection)
    .regex(/^[\t\u0020-\u007e\u0080-\u00ff]*$/, "Use one line of plain text"),
  isSecret: z.boolean().default(false),
});
export type CheckHeader = z.infer<typeof CheckHeader>;

const ExpectedStatus = z
  .string()
  .regex(STATUS, "Use a code such as 200 or a range such as 200-299")
  .refine((text) => Number(text.slice(0, 3)) <= Number(text.slice(-3)), "The range runs backwards");

export const HttpCheck = z
  .object({
    kind: z.literal("http"),
    url: HttpUrl,
    method: z.enum(HTTP_METHODS).default("GET"),
    headers: z.array(CheckHeader).max(MAX_HEADERS).default([]),
    body: z.string().max(MAX_REQUEST_BODY_LENGTH).optional(),
    /** Codes or ranges that count as up. */
    expectedStatus: z.array(ExpectedStatus).min(1).max(20).default(["200-299"]),
    /** Slower than this is degraded. */
    maxLatencyMs: z.number().int().min(1).max(30_000).optional(),
    bodyContains: z.string().min(1).max(MAX_EXPECTATION_LENGTH).optional(),
    /** The first match must exist and, with `equals`, read like it (strings as they are, other values as JSON). */
    jsonPath: z
      .object({
        path: z.string().max(MAX_JSON_PATH_LENGTH).regex(JSON_PATH, "Use names, [0], [*] and at most one .. such as $.checks.db.status"),
        equals: z.string().max(MAX_EXPECTATION_LENGTH).optional(),
      })
      .optional(),
    /** RE2 syntax, searched for anywhere in the body. */
    regex: z.string().min(1).max(MAX_REGEX_LENGTH).optional(),
    /** Fewer days left on the certificate is degraded; an expired one is down. */
    certificateMinDays: z.number().int().min(0).max(365).optional(),
    followRedirects: z.number().int().min(0).max(MAX_REDIRECTS).default(MAX_REDIRECTS),
    ignoreCertificateErrors: z.boolean().default(false),
    /** Reads components from a body that is a known health document. */
    readsHealthDocument: z.boolean().default(true),
  })
  .refine((check) => check.body === undefined || check.body === "" || !METHODS_WITHOUT_BODY.includes(check.method), {
    path: ["body"],
    message: "A request of this method carries no body",
  })
  .refine((check) => new Set(check.headers.map((header) => header.name.toLowerCase())).size === check.headers.length, {
    path: ["headers"],
    message: "Each header may appear once",
  });
export type HttpCheck = z.infer<typeof HttpCheck>;

export const TcpCheck = z.object({
  kind: z.literal("tcp"),
  host: z.string().trim().min(1).max(253).regex(HOST, "Enter a host name or an IP address"),
  port: z.number().int().min(1).max(65_535),
});
export type TcpCheck = z.infer<typeof TcpCheck>;

/** TLS modes of a PostgreSQL check. `require` encrypts without checking the certificate, as libpq does. */
const POSTGRES_SSL_MODES = ["disable", "require", "verify-full"] as const;

function postgresProblem(text: string): string | null {
  const url = parseUrl(text);
  if (!url || !["postgres:", "postgresql:"].includes(url.protocol)) return "Enter postgresql://user:password@host:port/database";
  if (!url.hostname || url.hostname.startsWith("%2")) return "Enter a host: sockets on disk are not reachable from here";
  for (const [name, value] of url.searchParams) {
    if (name !== "sslmode") return `The parameter ${name.slice(0, 40)} is not accepted; only sslmode is`;
    if (!POSTGRES_SSL_MODES.some((mode) => mode === value)) return `sslmode must be one of ${POSTGRES_SSL_MODES.join(", ")}`;
  }
  return null;
}

function redisProblem(text: string): string | null {
  const url = parseUrl(text);
  if (!url || !["redis:", "rediss:"].includes(url.protocol) || !url.hostname) return "Enter redis://user:password@host:port/0";
  if (url.search !== "") return "Parameters are not accepted in the address";
  return /^(?:\/\d{0,4})?$/.test(url.pathname) ? null : "The path must be a database number such as /0";
}

/** A string that `problemOf` accepts; its message becomes the field's. */
function address(problemOf: (text: string) => string | null): z.ZodType<string, string> {
  return z
    .string()
    .trim()
    .min(1)
    .max(MAX_URL_LENGTH)
    .superRefine((text, ctx) => {
      const problem = problemOf(text);
      if (problem) ctx.addIssue({ code: "custom", message: problem });
    });
}

export const PostgresCheck = z.object({
  kind: z.literal("postgres"),
  /** `postgresql://user:password@host:port/database?sslmode=…`; secret. */
  connectionString: address(postgresProblem),
  /** Runs in a read-only transaction; unset means connect and ping. */
  query: z.string().trim().min(1).max(MAX_QUERY_LENGTH).optional(),
  /** Text that the first column of the first row must equal. */
  expect: z.string().max(MAX_EXPECTATION_LENGTH).optional(),
});
export type PostgresCheck = z.infer<typeof PostgresCheck>;

export const RedisCheck = z.object({
  kind: z.literal("redis"),
  /** `redis://` or `rediss://user:password@host:port/db`; secret. */
  url: address(redisProblem),
});
export type RedisCheck = z.infer<typeof RedisCheck>;

/** Shortest period and grace: pings and the checks of them are not finer than a minute. */
const MIN_HEARTBEAT_SECONDS = 60;
/** A year, for jobs that run once in it. */
const MAX_HEARTBEAT_SECONDS = 366 * 86_400;
const DEFAULT_GRACE_SECONDS = 300;
const heartbeatSeconds = z.number().int().min(MIN_HEARTBEAT_SECONDS).max(MAX_HEARTBEAT_SECONDS);

/** Waits for a sign of life: a job calls `/ping/<pingId>` when it is done. Either every period or on a schedule. */
export const HeartbeatCheck = z
  .object({
    kind: z.literal("heartbeat"),
    /** Part of the address that the job calls; made when absent. Whoever knows it can report for the job. */
    pingId: z.guid().toLowerCase().optional(),
    periodSeconds: heartbeatSeconds.optional(),
    /** Five cron fields, read in `timeZone`. */
    schedule: z.string().trim().min(9).max(120).optional(),
    timeZone: z.string().trim().min(1).max(60).default("UTC"),
    /** How late a ping may be before it counts as missing; also how long a started run may take. */
    graceSeconds: heartbeatSeconds.default(DEFAULT_GRACE_SECONDS),
  })
  .refine((check) => (check.periodSeconds === undefined) !== (check.schedule === undefined), { path: ["periodSeconds"], message: "Give a period or a schedule, one of the two" });
export type HeartbeatCheck = z.infer<typeof HeartbeatCheck>;

/** The console's own health, read inside the process. */
export const SelfCheck = z.object({ kind: z.literal("self") });
export type SelfCheck = z.infer<typeof SelfCheck>;

/** What a check measures, told apart by `kind`. */
export const CheckConfig = z.discriminatedUnion("kind", [HttpCheck, TcpCheck, PostgresCheck, RedisCheck, HeartbeatCheck, SelfCheck]);
export type CheckConfig = z.infer<typeof CheckConfig>;
/** The same before defaults are filled in: what forms and callers send. */
export type CheckConfigInput = z.input<typeof CheckConfig>;

/** Dotted paths of the parts that may be secret; `*` stands for every item of a list. */
export function secretPaths(kind: CheckKind): readonly string[] {
  return SECRET_PATHS[kind];
}

const SECRET_PATHS: Record<CheckKind, readonly string[]> = {
  http: ["headers.*.value"],
  tcp: [],
  postgres: ["connectionString"],
  redis: ["url"],
  heartbeat: [],
  self: [],
};

/** The target in one line without any secret, for lists: `GET https://…`, `db.example:5432`. */
export function describeTarget(config: CheckConfig): string {
  switch (config.kind) {
    case "http":
      return `${config.method} ${config.url}`;
    case "tcp":
      return `${config.host}:${config.port}`;
    case "postgres":
      return hostOf(config.connectionString, "5432");
    case "redis":
      return hostOf(config.url, "6379");
    case "heartbeat":
      return config.schedule === undefined ? `a ping every ${secondsInWords(config.periodSeconds ?? 0)}` : `a ping at ${config.schedule} (${config.timeZone})`;
    case "self":
      return "this console";
    default:
      return config satisfies never;
  }
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
];

function secondsInWords(seconds: number): string {
  const [size, unit] = UNITS.find(([length]) => seconds % length === 0) ?? [1, "s"];
  return `${seconds / size} ${unit}`;
}

function hostOf(text: string, defaultPort: string): string {
  const url = parseUrl(text);
  return url ? `${url.hostname}:${url.port || defaultPort}${url.pathname.length > 1 ? url.pathname : ""}` : "unreadable address";
}
