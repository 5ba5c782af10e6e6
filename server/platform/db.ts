/**
 * One Prisma client per process over one pool of PostgreSQL connections. The pool is bounded (`DB_POOL_MAX`), waits at
 * most `DB_CONNECT_TIMEOUT_MS` for a connection, and the server itself cancels a query after `DB_QUERY_TIMEOUT_MS`.
 * A lost connection never ends the process: the next query opens another. `inTransaction` is the only way to a
 * transaction; it is re-entrant, so an operation may call another and both commit together. What takes a lock that
 * everybody needs waits in `beforeCommit`, so the lock is held for the commit alone.
 */
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient, Prisma } from "../../prisma/generated/client.ts";
import { config } from "./config.ts";
import type { Context } from "./context.ts";
import { logger } from "./logger.ts";
import { timeQueries } from "./metrics/time-queries.ts";
import { createStatementNames, rememberPool } from "./statements.ts";

export { Prisma };

/** The database, or an open transaction. */
export type Db = Prisma.TransactionClient & Partial<Pick<PrismaClient, "$transaction">>;

export type Database = {
  client: PrismaClient;
  /** The same connections for hand-written SQL on hot paths, LISTEN and COPY. */
  pool: pg.Pool;
  close: () => Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  poolMax: number;
  queryTimeoutMs: number;
  connectTimeoutMs: number;
  applicationName: string;
};

const IDLE_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_DELAY_MS = 10_000;
const TRANSACTION_WAIT_MS = 5_000;
const TRANSACTION_TIMEOUT_MS = 15_000;

/** Opens a pool and a client on it. Nothing is connected until the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis: options.connectTimeoutMs,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: options.queryTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    application_name: options.applicationName,
  });
  // An idle connection that dies is replaced on the next query; without a listener it would end the process.
  pool.on("error", (error) => logger().warn({ err: error }, "idle database connection lost"));
  timeQueries(pool);
  const nameOf = createStatementNames();
  const client = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: false, statementNameGenerator: nameOf }),
    transactionOptions: { maxWait: TRANSACTION_WAIT_MS, timeout: TRANSACTION_TIMEOUT_MS },
  });
  rememberPool(client, pool, nameOf);
  const close = async () => {
    await client.$disconnect();
    await pool.end();
  };
  return { client, pool, close };
}

const holder = globalThis as { seaworthyDatabase?: Database };

/** The process's database, opened on first use from the configuration. */
export function database(): Database {
  const values = config();
  holder.seaworthyDatabase ??= openDatabase({
    url: values.DATABASE_URL,
    poolMax: values.DB_POOL_MAX,
    queryTimeoutMs: values.DB_QUERY_TIMEOUT_MS,
    connectTimeoutMs: values.DB_CONNECT_TIMEOUT_MS,
    applicationName: "seaworthy",
  });
  return holder.seaworthyDatabase;
}

/** Closes the process's database, if it was opened. */
export async function closeDatabase(): Promise<void> {
  const open = holder.seaworthyDatabase;
  holder.seaworthyDatabase = undefined;
  await open?.close();
}

/**
 * Runs `work` with a context whose `db` is one transaction. Joins the open one when there is one. Never call the
 * network inside: a timeout would undo the rows but not the call.
 */
export async function inTransaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  if (!("$transaction" in ctx.db) || typeof ctx.db.$transaction !== "function") return work(ctx);
  return ctx.db.$transaction(async (db) => {
    const beforeCommit: (() => Promise<void>)[] = [];
    const result = await work({ ...ctx, db, beforeCommit });
    for (const step of beforeCommit) await step();
    return result;
  });
}
