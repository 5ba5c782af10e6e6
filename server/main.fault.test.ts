import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startSystemPostgres } from "./backups/testing/system-postgres.ts";
import { findInstance } from "./main/instance.ts";
import { environment } from "./platform/config.ts";
import { findEmbedded } from "./platform/embedded/cluster.ts";
import { isAlive, until } from "./platform/embedded/live-process.ts";
import { freePort } from "./platform/embedded/settings.ts";
import { ensureSecrets } from "./platform/secrets.ts";
import { emptyDatabase } from "./platform/testing/database.ts";

const ROOT = path.join(import.meta.dirname, "..");
const START_MS = 45_000;
const GOOD_SECRET = "q7Rm2xV9-kT4w-Zb8s-Lc5n-Jd3h-Yf6g";

type Launched = { home: Home; process: ChildProcess; output: () => string; exitCode: Promise<number | null> };

type Home = { dataDir: string; port: number };

const newHome = async (): Promise<Home> => ({ dataDir: fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-main-")), port: await freePort() });
let launched: Launched[] = [];

/** Ends what was launched and takes the folder away. */
async function leave(home: Home): Promise<void> {
  for (const one of launched) {
    if (one.process.exitCode === null && one.process.signalCode === null) one.process.kill("SIGTERM");
    await one.exitCode;
  }
  launched = [];
  await (await findEmbedded(home.dataDir))?.stop();
  fs.rmSync(home.dataDir, { recursive: true, force: true });
}

/** What a shell has, without what the test runner added. */
const shell = (): NodeJS.ProcessEnv => {
  const { PATH, HOME, SEAWORTHY_INTERNAL_DIST, NODE_ENV, NODE_V8_COVERAGE } = environment();
  return { PATH, HOME, NODE_ENV, NODE_V8_COVERAGE, ...(SEAWORTHY_INTERNAL_DIST ? { SEAWORTHY_INTERNAL_DIST } : {}) };
};

function launch(home: Home, env: Record<string, string> = {}, args: string[] = []): Launched {
  const all = { ...shell(), SEAWORTHY_DATA_DIR: home.dataDir, PORT: String(home.port), SEAWORTHY_SHUTDOWN_TIMEOUT_MS: "8000", ...env };
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "main.ts"), ...args], { cwd: ROOT, env: all, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (part: Buffer) => (text += part.toString()));
  child.stderr.on("data", (part: Buffer) => (text += part.toString()));
  const one = { home, process: child, output: () => text, exitCode: once(child, "exit").then(([code]) => code as number | null) };
  launched.push(one);
  return one;
}

const liveStatus = async ({ port }: Home): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => null);
  await response?.text();
  return response?.status ?? 0;
};

async function untilOpen(one: Launched): Promise<void> {
  await vi.waitFor(() => expect(one.output()).toMatch(/Open .*http:/), { timeout: START_MS, interval: 50 });
  expect({ live: await liveStatus(one.home), output: one.output() }).toMatchObject({ live: 200 });
}

async function query({ dataDir }: Home, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: (await findEmbedded(dataDir))?.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const childPids = ({ dataDir }: Home) => (findInstance(dataDir)?.children ?? []).map(({ pid }) => pid);

beforeAll(() => {
  const built = path.join(ROOT, environment().SEAWORTHY_INTERNAL_DIST ?? ".next", "BUILD_ID");
  if (!fs.existsSync(built)) throw new Error("These tests start the built console: run `npm run build` first.");
});

/** The library that fakes the wall clock of a process and of all that it starts. */
function fakeTimeLibrary(): string {
  const [found] = fs.globSync("/usr/lib/**/faketime/libfaketimeMT.so.1");
  if (!found) throw new Error("libfaketime is missing: install the package faketime, or run `npm test`.");
  return found;
}

describe("a console that may not start says why", () => {
  let home: Home;
  beforeEach(async () => {
    home = await newHome();
  });
  afterEach(() => leave(home));

  test("the port is taken: it names the port and how to choose another, and starts nothing", async () => {
    const intruder = net.createServer().listen(home.port, "127.0.0.1");
    await once(intruder, "listening");
    const one = launch(home);
    expect(await one.exitCode).toBe(1);
    expect(one.output()).toContain(`Port ${home.port} on 127.0.0.1 is taken by another program`);
    expect(one.output()).toContain(`PORT=${home.port + 1} npm start`);
    expect(fs.existsSync(path.join(home.dataDir, "postgres"))).toBe(false);
    intruder.close();
  });

  test("the environment is unusable: every problem at once, code 78", async () => {
    const one = launch(home, { PORT: "http", SEAWORTHY_PROT: "1", AUTH_SECRET: "short", LOG_LEVEL: "loud", SEAWORTHY_ADMIN_EMAIL: "a@example.com" });
    expect(await one.exitCode).toBe(78);
    for (const word of ["PORT ", "SEAWORTHY_PROT is not a name this version knows", "AUTH_SECRET must have at least 32", "LOG_LEVEL", "must be set together"]) expect(one.output()).toContain(word);
    expect(fs.readdirSync(home.dataDir)).toEqual([]);
  });

  test("a database of somebody else needs its secrets from the environment", async () => {
    const one = launch(home, { DATABASE_URL: "postgresql://127.0.0.1:1/x" });
    expect(await one.exitCode).toBe(78);
    for (const word of ["AUTH_SECRET is required", "SEAWORTHY_KEYRING_FILE is required"]) expect(one.output()).toContain(word);
  });

  test.each(["web", "worker"])("the role %s refuses a database with pending migrations", async (role) => {
    const empty = await emptyDatabase();
    const one = launch(home, { DATABASE_URL: empty.url, AUTH_SECRET: GOOD_SECRET, SEAWORTHY_KEYRING_FILE: "unused" }, ["--role", role]);
    expect(await one.exitCode).toBe(1);
    expect(one.output()).toMatch(/lacks \d+ migrations of this version[\s\S]*npm run cli -- migrate/);
    await empty.drop();
  });
});

/** The queries of every release must be understood by the oldest server that is promised. */
test("a console over a PostgreSQL of the system's own, an older one, migrates, opens, and watches itself", async () => {
  const [home, system] = [await newHome(), await startSystemPostgres()];
  try {
    expect(system.major).toBeLessThan(18);
    const one = launch(home, { ...ensureSecrets(home.dataDir), DATABASE_URL: system.url });
    await untilOpen(one);
    expect(one.output()).toMatch(/\d+ applied/);
    const client = new pg.Client({ connectionString: system.url });
    await client.connect();
    const seen = async () => (await client.query("SELECT state::text AS state FROM service")).rows;
    await vi.waitFor(async () => expect(await seen()).toEqual([{ state: "up" }]), { timeout: START_MS, interval: 200 });
    await client.end();
    expect((await fetch(`http://127.0.0.1:${home.port}/health/ready`)).status).toBe(200);
    expect(one.output()).not.toMatch(/"level":50/);
  } finally {
    await leave(home);
    await system.close();
  }
});

/** One console from its first start on, each test going on where the one before it stopped: what takes long is to begin anew. */
describe("a console", () => {
  let home: Home;
  let current: Launched;
  beforeAll(async () => {
    home = await newHome();
  });
  afterAll(() => leave(home));
  const start = async (env: Record<string, string> = {}) => {
    current = launch(home, env);
    await untilOpen(current);
  };

  test("opens on an empty folder with a link for the first administrator", async () => {
    await start();
    expect(current.output()).toMatch(new RegExp(`http://127.0.0.1:${home.port}/setup\\?token=\\S+`));
    expect(childPids(home)).toHaveLength(2);
  });

  test("of two launchers on one folder the second says who runs and harms nothing", async () => {
    const second = launch(home, { PORT: String(home.port + 1) });
    expect(await second.exitCode).toBe(0);
    expect(second.output()).toContain(`already runs at http://127.0.0.1:${home.port} (process ${current.process.pid})`);
    expect(await liveStatus(home)).toBe(200);
  });

  test("outlives its database: kill -9 of PostgreSQL ends no process, and it comes back", async () => {
    const pids = childPids(home);
    const killed = (await findEmbedded(home.dataDir))?.pid ?? 0;
    process.kill(killed, "SIGKILL");
    await vi.waitFor(async () => expect([undefined, killed]).not.toContain((await findEmbedded(home.dataDir))?.pid), { timeout: 20_000, interval: 200 });
    expect(await query(home, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    expect(await liveStatus(home)).toBe(200);
    expect(childPids(home)).toEqual(pids);
    expect(await until(() => pids.every(isAlive), 0)).toBe(true);
  });

  test("starts again after kill -9, at the same address, with its data and without orphans, and creates the administrator that the environment names", async () => {
    const orphans = childPids(home);
    await query(home, "CREATE TABLE kept AS SELECT 7 AS n");
    current.process.kill("SIGKILL");
    await current.exitCode;
    await start({ SEAWORTHY_ADMIN_EMAIL: "ops@example.com", SEAWORTHY_ADMIN_PASSWORD: "an-unusual-phrase-84" });
    expect(orphans.filter(isAlive)).toEqual([]);
    expect(current.output()).toContain("found running");
    expect(current.output()).not.toContain("/setup?token=");
    expect(await query(home, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
    expect(await query(home, 'SELECT email, role::text FROM "user"')).toEqual([{ email: "ops@example.com", role: "admin" }]);
  });

  test("ends everything in order", async () => {
    const pids = childPids(home);
    current.process.kill("SIGTERM");
    expect({ code: await current.exitCode, output: current.output() }).toMatchObject({ code: 0 });
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await findEmbedded(home.dataDir)).toBeNull();
    expect(fs.existsSync(path.join(home.dataDir, "running.json"))).toBe(false);
  });

  test.runIf(process.platform === "linux")("lives by a clock two hours back, goes on when it leaps a year ahead, and when it is set right again", async () => {
    const clock = path.join(home.dataDir, "clock");
    const set = (by: string) => fs.writeFileSync(clock, by);
    set("-2h");
    // Durations stay true, as they do when an operator sets a clock. The wall clock reads its file anew every second.
    await start({ LD_PRELOAD: fakeTimeLibrary(), FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_CACHE_DURATION: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" });
    const lastSeen = async () => (await query(home, "SELECT last_result_at AS at FROM service_check"))[0] as { at: Date };
    const hoursAhead = async () => ((await lastSeen()).at.getTime() - Date.now()) / 3_600_000;
    const healthy = async () => (await fetch(`http://127.0.0.1:${home.port}/health/ready`)).status;
    const patience = { timeout: START_MS, interval: 200 };
    // The results of today lie ahead of this clock: none of them is believed to be the newest.
    await vi.waitFor(async () => expect(Math.round(await hoursAhead())).toBe(-2), patience);
    set("+365d");
    await vi.waitFor(async () => expect(Math.round(await hoursAhead())).toBe(365 * 24), patience);
    await vi.waitFor(async () => expect(await healthy()).toBe(200), patience);
    const states = await query(home, "SELECT from_state::text || ' to ' || to_state::text AS step FROM service_transition WHERE check_id IS NULL ORDER BY id DESC LIMIT 2");
    expect(states, "nobody watched for a year").toEqual([{ step: "unknown to up" }, { step: "up to unknown" }]);
    set("+0");
    await vi.waitFor(async () => expect(Math.abs(await hoursAhead())).toBeLessThan(1), patience);
    await vi.waitFor(async () => expect(await healthy()).toBe(200), patience);
    expect(current.output()).not.toContain("TimeoutOverflowWarning");
    current.process.kill("SIGTERM");
    expect(await current.exitCode).toBe(0);
  });
});
