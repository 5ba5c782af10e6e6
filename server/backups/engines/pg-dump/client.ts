/** The newest pg_dump of this machine. Distributions keep each version in a folder of its own; PATH may hold only a wrapper. */
import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Folders that hold one folder for each version, and what comes below it. */
const PLACES = [
  { root: "/usr/lib/postgresql", below: "bin" },
  { root: "/usr/local/opt", below: "bin" },
  { root: "/opt/homebrew/opt", below: "bin" },
  { root: "/usr", below: "bin", pattern: /^pgsql-\d+$/ },
  { root: "/Program Files/PostgreSQL", below: "bin" },
];
const PLAIN_FOLDERS = ["/usr/local/bin", "/usr/bin", "/usr/local/pgsql/bin"];
/** A program that does not print its version in this time is not pg_dump. */
const VERSION_TIMEOUT_MS = 5_000;

export type PgDumpClient = { file: string; version: string; major: number };

async function candidates(): Promise<string[]> {
  const found: string[] = [];
  for (const { root, below, pattern = /^(postgresql@?)?\d+$/ } of PLACES) {
    const names = await fs.readdir(root).catch(() => []);
    found.push(...names.filter((name) => pattern.test(name)).map((name) => path.join(root, name, below)));
  }
  const program = process.platform === "win32" ? "pg_dump.exe" : "pg_dump";
  return [...found, ...PLAIN_FOLDERS].map((folder) => path.join(folder, program));
}

/** What each program said of itself, by where it is and when it was written: starting it costs more than all else here. */
const known = new Map<string, PgDumpClient>();

async function versionOf(file: string): Promise<PgDumpClient | null> {
  try {
    const { stdout } = await run(file, ["--version"], { timeout: VERSION_TIMEOUT_MS, env: { NODE_ENV: "production", PATH: "/usr/bin:/bin", LC_ALL: "C" } });
    const version = /\(PostgreSQL\) (\d+(?:\.\d+)?)/.exec(stdout)?.[1];
    return version ? { file, version, major: Number.parseInt(version, 10) } : null;
  } catch {
    return null; // not a program that runs here
  }
}

async function clientAt(file: string): Promise<PgDumpClient | null> {
  const facts = await fs.stat(file).catch(() => null);
  if (!facts) return null;
  const key = `${file} ${facts.ino} ${facts.mtimeMs} ${facts.size}`;
  const seen = known.get(key);
  if (seen !== undefined) return seen;
  const client = await versionOf(file);
  // One that did not answer may do so the next time.
  if (client) known.set(key, client);
  return client;
}

/** Looks each time, for a client may be installed or replaced while the console runs. */
export async function findPgDump(): Promise<PgDumpClient | null> {
  const clients = (await Promise.all((await candidates()).map(clientAt))).filter((client) => client !== null);
  return clients.toSorted((a, b) => b.major - a.major || b.version.localeCompare(a.version, "en", { numeric: true }))[0] ?? null;
}
