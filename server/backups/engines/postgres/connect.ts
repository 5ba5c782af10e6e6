/** Connections of the engines: every parameter given, TLS as libpq means it, settings under which text is comparable. */
import pg from "pg";
import { AppError } from "../../../platform/errors.ts";
import type { PostgresAddress } from "./address.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_DELAY_MS = 10_000;
/** Waiting longer for a table means that a change of the schema is under way. */
export const LOCK_TIMEOUT_MS = 30_000;

/** Text of values must not depend on the server's habits, or hashes before and after a restore would differ. */
const SESSION = [
  "statement_timeout = 0",
  `lock_timeout = ${LOCK_TIMEOUT_MS}`,
  "idle_in_transaction_session_timeout = 0",
  "search_path = ''",
  "DateStyle = 'ISO, YMD'",
  "IntervalStyle = 'postgres'",
  "TimeZone = 'UTC'",
  "extra_float_digits = 1",
  "bytea_output = 'hex'",
  "lc_monetary = 'C'",
  "xmloption = 'content'",
  "row_security = off",
  // Compiling a query that reads a table once costs more than it saves.
  "jit = off",
];

/** A limit that servers know from version 17 on; a dump may take hours. */
const NO_TRANSACTION_TIMEOUT = "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name = 'transaction_timeout'";

type TlsSetting = false | { rejectUnauthorized: boolean; servername?: string; host?: string; checkServerIdentity?: () => undefined };

/** How the driver should speak TLS for a mode; `prefer` tries with TLS first. */
export function tlsFor(at: PostgresAddress): TlsSetting {
  const name = at.host === at.address ? { host: at.address } : { servername: at.host };
  switch (at.sslMode) {
    case "disable":
      return false;
    case "prefer":
    case "require":
      return { rejectUnauthorized: false, ...name };
    case "verify-ca":
      return { rejectUnauthorized: true, checkServerIdentity: () => undefined, ...name };
    case "verify-full":
      return { rejectUnauthorized: true, ...name };
    default:
      return at.sslMode satisfies never;
  }
}

const REASONS: Record<string, string> = {
  "28P01": "the password is wrong",
  "28000": "the server does not admit this user",
  "3D000": "the database does not exist",
  "53300": "the server has no free connection",
  "57P03": "the server is starting or stopping",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was closed",
  ETIMEDOUT: "it does not answer",
  EHOSTUNREACH: "there is no route to it",
  ENOTFOUND: "its name is not known",
};

/** A failure of the server or the way to it, for people. */
export function connectionProblem(error: unknown, at: PostgresAddress): AppError {
  if (error instanceof AppError) return error;
  const code = (error as { code?: string } | null)?.code ?? "";
  const words = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return new AppError("unavailable", `The database at ${at.host}:${at.port} cannot be used: ${words}.`, { cause: error });
}

/** What PostgreSQL says when a table stayed locked for longer than `lock_timeout`. */
export const LOCK_NOT_AVAILABLE = "55P03";

/** How pg_dump reports the same; it waits for locks by a limit of the statement. */
export const LOCK_TIMEOUT = /canceling statement due to (lock|statement) timeout/;

/** A table could not be read because a change of the schema holds it or waits for it. */
export const schemaChanges = (cause?: unknown): AppError =>
  new AppError("unavailable", "A change of the schema is under way: a table stayed locked for too long. Nothing was backed up; try again when the change is done.", { cause });

const isWithoutTls = (error: unknown) => error instanceof Error && error.message.includes("does not support SSL");

async function tryConnect(at: PostgresAddress, ssl: TlsSetting, extra: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({
    host: at.address,
    port: at.port,
    user: at.user,
    password: at.password,
    database: at.database,
    ssl,
    application_name: "seaworthy-backup",
    client_encoding: "UTF8",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    ...extra,
  });
  // A connection that dies between queries is noticed by the next query.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Opens a connection as it is, for replication. Throws AppError. */
export async function openRaw(at: PostgresAddress, extra: pg.ClientConfig = {}): Promise<pg.Client> {
  try {
    return await tryConnect(at, tlsFor(at), extra);
  } catch (error) {
    if (at.sslMode !== "prefer" || !isWithoutTls(error)) throw connectionProblem(error, at);
  }
  try {
    return await tryConnect(at, false, extra);
  } catch (error) {
    throw connectionProblem(error, at);
  }
}

/** Opens a connection whose text is comparable. Throws AppError. The caller ends it. */
export async function openClient(at: PostgresAddress): Promise<pg.Client> {
  const client = await openRaw(at);
  try {
    await client.query(`${SESSION.map((setting) => `SET ${setting}`).join("; ")}; ${NO_TRANSACTION_TIMEOUT}`);
  } catch (error) {
    await client.end();
    throw connectionProblem(error, at);
  }
  return client;
}

/** Runs `work` with a connection that is closed afterwards; an abort closes it under the work, which then fails. */
export async function withClient<T>(at: PostgresAddress, signal: AbortSignal | undefined, work: (client: pg.Client) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const client = await openClient(at);
  const stop = () => client.connection.stream.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await work(client);
  } catch (error) {
    throw signal?.aborted ? (signal.reason as Error) : error;
  } finally {
    signal?.removeEventListener("abort", stop);
    await client.end().catch(() => undefined);
  }
}
