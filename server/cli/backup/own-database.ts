/** The console's own database as source and target, found by the environment: embedded in the data folder, or DATABASE_URL. */
import fs from "node:fs/promises";
import pg from "pg";
import { databaseOf, resolvePostgres, withDatabaseName } from "../../backups/engines/postgres/address.ts";
import { withClient } from "../../backups/engines/postgres/connect.ts";
import { dataDirOf, isEmbedded } from "../../main/environment.ts";
import { findEmbedded, startEmbedded } from "../../platform/embedded/cluster.ts";
import { cliWorld, fromEnvironment, UsageError } from "./options.ts";

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

const TABLES = `SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' LIMIT 1`;
const NO_SUCH_DATABASE = "3D000";

async function ask(url: string, sql: string): Promise<number> {
  const at = await resolvePostgres({ url, reach: "direct" }, cliWorld());
  return withClient(at, undefined, async (client) => (await client.query(sql)).rowCount ?? 0);
}

/** Removes the target when it is a database without any table, as a first start makes it; one with tables stays. Returns whether one stays. */
export async function clearEmptyTarget(url: string): Promise<boolean> {
  try {
    if ((await ask(url, TABLES)) > 0) return true;
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause;
    if (cause?.code === NO_SUCH_DATABASE) return false;
    throw error;
  }
  await ask(withDatabaseName(url, "postgres"), `DROP DATABASE ${pg.escapeIdentifier(databaseOf(url))}`);
  return false;
}

/** Where working folders are made. */
export async function scratchParent(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = `${dataDirOf(env)}/scratch`;
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
