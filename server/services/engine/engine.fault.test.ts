/** The engine as a process: killed, stalled, without its database. Targets are real servers on this machine. */
import { fork, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Db } from "../../platform/db.ts";
import { openDatabase } from "../../platform/db.ts";
import { startEmbedded } from "../../platform/embedded/cluster.ts";
import { applyMigrations } from "../../platform/migrations.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { addCheck, runServiceNow } from "../mutations/index.ts";
import { AddCheck } from "../schema.ts";
import { addService, until } from "../testing/fixtures.ts";
import { LEASE_MARGIN_MS } from "./claim.ts";

const PROCESS = path.join(import.meta.dirname, "../testing/engine-process.ts");
/** Lets the test set the process's clock. */
const SHIFTED_CLOCK = path.join(import.meta.dirname, "../testing/shifted-clock.ts");
const HOUR_MS = 3_600_000;
const children: ChildProcess[] = [];
let target: Server;
let hits: { url: string; answer: (response: ServerResponse) => void }[] = [];
let respond: (response: ServerResponse, url: string) => void;

beforeEach(async () => {
  hits = [];
  respond = (response) => response.end("ok");
  target = createServer((request, response) => {
    hits.push({ url: request.url ?? "", answer: () => response.end("ok") });
    respond(response, request.url ?? "");
  });
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }
  target.closeAllConnections();
  await new Promise((resolve) => target.close(resolve));
});

const urlOf = (page: string) => `http://127.0.0.1:${(target.address() as AddressInfo).port}${page}`;

async function startProcess(databaseUrl: string, preload: string[] = []): Promise<ChildProcess> {
  const child = fork(PROCESS, [databaseUrl, "50"], { stdio: "inherit", execArgv: preload.flatMap((file) => ["--import", file]) });
  children.push(child);
  await new Promise((resolve) => child.once("message", resolve));
  return child;
}

async function addChecks(db: Db, count: number, rules: { timeoutMs: number; failuresBeforeDown?: number }): Promise<string> {
  const ctx = testContext({ db, actor: asActor("system") });
  const service = await addService(ctx, { address: undefined });
  for (let n = 0; n < count; n++) await addCheck(ctx, AddCheck.parse({ id: service.id, intervalSeconds: 5, ...rules, config: { kind: "http", url: urlOf(`/${n}`) } }));
  return service.id;
}

type Result = { check_id: string; verdict: string; message: string; observed_at: Date };
const resultsOf = async (pool: pg.Pool) => (await pool.query<Result>("SELECT check_id, verdict::text, message, observed_at FROM series.check_result ORDER BY observed_at")).rows;

describe("a worker", () => {
  const database = testDatabase();
  beforeEach(async () => {
    await database.db.service.deleteMany();
  });

  test("killed in the middle of a check: another runs it again within the lease, and nothing is down", async () => {
    respond = (response) => {
      if (hits.length > 1) response.end("ok");
    };
    await addChecks(database.db, 1, { timeoutMs: 2_000, failuresBeforeDown: 1 });
    const first = await startProcess(database.url);
    await until(() => hits.length === 1);
    first.kill("SIGKILL");
    const killedMs = performance.now();
    await startProcess(database.url);
    await until(() => hits.length > 1, 30_000);
    expect(performance.now() - killedMs).toBeLessThan(2_000 + LEASE_MARGIN_MS + 5_000);
    await until(async () => (await resultsOf(database.pool)).length > 0);
    expect((await resultsOf(database.pool)).map((one) => one.verdict)).not.toContain("down");
    expect(await database.db.check.findFirst()).toMatchObject({ state: "up" });
  });

  test("that stands still says unknown, never down", async () => {
    const serviceId = await addChecks(database.db, 5, { timeoutMs: 600, failuresBeforeDown: 1 });
    const engine = await startProcess(database.url);
    await until(async () => (await database.db.service.findUnique({ where: { id: serviceId } }))?.state === "up");
    await database.pool.query("TRUNCATE series.check_result");
    // Every answer now waits until the engine is stalled, so all of them come too late for its timeouts.
    let isStalled = false;
    respond = (response) => {
      setTimeout(() => response.end("ok"), 300);
      if (isStalled) return;
      isStalled = true;
      engine.send({ stallMs: 3_000 });
    };
    await until(() => isStalled, 15_000);
    await until(async () => (await resultsOf(database.pool)).some((one) => one.verdict === "unknown"), 20_000);
    expect((await resultsOf(database.pool)).map((one) => one.verdict)).not.toContain("down");
    expect(await database.db.service.findUnique({ where: { id: serviceId } })).toMatchObject({ state: "up" });
  });

  test("whose clock steps back two hours, and forward again, goes on as before: nothing is missed, nothing is called down", async () => {
    const id = await addChecks(database.db, 3, { timeoutMs: 2_000 });
    const child = await startProcess(database.url, [SHIFTED_CLOCK]);
    // A process that got too little of a busy machine says unknown, so only answers that it could believe are counted.
    const believed = async () => (await resultsOf(database.pool)).filter(({ verdict }) => verdict === "up").length;
    const ctx = testContext({ db: database.db, actor: asActor("system") });
    const runUntil = (wanted: number) =>
      until(async () => {
        if ((await believed()) >= wanted) return true;
        await runServiceNow(ctx, { id });
        return false;
      }, 30_000);
    await runUntil(3);
    for (const shiftMs of [-2 * HOUR_MS, 2 * HOUR_MS]) {
      child.send({ shiftMs });
      await runUntil((await believed()) + 3);
    }
    expect((await resultsOf(database.pool)).map(({ verdict }) => verdict)).not.toContain("down");
    const { rows } = await database.pool.query<{ off: number }>("SELECT max(abs(extract(epoch FROM written_at - observed_at)))::float8 AS off FROM series.check_result");
    expect(rows[0]?.off, "results carry the database's time").toBeLessThan(60);
    expect(await database.db.service.findUnique({ where: { id } })).toMatchObject({ state: "up" });
  });

  test("asked to stop finishes what runs, writes it and leaves no claim", async () => {
    respond = (response) => void setTimeout(() => response.end("ok"), 700);
    await addChecks(database.db, 5, { timeoutMs: 2_000 });
    await database.pool.query("TRUNCATE series.check_result");
    const engine = await startProcess(database.url);
    await until(() => hits.length === 5);
    const exited = new Promise<number | null>((resolve) => engine.once("exit", resolve));
    engine.kill("SIGTERM");
    expect(await exited).toBe(0);
    expect(await resultsOf(database.pool)).toHaveLength(5);
    expect(await database.db.check.count({ where: { leaseUntil: { not: null } } })).toBe(0);
  });
});

describe("a database that restarts", () => {
  test("stops nothing: checks go on, no process ends, nothing is down", async () => {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-engine-"));
    const first = await startEmbedded({ dataDir });
    await applyMigrations(first.url);
    const before = openDatabase({ url: first.url, poolMax: 3, queryTimeoutMs: 10_000, connectTimeoutMs: 5_000, applicationName: "test" });
    await addChecks(before.client, 20, { timeoutMs: 2_000 });
    const engine = await startProcess(first.url);
    await until(async () => (await resultsOf(before.pool)).length >= 20, 30_000);
    await before.close();
    const port = new URL(first.url).port;
    await first.stop();
    const hitsAtStop = hits.length;
    const second = await startEmbedded({ dataDir });
    const after = openDatabase({ url: second.url, poolMax: 3, queryTimeoutMs: 10_000, connectTimeoutMs: 5_000, applicationName: "test" });
    try {
      expect(new URL(second.url).port).toBe(port);
      await until(() => hits.length >= hitsAtStop + 40, 40_000);
      await until(async () => new Set((await resultsOf(after.pool)).slice(-20).map((one) => one.check_id)).size > 10);
      expect(engine.exitCode).toBeNull();
      expect((await resultsOf(after.pool)).map((one) => one.verdict)).not.toContain("down");
    } finally {
      await after.close();
      engine.kill("SIGKILL");
      await second.stop();
      fs.rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
