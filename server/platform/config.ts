/**
 * The environment, read and checked once per process. Nothing else reads `process.env`. A wrong or missing value stops
 * the process with the whole list of problems at once; an unknown `SEAWORTHY_*` name is a problem too, because it is
 * nearly always a typing error. `CONFIG_FIELDS` also writes docs/configuration.md, so the table cannot drift.
 */
import path from "node:path";
import * as z from "zod";
import { unreadableAllowEntries } from "./http/egress-policy.ts";
import { readSmtp, SENDER } from "./mail/settings.ts";

const SECRET_MIN_LENGTH = 32;
const KNOWN_WEAK_SECRETS = /^(changeme|secret|password|test|dev)/i;

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();
const list = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()).filter(Boolean));
const egressList = list.refine((entries) => unreadableAllowEntries(entries).length === 0, "holds an entry that is neither a CIDR nor a host name, each with an optional :port");
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];
const issuer = z.url({ protocol: /^https?$/ }).refine((text) => text.startsWith("https:") || LOOPBACK_HOSTS.includes(new URL(text).hostname), "must begin with https:// unless it is on this machine");
const smtpUrl = z.string().refine((text) => readSmtp(text, "") !== null, "must look like smtp://user:password@mail.example.com:587 or smtps://…:465");
const sender = z.string().trim().regex(SENDER, "must be one address, such as Seaworthy <ops@example.com>");
const flag = z.enum(["0", "1", "true", "false"]).transform((text) => text === "1" || text === "true");
const secret = z
  .string()
  .min(SECRET_MIN_LENGTH, `must have at least ${SECRET_MIN_LENGTH} characters`)
  .refine((value) => !KNOWN_WEAK_SECRETS.test(value) && new Set(value).size >= 8, "is a known or repetitive secret");

/** One environment variable: how it is read and what its row in the documentation says. */
type Field = { schema: z.ZodType; default: string | null; about: string };

const field = (schema: z.ZodType, fallback: string | null, about: string): Field => ({ schema, default: fallback, about });

/** Every variable of the process contract. Names and meanings are stable. */
export const CONFIG_FIELDS = {
  PORT: field(port, "3000", "Port of the web server."),
  HOST: field(z.string().min(1), "127.0.0.1", "Address the web server listens on."),
  SEAWORTHY_DATA_DIR: field(z.string().min(1), ".seaworthy", "Folder of the embedded database, generated secrets and logs (mode 0700)."),
  DATABASE_URL: field(z.string().regex(/^postgres(ql)?:\/\//, "must start with postgresql://"), null, "PostgreSQL 15 or newer. Unset: the embedded PostgreSQL 18 is started."),
  DB_POOL_MIN: field(positive, "5", "Connections opened ahead of need in each web process."),
  DB_POOL_MAX: field(positive, "20", "Most connections a process opens (profile for larger machines: 50)."),
  DB_QUERY_TIMEOUT_MS: field(positive, "10000", "Longest a single query may run, in milliseconds."),
  DB_CONNECT_TIMEOUT_MS: field(positive, "10000", "Longest wait for a database connection, in milliseconds."),
  REDIS_URL: field(z.string().regex(/^rediss?:\/\//, "must start with redis:// or rediss://"), null, "Redis 6 or newer for shared limits."),
  UPSTASH_REDIS_REST_URL: field(z.url(), null, "Upstash Redis REST address, instead of REDIS_URL."),
  UPSTASH_REDIS_REST_TOKEN: field(z.string().min(1), null, "Token for UPSTASH_REDIS_REST_URL."),
  AUTH_SECRET: field(secret, null, "Signs session cookies; at least 32 characters. Generated in the data folder with the embedded database, required otherwise."),
  SEAWORTHY_KEYRING_FILE: field(z.string().min(1), null, "File with the keys that encrypt stored credentials. Generated in the data folder when unset with the embedded database, required otherwise."),
  SEAWORTHY_ADMIN_EMAIL: field(z.email(), null, "Creates the first administrator without the browser, together with SEAWORTHY_ADMIN_PASSWORD."),
  SEAWORTHY_ADMIN_PASSWORD: field(z.string().min(12, "must have at least 12 characters"), null, "Password of that administrator."),
  SEAWORTHY_URL: field(z.url(), null, "Address that operators open, when it differs from http://HOST:PORT. With https, cookies become Secure and HSTS is sent."),
  OIDC_ISSUER: field(issuer, null, "Address of an OpenID Connect issuer that people may sign in with. Its callback address is SEAWORTHY_URL/api/auth-oidc/callback."),
  OIDC_CLIENT_ID: field(z.string().min(1), null, "Client id at the issuer, together with OIDC_ISSUER."),
  OIDC_CLIENT_SECRET: field(z.string().min(1), null, "Client secret at the issuer, together with OIDC_ISSUER."),
  OIDC_NAME: field(z.string().trim().min(1).max(40), "Single sign-on", "Name of the issuer on the sign-in page."),
  OIDC_DEFAULT_ROLE: field(z.enum(["viewer", "editor", "admin"]), null, "Role of people whom the issuer knows and the console does not. Unset: only people with an account or an invitation may sign in."),
  OIDC_ALLOWED_DOMAINS: field(list, "", "Mail domains from which the issuer's people may sign in. Empty: every domain."),
  SMTP_URL: field(smtpUrl, null, "Mail server for invitations and password links: smtp://user:password@host:587 (STARTTLS, required when there is a password) or smtps://host:465. A private address must also be in EGRESS_ALLOW. Unset: administrators get links to send themselves."),
  SMTP_FROM: field(sender, null, "Sender of that mail, such as Seaworthy <ops@example.com>; together with SMTP_URL."),
  SEAWORTHY_ENVIRONMENT: field(z.string().regex(/^[a-z0-9-]{1,24}$/, "must be 1 to 24 of a-z, 0-9 and -"), "production", "Name shown beside the product's name."),
  SEAWORTHY_SHUTDOWN_TIMEOUT_MS: field(positive, "25000", "How long a stopping process waits for requests and jobs."),
  SEAWORTHY_WORKER_CONCURRENCY: field(positive, "10", "Jobs one worker runs at the same time."),
  SEAWORTHY_CHECK_CONCURRENCY: field(positive, "200", "Checks one worker runs at the same time."),
  TRUSTED_PROXIES: field(list, "", "CIDRs of reverse proxies whose X-Forwarded-For is believed."),
  EGRESS_ALLOW: field(egressList, "", "CIDRs or host names that guarded calls may reach although they are private, each with an optional :port."),
  EGRESS_LOCKED: field(flag, "false", "Lets EGRESS_ALLOW alone decide: what administrators allowed in the settings does not count and cannot be edited."),
  HSTS_PRELOAD: field(flag, "false", "Adds the preload directive to HSTS. Hard to undo."),
  LOG_LEVEL: field(z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]), "info", "Least severe log line that is written."),
  LOG_FORMAT: field(z.enum(["json", "pretty"]), "json", "JSON lines, or lines for people."),
  RATE_LIMIT_WINDOW_MS: field(positive, "900000", "Window of the general limit, in milliseconds."),
  RATE_LIMIT_MAX_REQUESTS: field(positive, "100", "Anonymous calls per address and window."),
  RATE_LIMIT_MAX_AUTHENTICATED: field(positive, "1000", "Calls per signed-in caller and window."),
  RATE_LIMIT_BURST_PER_MINUTE: field(positive, "100", "Anonymous calls per address and minute."),
  AUTH_RATE_LIMIT_MAX: field(positive, "5", "Failed sign-ins per address and 15 minutes."),
  WRITE_RATE_LIMIT_MAX: field(positive, "30", "Changes per caller and minute."),
  PAGE_RATE_LIMIT_MAX: field(positive, "1200", "Pages per address and minute, those that a browser loads ahead included; an office behind one address shares it."),
  ASSET_RATE_LIMIT_MAX: field(positive, "6000", "Scripts, styles and other files per address and minute."),
} satisfies Record<string, Field>;

type Fields = typeof CONFIG_FIELDS;
type Name = keyof Fields;

/** Parsed values by variable name. */
export type Config = {
  PORT: number;
  HOST: string;
  SEAWORTHY_DATA_DIR: string;
  DATABASE_URL: string;
  DB_POOL_MIN: number;
  DB_POOL_MAX: number;
  DB_QUERY_TIMEOUT_MS: number;
  DB_CONNECT_TIMEOUT_MS: number;
  REDIS_URL?: string;
  UPSTASH_REDIS_REST_URL?: string;
  UPSTASH_REDIS_REST_TOKEN?: string;
  AUTH_SECRET: string;
  SEAWORTHY_KEYRING_FILE: string;
  SEAWORTHY_ADMIN_EMAIL?: string;
  SEAWORTHY_ADMIN_PASSWORD?: string;
  SEAWORTHY_URL?: string;
  OIDC_ISSUER?: string;
  OIDC_CLIENT_ID?: string;
  OIDC_CLIENT_SECRET?: string;
  OIDC_NAME: string;
  OIDC_DEFAULT_ROLE?: "viewer" | "editor" | "admin";
  OIDC_ALLOWED_DOMAINS: string[];
  SMTP_URL?: string;
  SMTP_FROM?: string;
  SEAWORTHY_ENVIRONMENT: string;
  SEAWORTHY_SHUTDOWN_TIMEOUT_MS: number;
  SEAWORTHY_WORKER_CONCURRENCY: number;
  SEAWORTHY_CHECK_CONCURRENCY: number;
  TRUSTED_PROXIES: string[];
  EGRESS_ALLOW: string[];
  EGRESS_LOCKED: boolean;
  HSTS_PRELOAD: boolean;
  LOG_LEVEL: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  LOG_FORMAT: "json" | "pretty";
  RATE_LIMIT_WINDOW_MS: number;
  RATE_LIMIT_MAX_REQUESTS: number;
  RATE_LIMIT_MAX_AUTHENTICATED: number;
  RATE_LIMIT_BURST_PER_MINUTE: number;
  AUTH_RATE_LIMIT_MAX: number;
  WRITE_RATE_LIMIT_MAX: number;
  PAGE_RATE_LIMIT_MAX: number;
  ASSET_RATE_LIMIT_MAX: number;
};

/** Variables that a process needs although they have no default. */
const REQUIRED: Name[] = ["DATABASE_URL", "AUTH_SECRET", "SEAWORTHY_KEYRING_FILE"];

/** The environment is unusable; `problems` lists every reason, one sentence each. */
export class ConfigError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The environment has ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n- ${problems.join("\n- ")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

function readField(name: Name, env: NodeJS.ProcessEnv, problems: string[]): unknown {
  const spec: Field = CONFIG_FIELDS[name];
  const raw = env[name]?.trim() || spec.default;
  if (raw === null) return undefined;
  const parsed = spec.schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  problems.push(`${name} ${parsed.error.issues.map((issue) => issue.message).join(", ")}`);
  return undefined;
}

function crossFieldProblems(env: NodeJS.ProcessEnv): string[] {
  const problems: string[] = [];
  const pair = (a: Name, b: Name) => {
    if (Boolean(env[a]) !== Boolean(env[b])) problems.push(`${a} and ${b} must be set together`);
  };
  pair("UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN");
  pair("SMTP_URL", "SMTP_FROM");
  pair("OIDC_ISSUER", "OIDC_CLIENT_ID");
  pair("OIDC_ISSUER", "OIDC_CLIENT_SECRET");
  pair("SEAWORTHY_ADMIN_EMAIL", "SEAWORTHY_ADMIN_PASSWORD");
  if (env.REDIS_URL && env.UPSTASH_REDIS_REST_URL) problems.push("REDIS_URL and UPSTASH_REDIS_REST_URL exclude each other");
  if (Number(env.DB_POOL_MIN ?? 5) > Number(env.DB_POOL_MAX ?? 20)) problems.push("DB_POOL_MIN must not exceed DB_POOL_MAX");
  for (const name of Object.keys(env)) {
    if (name.startsWith("SEAWORTHY_") && !(name in CONFIG_FIELDS) && !name.startsWith("SEAWORTHY_INTERNAL_")) {
      problems.push(`${name} is not a name this version knows`);
    }
  }
  return problems;
}

/**
 * Parses an environment. Throws ConfigError with every problem.
 * The launcher fills DATABASE_URL, AUTH_SECRET and SEAWORTHY_KEYRING_FILE before the roles start in embedded mode.
 */
export function parseConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(CONFIG_FIELDS) as Name[]) values[name] = readField(name, env, problems);
  for (const name of REQUIRED) if (!env[name]?.trim()) problems.push(`${name} is required`);
  problems.push(...crossFieldProblems(env));
  if (problems.length > 0) throw new ConfigError(problems);
  values.SEAWORTHY_DATA_DIR = path.resolve(String(values.SEAWORTHY_DATA_DIR));
  return values as Config;
}

/**
 * The raw environment, for the launcher alone: it adds what it generated before `config()` is first used, and hands the
 * whole on to the processes it starts.
 */
export function environment(): NodeJS.ProcessEnv {
  return process.env;
}

const holder = globalThis as { seaworthyConfig?: Config };

/** The process's configuration, parsed on first use. Shared by code that Next bundled and code that Node loaded. */
export function config(): Config {
  holder.seaworthyConfig ??= parseConfig(process.env);
  return holder.seaworthyConfig;
}

/** Names of the contract's variables that the environment holds; the others have their default. */
export function setNames(env: NodeJS.ProcessEnv = process.env): ReadonlySet<string> {
  return new Set(Object.keys(CONFIG_FIELDS).filter((name) => env[name]?.trim()));
}

/** The address people open, without a trailing slash. */
export function publicUrl(values: Config = config()): string {
  return (values.SEAWORTHY_URL ?? `http://${values.HOST}:${values.PORT}`).replace(/\/$/, "");
}
