import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../db.ts";
import { startEmbedded } from "../embedded/cluster.ts";
import { applyMigrations } from "../migrations.ts";
import { testContext, testDatabase } from "../testing/database.ts";
import { enqueue } from "./enqueue.ts";
import { createFaultLog, faultJob } from "./fault-worker.ts";
import { installQueue } from "./install.ts";
import { DEFAULT_TIMING, queueOptions } from "./policy.ts";

type Worker = { child: ChildProcess; pid: number; output: () => string; hasExited: () => boolean };
type Entry = { n: number; attempt: number; pid: number; what: "start" | "end" };

const LONG = { timeout: 60_000, interval: 50 };
const workers: Worker[] = [];

async function startWorker(url: string): Promise<Worker> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "fault-worker.ts"), url], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const worker = { child, pid: child.pid ?? 0, output: () => text, hasExited: () => child.exitCode !== null || child.signalCode !== null };
  workers.push(worker);
  await expect.poll(() => text, LONG).toContain("ready");
  return worker;
}

afterEach(async () => {
  for (const worker of workers.splice(0)) {
    if (worker.hasExited()) continue;
    const gone = new Promise((resolve) => worker.child.once("exit", resolve));
    worker.child.kill("SIGKILL");
    await gone;
  }
});

describe("with a database that stays", () => {
  const database = testDatabase();
  beforeAll(() => createFaultLog(database.url));
  const log = async (n: number) => (await database.pool.query<Entry>("SELECT n, attempt, pid, what FROM fault_log WHERE n = $1 ORDER BY id", [n])).rows;
  const stateOf = async (id: string) =>
    (await database.pool.query<{ state: string; retry_count: number }>("SELECT state, retry_count FROM pgboss.job WHERE id = $1::uuid", [id])).rows[0];

  /** pg-boss declares heartbeats of ten seconds and more; the row may hold less, which spares the test the waiting. */
  const beImpatient = (id: string) => database.pool.query("UPDATE pgboss.job SET heartbeat_seconds = 3, retry_delay = 1, retry_delay_max = 1 WHERE id = $1::uuid", [id]);

  test("silence, the look for it and the first retry take less than a minute together", () => {
    const { retryDelay, heartbeatSeconds } = queueOptions(faultJob);
    // A retry waits its delay and at most as much again.
    expect(heartbeatSeconds + DEFAULT_TIMING.superviseSeconds + retryDelay * 2).toBeLessThan(60);
  });

  test("the job of a killed worker is rescued and runs once more", async () => {
    const first = await startWorker(database.url);
    const id = await enqueue(testContext({ db: database.db }), faultJob, { n: 1, firstMs: 120_000, laterMs: 0 });
    await expect.poll(() => log(1), LONG).toHaveLength(1);
    const second = await startWorker(database.url);
    first.child.kill("SIGKILL");
    await beImpatient(id ?? "");
    await expect.poll(async () => (await stateOf(id ?? ""))?.state, LONG).toBe("completed");
    expect(await log(1)).toEqual([
      { n: 1, attempt: 1, pid: first.pid, what: "start" },
      { n: 1, attempt: 2, pid: second.pid, what: "start" },
      { n: 1, attempt: 2, pid: second.pid, what: "end" },
    ]);
  });

  test("a zombie that wakes after its job was given away changes nothing", async () => {
    const zombie = await startWorker(database.url);
    const id = await enqueue(testContext({ db: database.db }), faultJob, { n: 2, firstMs: 1_000, laterMs: 5_000 });
    await expect.poll(() => log(2), LONG).toHaveLength(1);
    zombie.child.kill("SIGSTOP");
    await beImpatient(id ?? "");
    const heir = await startWorker(database.url);
    await expect.poll(() => log(2), LONG).toHaveLength(2);
    zombie.child.kill("SIGCONT");
    await expect.poll(() => zombie.output(), LONG).toContain("discarded the result");
    expect(await stateOf(id ?? "")).toEqual({ state: "active", retry_count: 1 });
    await expect.poll(async () => (await stateOf(id ?? ""))?.state, LONG).toBe("completed");
    expect(await stateOf(id ?? "")).toEqual({ state: "completed", retry_count: 1 });
    expect((await log(2)).filter((entry) => entry.pid === heir.pid)).toEqual([
      { n: 2, attempt: 2, pid: heir.pid, what: "start" },
      { n: 2, attempt: 2, pid: heir.pid, what: "end" },
    ]);
  });
});

test("PostgreSQL restarted under load: nothing exits and nothing is lost", async () => {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-queue-"));
  let cluster = await startEmbedded({ dataDir, isThrowAway: true });
  await applyMigrations(cluster.url);
  await installQueue(cluster.url);
  await createFaultLog(cluster.url);
  const database = openDatabase({ url: cluster.url, poolMax: 4, queryTimeoutMs: 5_000, connectTimeoutMs: 2_000, applicationName: "fault test" });
  try {
    const pair = await Promise.all([startWorker(cluster.url), startWorker(cluster.url)]);
    const accepted: string[] = [];
    let refused = 0;
    const isDone = { value: false };
    const load = (async () => {
      for (let n = 100; !isDone.value; n++) {
        await enqueue(testContext({ db: database.client }), faultJob, { n, firstMs: 50, laterMs: 50 })
          .then((id) => accepted.push(id ?? ""))
          .catch(() => (refused += 1));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await expect.poll(() => accepted.length, LONG).toBeGreaterThan(50);
    await cluster.stop();
    await expect.poll(() => refused, LONG).toBeGreaterThan(3);
    const before = accepted.length;
    cluster = await startEmbedded({ dataDir, isThrowAway: true });
    await expect.poll(() => accepted.length, LONG).toBeGreaterThan(before + 50);
    isDone.value = true;
    await load;
    // What a worker was given in the answer that never came is rescued by its silence, here after less of it.
    await database.pool.query("UPDATE pgboss.job SET heartbeat_seconds = 3, retry_delay = 1, retry_delay_max = 1 WHERE name = $1 AND state <= 'active'", [faultJob.name]);
    const open = async () =>
      (await database.pool.query("SELECT id FROM pgboss.job WHERE id = ANY($1::uuid[]) AND state <> 'completed'", [accepted])).rowCount;
    await expect.poll(open, LONG).toBe(0);
    const kept = await database.pool.query("SELECT id FROM pgboss.job WHERE id = ANY($1::uuid[])", [accepted]);
    expect(kept.rowCount).toBe(accepted.length);
    expect(pair.map((worker) => worker.hasExited())).toEqual([false, false]);
  } finally {
    await database.close();
    await cluster.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
});
