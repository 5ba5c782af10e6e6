/**
 * Structured log lines on standard output: JSON for machines, or one readable line in development. Secrets are removed
 * by field name here and by value where they are registered with `redactValue` (the environment's own). Every line of a request carries its
 * request id and, when known, the caller's id. Production code never uses `console`.
 */
import { createRequire } from "node:module";
import { pino, type Logger as PinoLogger } from "pino";
import { config } from "./config.ts";
import { lineWriter } from "./log-output.ts";

export type Logger = Pick<PinoLogger, "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "child">;

const SECRET_FIELDS = ["password", "token", "secret", "apiKey", "authorization", "cookie", "passwordHash", "connectionString"];
const SECRET_PATHS = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
const MASK = "[redacted]";

const secretValues = new Set<string>();
const MIN_SECRET_LENGTH = 8;

/** Removes this exact value from every later log line, wherever it appears. */
function redactValue(value: string): void {
  if (value.length >= MIN_SECRET_LENGTH) secretValues.add(value);
}

function maskValues(line: string): string {
  let out = line;
  for (const value of secretValues) if (out.includes(value)) out = out.replaceAll(value, MASK);
  return out;
}

/** Builds a logger that writes to `write`; the process's own uses standard output. */
export function createLogger(options: { level: string; write: (line: string) => void; base?: object }): Logger {
  return pino(
    { level: options.level, base: options.base ?? {}, redact: { paths: SECRET_PATHS, censor: MASK }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => options.write(maskValues(line)) },
  );
}

const holder = globalThis as { seaworthyLogger?: Logger };

function standardOutput(): (line: string) => void {
  const write = lineWriter();
  if (config().LOG_FORMAT !== "pretty") return write;
  const load = createRequire(import.meta.url);
  const { prettyFactory } = load("pino-pretty") as typeof import("pino-pretty");
  const pretty = prettyFactory({ colorize: process.stdout.isTTY, ignore: "pid,hostname", translateTime: "HH:MM:ss.l" });
  return (line) => write(pretty(JSON.parse(line) as Record<string, unknown>) ?? line);
}

/** The secrets of the environment, as they could appear in an error's text. */
function environmentSecrets(): string[] {
  const values = config();
  const addresses = [values.DATABASE_URL, values.REDIS_URL, values.SMTP_URL].flatMap((address) => {
    const password = address && URL.canParse(address) ? new URL(address).password : "";
    return [password, decodeURIComponent(password)];
  });
  return [...addresses, values.AUTH_SECRET, values.UPSTASH_REDIS_REST_TOKEN ?? "", values.SEAWORTHY_ADMIN_PASSWORD ?? "", values.OIDC_CLIENT_SECRET ?? ""];
}

/** The process's logger; children add fields such as `module`. */
export function logger(): Logger {
  if (!holder.seaworthyLogger) for (const secret of environmentSecrets()) redactValue(secret);
  holder.seaworthyLogger ??= createLogger({ level: config().LOG_LEVEL, write: standardOutput() });
  return holder.seaworthyLogger;
}
