import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyDatabase } from "../server/platform/testing/database.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-scripts-"));
const keyFile = path.join(folder, "keyring.json");
const backups = path.join(folder, "backups");
let database: Awaited<ReturnType<typeof emptyDatabase>>;
let settings: NodeJS.ProcessEnv;

type Ended = { code: number | null; output: string };

/** Runs a script to its end with nothing but the given environment. */
function run(script: string, args: string[], given: { env?: Record<string, string>; input?: string } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(ROOT, "scripts", script), args, { env: { ...settings, ...given.env }, stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (part: Buffer) => (output += part.toString()));
    child.stderr.on("data", (part: Buffer) => (output += part.toString()));
    child.on("close", (code) => resolve({ code, output }));
    // A script that ends before it asks has closed what is written here.
    child.stdin.on("error", (error: NodeJS.ErrnoException) => (error.code === "EPIPE" ? undefined : reject(error)));
    child.stdin.end(given.input ?? "");
  });
}

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

const archives = (dir = backups) => (fs.existsSync(dir) ? fs.readdirSync(dir, { recursive: true }).map(String).filter((name) => name.endsWith(".swb")) : []);

beforeAll(async () => {
  database = await emptyDatabase();
  await ask("CREATE TABLE metrics (id int PRIMARY KEY); INSERT INTO metrics SELECT generate_series(1, 100)");
  fs.writeFileSync(keyFile, JSON.stringify({ current: "k1", keys: { k1: Buffer.alloc(32, 3).toString("base64") } }), { mode: 0o600 });
  const url = new URL(database.url);
  settings = {
    NODE_ENV: "test",
    PATH: process.env.PATH,
    HOME: folder,
    SEAWORTHY_DATA_DIR: path.join(folder, "data"),
    DB_HOST: url.hostname,
    DB_PORT: url.port,
    DB_NAME: url.pathname.slice(1),
    DB_USER: url.username,
    DB_PASSWORD: decodeURIComponent(url.password),
    BACKUP_DIR: backups,
    BACKUP_KEY_FILE: keyFile,
  };
});

afterAll(async () => {
  await database.drop();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe("backup-database.sh", () => {
  test("makes the folder, stores a timestamped archive, says begin and end (MDL3-033, MDL3-036, MDL3-037)", async () => {
    const { code, output } = await run("backup-database.sh", []);
    expect(output).toMatch(/begins, into .*backups[\s\S]*stored[\s\S]*is done/);
    expect(code).toBe(0);
    expect(archives()).toEqual([expect.stringMatching(/_\d{8}_\d{6}_[A-Z0-9]+\.swb$/)]);
    expect(fs.statSync(backups).mode & 0o077).toBe(0);
    expect(output).not.toContain(settings.DB_PASSWORD);
  });

  test.each<{ env: Record<string, string>; code: number; says: RegExp }>([
    { env: { DB_PASSWORD: "" }, code: 2, says: /DB_PASSWORD is not set/ },
    { env: { DB_PASSWORD: "wrong" }, code: 1, says: /the password is wrong/ },
    { env: { RETENTION_DAYS: "6" }, code: 2, says: /at least 7/ },
    { env: { RETENTION_DAYS: "soon" }, code: 2, says: /whole number/ },
    { env: { BACKUP_KEY_FILE: "/nowhere" }, code: 2, says: /cannot be read/ },
  ])("fails cleanly: $says (MDL3-034, MDL3-041)", async ({ env, code, says }) => {
    const before = archives().length;
    const ended = await run("backup-database.sh", [], { env });
    expect(ended.output).toMatch(says);
    expect(ended.code).toBe(code);
    expect(archives()).toHaveLength(before);
  });
});

describe("restore-database.sh", () => {
  test("without a backup prints its usage and ends with 1 (MDL3-044)", async () => {
    const { code, output } = await run("restore-database.sh", []);
    expect(output).toContain("Usage: restore-database.sh <backup> | latest");
    expect(code).toBe(1);
  });

  test("anything but yes cancels, changes nothing and ends with 0 (MDL3-045, MDL3-047)", async () => {
    await ask("INSERT INTO metrics VALUES (1000)");
    for (const input of ["no\n", "YES\n", "y\n", "\n", ""]) {
      const { code, output } = await run("restore-database.sh", ["latest"], { input });
      expect(output).toContain("Cancelled. Nothing was changed.");
      expect(code).toBe(0);
    }
    expect(await ask("SELECT count(*)::int AS rows FROM metrics")).toEqual([{ rows: 101 }]);
  });

  test("yes brings the backup back, proven, and keeps the former database (MDL3-046, MDL3-048, MDL3-068)", async () => {
    const { code, output } = await run("restore-database.sh", [archives()[0] ?? ""], { input: "yes\n" });
    expect(output).toMatch(/1 tables, 100 rows, equal[\s\S]*kept as/);
    expect(code).toBe(0);
    expect(await ask("SELECT count(*)::int AS rows FROM metrics")).toEqual([{ rows: 100 }]);
    const former = /kept as (\S+)\./.exec(output)?.[1] ?? "";
    await ask(`DROP DATABASE "${former}"`);
  });

  test("a damaged archive is refused after yes too, and nothing changes", async () => {
    const file = path.join(backups, archives()[0] ?? "");
    const bytes = fs.readFileSync(file);
    fs.writeFileSync(file, bytes.subarray(0, -1));
    const { code, output } = await run("restore-database.sh", [path.basename(file)], { input: "yes\n" });
    expect(output).toMatch(/damaged.*not touched/);
    expect(code).toBe(1);
    expect(await ask("SELECT count(*)::int AS rows FROM metrics")).toEqual([{ rows: 100 }]);
  });
});

test("backup-files.sh archives the data folder without the embedded database (MDL3-049, MDL3-050, MDL3-052)", async () => {
  const data = path.join(folder, "files");
  fs.mkdirSync(path.join(data, "postgres"), { recursive: true });
  fs.writeFileSync(path.join(data, "postgres", "base"), "x");
  fs.writeFileSync(path.join(data, "kept.txt"), "kept");
  const target = path.join(folder, "file-backups");
  const { code, output } = await run("backup-files.sh", [], { env: { DATA_DIR: data, BACKUP_DIR: target } });
  expect(output).toContain("1 files");
  expect(code).toBe(0);
  expect(archives(target)).toEqual([expect.stringMatching(/^seaworthy-files\/seaworthy-files_\d{8}_\d{6}_/)]);
});
