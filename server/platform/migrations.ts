/**
 * Migrations as the database and this version know them. Reading the state takes one query; the Prisma CLI runs only
 * when something is pending. It can exit 0 without having done its work, so the state is read again afterwards.
 * Two processes that migrate at once wait for each other. A database from a newer version is refused, untouched.
 */
import { execFile } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { environment } from "./config.ts";
import { AppError } from "./errors.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const MIGRATIONS = path.join(ROOT, "prisma/migrations");
/** Key of the advisory lock under which migrations run; any constant of our own. */
const LOCK_KEY = 7_329_001;
/** A migration may rewrite large tables. */
const CLI_TIMEOUT_MS = 10 * 60_000;
const UNDEFINED_TABLE = "42P01";

export type MigrationState = {
  /** Known to this version and not yet applied, in order. */
  pending: string[];
  /** Applied by a newer version. */
  unknown: string[];
  /** Begun and not finished; needs a person. */
  failed: string[];
};

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "seaworthy migrations" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

type Row = { migration_name: string; finished_at: Date | null };

async function recorded(client: pg.Client): Promise<Row[]> {
  try {
    const result = await client.query<Row>("SELECT migration_name, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL");
    return result.rows;
  } catch (error) {
    if ((error as { code?: string }).code === UNDEFINED_TABLE) return [];
    throw error;
  }
}

/** Names of the migrations this version brings, in order. */
export function knownMigrations(): string[] {
  const entries = fs.readdirSync(MIGRATIONS, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).toSorted();
}

/** Compares the folder of migrations with the database's own record. Throws when the database cannot be reached. */
export async function readMigrationState(url: string): Promise<MigrationState> {
  const rows = await withClient(url, recorded);
  const known = knownMigrations();
  const names = new Set(rows.map((row) => row.migration_name));
  return {
    pending: known.filter((name) => !names.has(name)),
    unknown: [...names].filter((name) => !known.includes(name)).toSorted(),
    failed: rows.filter((row) => row.finished_at === null).map((row) => row.migration_name),
  };
}

/** Throws `precondition` when this version may not touch the database: it is newer, or a migration failed half-way. */
export function assertUsable(state: MigrationState): void {
  if (state.unknown.length > 0) {
    throw new AppError("precondition", `The database was migrated by a newer version (${state.unknown.join(", ")}). Nothing was changed. Start that version, or restore a backup from before the upgrade.`);
  }
  if (state.failed.length > 0) {
    throw new AppError("precondition", `The migration ${state.failed.join(", ")} failed half-way. Repair it, then run: npx prisma migrate resolve --applied or --rolled-back ${state.failed[0]}`);
  }
}

/** Throws `precondition` when anything is pending, for a role that may not migrate. */
export function assertMigrated(state: MigrationState): void {
  assertUsable(state);
  if (state.pending.length > 0) {
    throw new AppError("precondition", `The database lacks ${state.pending.length} migration${state.pending.length === 1 ? "" : "s"} of this version (${state.pending.join(", ")}). Run: npm run cli -- migrate`);
  }
}

async function deploy(url: string): Promise<void> {
  const cli = createRequire(import.meta.url).resolve("prisma/build/index.js");
  try {
    await promisify(execFile)(process.execPath, [cli, "migrate", "deploy"], { cwd: ROOT, timeout: CLI_TIMEOUT_MS, env: childEnvironment(url) });
  } catch (error) {
    const { stderr = "", stdout = "" } = error as { stderr?: string; stdout?: string };
    throw new AppError("unavailable", `The migration failed; finished migrations were kept.\n${`${stdout}\n${stderr}`.trim()}`, { cause: error });
  }
}

/** The CLI needs the usual variables and the address; it must find our node, because its engine is a script. */
function childEnvironment(url: string): NodeJS.ProcessEnv {
  const env = environment();
  return { ...env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${env.PATH}`, DATABASE_URL: url };
}

/** Applies what is pending and returns the names; an empty list when there was nothing to do. */
export async function applyMigrations(url: string): Promise<string[]> {
  const pending = async () => {
    const state = await readMigrationState(url);
    assertUsable(state);
    return state.pending;
  };
  if ((await pending()).length === 0) return [];
  return withClient(url, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
    const names = await pending(); // another process may have done it meanwhile
    if (names.length > 0) await deploy(url);
    assertMigrated(await readMigrationState(url));
    return names;
  });
}
