/**
 * Signs in to a PostgreSQL server at its checked address and asks one question in a read-only transaction. Every
 * parameter is given here, so neither PG* variables nor password files of this machine reach a target that a user chose.
 */
import type { Socket } from "node:net";
import pg from "pg";
import { monotonicMs } from "../../platform/clock.ts";
import { OutboundError } from "../../platform/http/outbound.ts";
import type { PostgresCheck } from "../check-config.ts";
import { plainText } from "../health-documents/plain-text.ts";
import type { Probe, ProbeLimits } from "./reading.ts";
import { unexpected, withTarget, type Session } from "./session.ts";

const DEFAULT_PORT = 5_432;
/** What a check may read from the server; an answer worth comparing has one row. */
const MAX_ANSWER_BYTES = 1_048_576;
/** How often the received bytes are counted. A fast local server sends some tens of megabytes in this time. */
const COUNT_EVERY_MS = 25;
const MAX_QUOTE_LENGTH = 60;
const MAX_ERROR_LENGTH = 160;

function clientFor(url: URL, session: Session): pg.Client {
  const mode = url.searchParams.get("sslmode") ?? "disable";
  const { target } = session;
  const isName = target.host !== target.address;
  const user = decodeURIComponent(url.username) || "postgres";
  return new pg.Client({
    host: target.address,
    port: target.port,
    user,
    password: () => decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    // libpq's meaning: `require` encrypts without checking, `verify-full` checks chain and name.
    ssl: mode === "disable" ? false : { rejectUnauthorized: mode === "verify-full", ...(isName ? { servername: target.host } : { host: target.address }) },
    application_name: "seaworthy-check",
    keepAlive: false,
  });
}

/** Destroys the connection when the deadline passes or too much arrives. Returns a promise that rejects then, and its end. */
function watch(client: pg.Client, session: Session): { failed: Promise<never>; stop: () => void } {
  const { signal } = session.deadline;
  const stream = client.connection.stream;
  let stop = () => undefined as void;
  const failed = new Promise<never>((_resolve, reject) => {
    const abort = (reason: unknown) => {
      stream.destroy();
      reject(reason as Error);
    };
    const late = () => abort(signal.reason);
    const counter = setInterval(() => {
      // With TLS the driver puts a socket of its own around the first one; both count.
      if ((client.connection.stream as Socket).bytesRead > MAX_ANSWER_BYTES) abort(unexpected("the answer is longer than 1 MiB"));
    }, COUNT_EVERY_MS);
    signal.addEventListener("abort", late, { once: true });
    client.on("error", reject);
    stop = () => {
      clearInterval(counter);
      signal.removeEventListener("abort", late);
      stream.destroy();
    };
    if (signal.aborted) late();
  });
  // Rejections after the race is decided have no reader.
  failed.catch(() => undefined);
  return { failed, stop: () => stop() };
}

/** First column of the first row as text, or null without rows. One statement only: the extended protocol allows no more. */
async function ask(client: pg.Client, check: PostgresCheck, limits: ProbeLimits): Promise<string | null> {
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(limits.timeoutMs)}`);
  const question: pg.QueryArrayConfig & { queryMode: "extended" } = { text: check.query ?? "SELECT 1", rowMode: "array", queryMode: "extended" };
  const result = await client.query<unknown[]>(question);
  const value = result.rows[0]?.[0];
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

/** What the server or the driver said about the server, in one line; socket errors and our own keep their kind. */
function databaseFault(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) return unexpected(plainText(`${error.message} (${error.code ?? "no code"})`, MAX_ERROR_LENGTH));
  const isDriverError = error instanceof Error && !(error instanceof OutboundError) && (error as { code?: string }).code === undefined;
  return isDriverError ? unexpected(plainText(error.message, MAX_ERROR_LENGTH)) : error;
}

async function converse(client: pg.Client, check: PostgresCheck, world: { session: Session; limits: ProbeLimits }): Promise<string | null> {
  const { session, limits } = world;
  const started = monotonicMs();
  await client.connect();
  session.timings.connectMs = monotonicMs() - started;
  session.deadline.phase = "answer";
  const value = await ask(client, check, limits);
  session.timings.firstByteMs = monotonicMs() - started - session.timings.connectMs;
  return value;
}

export const probePostgres: Probe<PostgresCheck> = (world, check, limits) => {
  const url = new URL(check.connectionString);
  const to = { host: url.hostname, port: url.port === "" ? DEFAULT_PORT : Number(url.port), limits };
  return withTarget(world, to, async (session) => {
    const client = clientFor(url, session);
    const guard = watch(client, session);
    try {
      const talking = converse(client, check, { session, limits });
      talking.catch(() => undefined);
      const value = await Promise.race([talking, guard.failed]);
      const latencyMs = session.elapsedMs();
      const isExpected = check.expect === undefined || value === check.expect;
      const seen = value === null ? "no row" : `"${plainText(value, MAX_QUOTE_LENGTH)}"`;
      const message = isExpected ? `answered in ${Math.round(latencyMs)} ms` : `the query returned ${seen}, expected "${plainText(check.expect ?? "", MAX_QUOTE_LENGTH)}"`;
      return { verdict: isExpected ? "up" : "down", latencyMs, message, components: [], timings: session.timings };
    } catch (error) {
      throw databaseFault(error);
    } finally {
      guard.stop();
    }
  });
};
