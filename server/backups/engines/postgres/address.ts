/**
 * Where a database is, resolved and judged once. Sub-processes get the checked address as PGHOSTADDR beside the name, so
 * a second answer of the name server is never asked for (rebinding), and every other parameter is given, so neither PG*
 * variables nor service or password files of this machine reach a server that a user chose.
 */
import ipaddr from "ipaddr.js";
import { AppError } from "../../../platform/errors.ts";
import { OutboundError, wayOut, type Outbound } from "../../../platform/http/outbound.ts";
import type { Reach } from "../source.ts";

const DEFAULT_PORT = 5_432;
const SSL_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof SSL_MODES)[number];
const isSslMode = (text: string): text is SslMode => (SSL_MODES as readonly string[]).includes(text);
/** Parameters of a URL that a source may carry; others could name files of this machine or run programs. */
const ALLOWED_PARAMETERS = new Set(["sslmode", "application_name"]);

export type PostgresAddress = {
  host: string;
  /** The checked address to connect to. */
  address: string;
  port: number;
  user: string;
  password: string;
  database: string;
  sslMode: SslMode;
};

const invalid = (message: string) => new AppError("invalid", message);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("The database address holds a % that is not an escape.");
  }
}

function parse(text: string): { url: URL; sslMode: SslMode } {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) throw invalid("The database address must look like postgresql://user:password@host:5432/name.");
  const url = new URL(text);
  if (url.hostname === "" || decoded(url.hostname).startsWith("/")) throw invalid("The database address names no host. Local sockets are not used.");
  for (const name of url.searchParams.keys()) if (!ALLOWED_PARAMETERS.has(name)) throw invalid(`The database address must not carry ${name}.`);
  const sslMode = url.searchParams.get("sslmode") ?? "prefer";
  if (!isSslMode(sslMode)) throw invalid(`sslmode must be one of ${SSL_MODES.join(", ")}.`);
  return { url, sslMode };
}

/** The same server and user, another database. */
export function withDatabaseName(text: string, database: string): string {
  const url = new URL(text);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.toString();
}

/** The name of the database in an address. */
export const databaseOf = (text: string): string => decoded(new URL(text).pathname.slice(1)) || decoded(new URL(text).username) || "postgres";

/** The address without password, for people. */
export function labelOf(text: string): string {
  const { url } = parse(text);
  return `${url.hostname}:${url.port || DEFAULT_PORT}/${databaseOf(text)}`;
}

/** Reads and checks an address. Throws AppError `invalid` when it cannot be read, `unavailable` when it may not be reached. */
export async function resolvePostgres(source: { url: string; reach: Reach }, world: { http: Outbound; signal?: AbortSignal }): Promise<PostgresAddress> {
  const { url, sslMode } = parse(source.url);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? DEFAULT_PORT : Number(url.port);
  const user = decoded(url.username) || "postgres";
  const facts = { host, port, user, password: decoded(url.password), database: databaseOf(source.url), sslMode };
  if (source.reach === "direct") return { ...facts, address: host };
  try {
    return { ...facts, address: (await world.http.resolve(host, port, world.signal)).address };
  } catch (error) {
    if (error instanceof OutboundError) throw new AppError("unavailable", `The database at ${host} cannot be reached: ${error.message}.${wayOut(error)}`, { cause: error });
    throw error;
  }
}

/** The environment of a PostgreSQL program. The password travels here, never on the command line. */
export function environmentFor(at: PostgresAddress, home: string): NodeJS.ProcessEnv {
  return {
    ...(ipaddr.isValid(at.address) ? { PGHOSTADDR: at.address } : {}),
    PGHOST: at.host,
    PGPORT: String(at.port),
    PGUSER: at.user,
    PGPASSWORD: at.password,
    PGDATABASE: at.database,
    PGSSLMODE: at.sslMode,
    PGCONNECT_TIMEOUT: "10",
    PGAPPNAME: "seaworthy-backup",
    PGPASSFILE: "/dev/null",
    PGSERVICEFILE: "/dev/null",
    PGSYSCONFDIR: home,
    PGCLIENTENCODING: "UTF8",
    HOME: home,
    PATH: "/usr/bin:/bin",
    LC_ALL: "C",
    NODE_ENV: "production",
  };
}
