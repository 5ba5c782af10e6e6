import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findInstance } from "./main/instance.ts";
import { environment } from "./platform/config.ts";
import { findEmbedded } from "./platform/embedded/cluster.ts";
import { isAlive, until } from "./platform/embedded/live-process.ts";
import { freePort } from "./platform/embedded/settings.ts";
import { emptyDatabase } from "./platform/testing/database.ts";

const ROOT = path.join(import.meta.dirname, "..");
const START_MS = 45_000;
const GOOD_SECRET = "q7Rm2xV9-kT4w-Zb8s-Lc5n-Jd3h-Yf6g";

type Launched = { process: ChildProcess; output: () => string; exitCode: Promise<number | null> };

let dataDir = "";
let port = 0;
let launched: Launched[] = [];

/** What a shell has, without what the test runner added. */
const shell = (): NodeJS.ProcessEnv => {
  const { PATH, HOME, SEAWORTHY_INTERNAL_DIST, NODE_ENV, NODE_V8_COVERAGE } = environment();
  return { PATH, HOME, NODE_ENV, NODE_V8_COVERAGE, ...(SEAWORTHY_INTERNAL_DIST ? { SEAWORTHY_INTERNAL_DIST } : {}) };
};

function launch(env: Record<string, string> = {}, args: string[] = []): Launched {
  const all = { ...shell(), SEAWORTHY_DATA_DIR: dataDir, PORT: String(port), SEAWORTHY_SHUTDOWN_TIMEOUT_MS: "8000", ...env };
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "main.ts"), ...args], { cwd: ROOT, env: all, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (part: Buffer) => (text += part.toString()));
  child.stderr.on("data", (part: Buffer) => (text += part.toString()));
  const one = { process: child, output: () => text, exitCode: once(child, "exit").then(([code]) => code as number | null) };
  launched.push(one);
  return one;
}

const liveStatus = async (): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => null);
  await response?.text();
  return response?.status ?? 0;
};

async function untilOpen(one: Launched): Promise<void> {
  await vi.waitFor(() => expect(one.output()).toMatch(/Open .*http:/), { timeout: START_MS, interval: 50 });
  expect({ live: await liveStatus(), output: one.output() }).toMatchObject({ live: 200 });
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: (await findEmbedded(dataDir))?.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const childPids = () => (findInstance(dataDir)?.children ?? []).map(({ pid }) => pid);

beforeAll(() => {
  const built = path.join(ROOT, environment().SEAWORTHY_INTERNAL_DIST ?? ".next", "BUILD_ID");
  if (!fs.existsSync(built)) throw new Error("These tests start the built console: run `npm run build` first.");
});

beforeEach(async () => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-main-"));
  port = await freePort();
});

afterEach(async () => {
  for (const one of launched) {
    if (one.process.exitCode === null && one.process.signalCode === null) one.process.kill("SIGTERM");
    await one.exitCode;
  }
  launched = [];
  await (await findEmbedded(dataDir))?.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

describe("a console that may not start says why", () => {
  test("the port is taken: it names the port and how to choose another, and starts nothing", async () => {
    const intruder = net.createServer().listen(port, "127.0.0.1");
    await once(intruder, "listening");
    const one = launch();
    expect(await one.exitCode).toBe(1);
    expect(one.output()).toContain(`Port ${port} on 127.0.0.1 is taken by another program`);
    expect(one.output()).toContain(`PORT=${port + 1} npm start`);
    expect(fs.existsSync(path.join(dataDir, "postgres"))).toBe(false);
    intruder.close();
  });

  test("the environment is unusable: every problem at once, code 78", async () => {
    const one = launch({ PORT: "http", SEAWORTHY_PROT: "1", AUTH_SECRET: "short", LOG_LEVEL: "loud", SEAWORTHY_ADMIN_EMAIL: "a@example.com" });
    expect(await one.exitCode).toBe(78);
    for (const word of ["PORT ", "SEAWORTHY_PROT is not a name this version knows", "AUTH_SECRET must have at least 32", "LOG_LEVEL", "must be set together"]) expect(one.output()).toContain(word);
    expect(fs.readdirSync(dataDir)).toEqual([]);
  });

  test("a database of somebody else needs its secrets from the environment", async () => {
    const one = launch({ DATABASE_URL: "postgresql://127.0.0.1:1/x" });
    expect(await one.exitCode).toBe(78);
    for (const word of ["AUTH_SECRET is required", "SEAWORTHY_KEYRING_FILE is required"]) expect(one.output()).toContain(word);
  });

  test.each(["web", "worker"])("the role %s refuses a database with pending migrations", async (role) => {
    const empty = await emptyDatabase();
    const one = launch({ DATABASE_URL: empty.url, AUTH_SECRET: GOOD_SECRET, SEAWORTHY_KEYRING_FILE: "unused" }, ["--role", role]);
    expect(await one.exitCode).toBe(1);
    expect(one.output()).toMatch(/lacks \d+ migrations of this version[\s\S]*npm run cli -- migrate/);
    await empty.drop();
  });
});

describe("a console", () => {
  test("opens on an empty folder, and ends everything in order", async () => {
    const one = launch();
    await untilOpen(one);
    expect(one.output()).toMatch(new RegExp(`http://127.0.0.1:${port}/setup\\?token=\\S+`));
    const pids = childPids();
    expect(pids).toHaveLength(2);
    one.process.kill("SIGTERM");
    expect({ code: await one.exitCode, output: one.output() }).toMatchObject({ code: 0 });
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await findEmbedded(dataDir)).toBeNull();
    expect(fs.existsSync(path.join(dataDir, "running.json"))).toBe(false);
  });

  test("creates the first administrator from the environment, once", async () => {
    const one = launch({ SEAWORTHY_ADMIN_EMAIL: "ops@example.com", SEAWORTHY_ADMIN_PASSWORD: "an-unusual-phrase-84" });
    await untilOpen(one);
    expect(one.output()).not.toContain("/setup?token=");
    expect(await query('SELECT email, role::text FROM "user"')).toEqual([{ email: "ops@example.com", role: "admin" }]);
  });

  test("of two launchers on one folder the second says who runs and harms nothing", async () => {
    const first = launch();
    await untilOpen(first);
    const second = launch({ PORT: String(port + 1) });
    expect(await second.exitCode).toBe(0);
    expect(second.output()).toContain(`already runs at http://127.0.0.1:${port} (process ${first.process.pid})`);
    expect(await liveStatus()).toBe(200);
  });

  test("starts again after kill -9, at the same address, with its data and without orphans", async () => {
    const first = launch();
    await untilOpen(first);
    const orphans = childPids();
    await query("CREATE TABLE kept AS SELECT 7 AS n");
    first.process.kill("SIGKILL");
    await first.exitCode;
    const second = launch();
    await untilOpen(second);
    expect(orphans.filter(isAlive)).toEqual([]);
    expect(second.output()).toContain("found running");
    expect(await query("SELECT n FROM kept")).toEqual([{ n: 7 }]);
  });

  test("outlives its database: kill -9 of PostgreSQL ends no process, and it comes back", async () => {
    const one = launch();
    await untilOpen(one);
    const pids = childPids();
    const database = await findEmbedded(dataDir);
    const killed = database?.pid ?? 0;
    process.kill(killed, "SIGKILL");
    await vi.waitFor(async () => expect([undefined, killed]).not.toContain((await findEmbedded(dataDir))?.pid), { timeout: 20_000, interval: 200 });
    expect(await query("SELECT 1 AS n")).toEqual([{ n: 1 }]);
    expect(await liveStatus()).toBe(200);
    expect(childPids()).toEqual(pids);
    expect(await until(() => pids.every(isAlive), 0)).toBe(true);
  });
});
