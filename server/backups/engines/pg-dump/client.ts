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

async function versionOf(file: string): Promise<PgDumpClient | null> {
  try {
    const { stdout } = await run(file, ["--version"], { timeout: VERSION_TIMEOUT_MS, env: { NODE_ENV: "production", PATH: "/usr/bin:/bin", LC_ALL: "C" } });
    const version = /\(PostgreSQL\) (\d+(?:\.\d+)?)/.exec(stdout)?.[1];
    return version ? { file, version, major: Number.parseInt(version, 10) } : null;
  } catch {
    return null; // not there, or not a program that runs here
  }
}

/** Looks each time: a client may be installed while the console runs, and the look costs some ten milliseconds. */
export async function findPgDump(): Promise<PgDumpClient | null> {
  const clients = (await Promise.all((await candidates()).map(versionOf))).filter((client) => client !== null);
  return clients.toSorted((a, b) => b.major - a.major || b.version.localeCompare(a.version, "en", { numeric: true }))[0] ?? null;
}
