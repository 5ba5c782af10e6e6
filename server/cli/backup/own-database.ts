/** The console's own database as source and target, found by the environment: embedded in the data folder, or DATABASE_URL. */
import fs from "node:fs/promises";
import pg from "pg";
import { databaseOf, withDatabaseName } from "../../backups/engines/postgres/address.ts";
import { dataDirOf, isEmbedded } from "../../main/environment.ts";
import { findEmbedded, startEmbedded } from "../../platform/embedded/cluster.ts";
import { AppError } from "../../platform/errors.ts";
import { fromEnvironment, UsageError } from "./options.ts";

export type Reached = { url: string; close: () => Promise<void> };

const stays = () => Promise.resolve();

/** `own`, `parts` (DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD), `env:NAME` or an address. */
export async function reachDatabase(text: string, env: NodeJS.ProcessEnv): Promise<Reached> {
  if (text === "parts") return { url: urlOfParts(env), close: stays };
  if (text !== "own") return { url: fromEnvironment(text, env), close: stays };
  if (!isEmbedded(env)) return { url: env.DATABASE_URL?.trim() ?? "", close: stays };
  const dataDir = dataDirOf(env);
  const running = await findEmbedded(dataDir);
  if (running) return { url: running.url, close: stays };
  const started = await startEmbedded({ dataDir });
  return { url: started.url, close: () => started.stop() };
}

function urlOfParts(env: NodeJS.ProcessEnv): string {
  const { DB_HOST = "localhost", DB_PORT = "5432", DB_NAME = "seaworthy", DB_USER = "seaworthy", DB_PASSWORD } = env;
  if (!DB_PASSWORD) throw new UsageError("DB_PASSWORD is not set.");
  const url = new URL("postgresql://host");
  url.hostname = DB_HOST;
  url.port = DB_PORT;
  url.username = encodeURIComponent(DB_USER);
  url.password = encodeURIComponent(DB_PASSWORD);
  url.pathname = `/${encodeURIComponent(DB_NAME)}`;
  return url.toString();
}

/** Removes the target when it is a database without any table, as a first start makes it; one with tables stays. Returns whether one stays. */
export async function clearEmptyTarget(url: string): Promise<boolean> {
  const database = databaseOf(url);
  const inside = new pg.Client({ connectionString: url });
  const isThere = await inside.connect().then(() => true, (error: { code?: string }) => {
    if (error.code === "3D000") return false;
    throw new AppError("unavailable", `The server of ${database} cannot be used: ${String((error as Error).message)}.`, { cause: error });
  });
  if (!isThere) return false;
  const { rowCount } = await inside.query("SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' LIMIT 1");
  await inside.end();
  if (rowCount !== 0) return true;
  const server = new pg.Client({ connectionString: withDatabaseName(url, "postgres") });
  await server.connect();
  await server.query(`DROP DATABASE ${pg.escapeIdentifier(database)}`);
  await server.end();
  return false;
}

/** Where working folders are made. */
export async function scratchParent(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = `${dataDirOf(env)}/scratch`;
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
