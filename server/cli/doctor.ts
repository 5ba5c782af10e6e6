/**
 * `doctor`: looks at everything the console needs and changes nothing: environment, data folder, disk, database,
 * migrations. It starts no database; an embedded one that does not run is no problem.
 */
import fs from "node:fs/promises";
import pg from "pg";
import { checkEnvironment, dataDirOf, isEmbedded } from "../main/environment.ts";
import { findInstance } from "../main/instance.ts";
import { ConfigError } from "../platform/config.ts";
import { findEmbedded } from "../platform/embedded/cluster.ts";
import { assertMigrated, readMigrationState } from "../platform/migrations.ts";
import { EXIT, type CommandResult } from "./command.ts";

/** Below this, a few days of results or one backup may fill the disk. */
const LOW_DISK_BYTES = 1024 ** 3;
const CONNECT_TIMEOUT_MS = 5_000;
/** PostgreSQL 15, as server_version_num counts. */
const OLDEST_SERVER = 150_000;

type Finding = { name: string; state: "ok" | "warning" | "problem"; detail: string };

const finding = (name: string, state: Finding["state"], detail: string): Finding => ({ name, state, detail });
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function lookAtEnvironment(env: NodeJS.ProcessEnv): Finding[] {
  try {
    checkEnvironment(env);
    return [finding("environment", "ok", isEmbedded(env) ? "complete, with the embedded database" : "complete, with DATABASE_URL")];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => finding("environment", "problem", problem));
  }
}

async function lookAtFolder(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const dir = dataDirOf(env);
  const facts = await fs.stat(dir).catch(() => null);
  if (!facts) return [finding("data folder", "ok", `${dir} does not exist yet; npm start creates it`)];
  const isPrivate = process.platform === "win32" || (facts.mode & 0o066) === 0;
  const { bavail, bsize } = await fs.statfs(dir);
  const freeBytes = bavail * bsize;
  const running = findInstance(dir);
  return [
    isPrivate ? finding("data folder", "ok", dir) : finding("data folder", "problem", `${dir} can be read by others: chmod 700`),
    finding("disk", freeBytes < LOW_DISK_BYTES ? "warning" : "ok", `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free`),
    finding("console", "ok", running ? `runs at ${running.address} (process ${running.pid})` : "does not run here"),
  ];
}

async function lookInside(url: string): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
    const answer = await client.query<{ version: string; number: number }>("SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number");
    const { version = "unknown", number = 0 } = answer.rows[0] ?? {};
    const isOld = number < OLDEST_SERVER;
    return [finding("database", isOld ? "problem" : "ok", `PostgreSQL ${version}${isOld ? "; 15 or newer is needed" : ""}`), await lookAtMigrations(url)];
  } catch (error) {
    return [finding("database", "problem", `cannot be reached: ${messageOf(error)}`)];
  } finally {
    await client.end();
  }
}

async function lookAtMigrations(url: string): Promise<Finding> {
  try {
    assertMigrated(await readMigrationState(url));
    return finding("migrations", "ok", "all applied");
  } catch (error) {
    return finding("migrations", "problem", messageOf(error));
  }
}

async function lookAtDatabase(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  if (!isEmbedded(env)) return lookInside(String(env.DATABASE_URL));
  const running = await findEmbedded(dataDirOf(env));
  return running ? lookInside(running.url) : [finding("database", "ok", "the embedded PostgreSQL does not run; npm start starts it")];
}

/** Looks at everything; exit code 1 when there is a problem. */
export async function doctorCommand(_args: string[], env: NodeJS.ProcessEnv): Promise<CommandResult> {
  const environmentFindings = lookAtEnvironment(env);
  const findings = [...environmentFindings, ...(await lookAtFolder(env)), ...(await lookAtDatabase(env))];
  const hasProblem = findings.some(({ state }) => state === "problem");
  const marks = { ok: "✓", warning: "!", problem: "✗" };
  const lines = findings.map(({ name, state, detail }) => `  ${marks[state]} ${name.padEnd(12)} ${detail}`);
  return { exitCode: hasProblem ? EXIT.failed : EXIT.ok, output: { ok: !hasProblem, findings }, lines };
}
