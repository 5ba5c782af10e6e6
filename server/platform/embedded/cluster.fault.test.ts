import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startEmbedded, type Embedded } from "./cluster.ts";
import { isAlive, until } from "./live-process.ts";

let dataDir = "";
let open: Embedded[] = [];

const start = async (isThrowAway = true): Promise<Embedded> => {
  const embedded = await startEmbedded({ dataDir, isThrowAway });
  open.push(embedded);
  return embedded;
};

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

beforeAll(() => {
  // Nobody else may enter, as in a clone below /root: PostgreSQL runs as another user and must still get through.
  const outer = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-embedded-"));
  fs.chmodSync(outer, 0o700);
  dataDir = path.join(outer, "data");
});

afterEach(async () => {
  await open.at(-1)?.stop();
  open = [];
});

afterAll(() => fs.rmSync(path.dirname(dataDir), { recursive: true, force: true }));

/** One folder from its first start on: making a cluster takes longer than starting one. */
describe("the embedded database", () => {
  test("is created once when several start at the same moment", async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
    expect(all.filter(({ isAttached }) => !isAttached)).toHaveLength(1);
    expect(fs.readdirSync(dataDir).filter((name) => /^postgres\.\d/.test(name))).toEqual([]);
  });

  test("keeps its data, port and password over a stop, in private files", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept AS SELECT 7 AS n");
    await first.stop();
    expect(first.isRunning()).toBe(false);
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
    expect(fs.statSync(dataDir).mode & 0o077).toBe(0);
    expect(fs.statSync(path.join(dataDir, "database.json")).mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.join(dataDir, "postgres")).mode & 0o077).toBe(0);
  });

  test("asks for the password and listens on this machine only", async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = "guess";
    await expect(query(wrong.toString(), "SELECT 1")).rejects.toThrow(/password authentication failed/);
    expect(await query(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    expect(await query(url, "SHOW unix_socket_directories")).toEqual([{ unix_socket_directories: "" }]);
  });

  test("is attached to when it runs already", async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ isAttached: true, pid: first.pid, url: first.url });
  });

  test("recovers after kill -9, and committed rows are there", async () => {
    const first = await start(false);
    await query(first.url, "CREATE TABLE committed AS SELECT generate_series(1, 1000) AS n");
    const busy = query(first.url, "SELECT pg_sleep(60)").catch((error: Error) => error.message);
    process.kill(first.pid, "SIGKILL");
    await busy;
    const second = await start(false);
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.url, "SELECT count(*)::int AS n FROM committed")).toEqual([{ n: 1000 }]);
  });

  test("survives kill -9 of the process that started it, and the next one attaches", async () => {
    const script = `import { startEmbedded } from ${JSON.stringify(path.join(import.meta.dirname, "cluster.ts"))};
      const { pid } = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, isThrowAway: true });
      process.stdout.write(String(pid)); setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(parent.stdout, "data")) as [Buffer];
    parent.kill("SIGKILL");
    await once(parent, "exit");
    const pid = Number(text.toString());
    expect(isAlive(pid)).toBe(true);
    expect(await start()).toMatchObject({ isAttached: true, pid });
  });

  test("moves to another port when its own was taken meanwhile", async () => {
    const first = await start();
    await first.stop();
    const intruder = net.createServer().listen(first.port, "127.0.0.1");
    await once(intruder, "listening");
    const second = await start();
    expect(second.port).not.toBe(first.port);
    expect(await query(second.url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    intruder.close();
  });

  test("is not fooled by the file of a killed server whose process id was given away", async () => {
    const first = await start();
    const pidFile = path.join(dataDir, "postgres/postmaster.pid");
    const lines = fs.readFileSync(pidFile, "utf8").split("\n");
    process.kill(first.pid, "SIGKILL");
    await until(() => !isAlive(first.pid), 5_000);
    fs.writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join("\n"));
    const second = await start();
    expect(second.isAttached).toBe(false);
    expect(await query(second.url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
  });

  test("says what its log says when it cannot start, and deletes nothing", async () => {
    const first = await start();
    await first.stop();
    const control = path.join(dataDir, "postgres/global/pg_control");
    const kept = fs.readFileSync(control);
    fs.writeFileSync(control, "broken");
    await expect(startEmbedded({ dataDir, isThrowAway: true })).rejects.toThrow(/does not start; nothing was deleted[\s\S]*pg_control/);
    fs.writeFileSync(control, kept);
    expect(await query((await start()).url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
  });
});
