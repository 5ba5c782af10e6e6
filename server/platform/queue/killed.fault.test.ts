/** Workers killed in the midst of many jobs, and by a job. */
import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "vitest";
import { testContext, testDatabase } from "../testing/database.ts";
import { enqueue } from "./enqueue.ts";
import { createFaultLog, effectJob, faultJob, poisonJob } from "./fault-worker.ts";

const LONG = { timeout: 90_000, interval: 200 };
const JOBS = 1_000;
const KILLS = 6;
const database = testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-killed-"));
const file = path.join(folder, "effects");
const workers: ChildProcess[] = [];
const ctx = () => testContext({ db: database.db });

async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "fault-worker.ts"), database.url, file], { stdio: ["ignore", "pipe", "ignore"] });
  workers.push(child);
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await expect.poll(() => text, LONG).toContain("ready");
  return child;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
async function kill(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

const countOf = async (where: string) => (await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM pgboss.job WHERE ${where}`)).rows[0]?.n ?? 0;
/** pg-boss declares heartbeats of ten seconds and more; the rows may hold less, which spares the test the waiting. */
const beImpatient = (name: string) => database.pool.query("UPDATE pgboss.job SET heartbeat_seconds = 2, retry_delay = 1, retry_delay_max = 1 WHERE name = $1 AND state <= 'active'", [name]);

beforeAll(() => createFaultLog(database.url));
afterEach(async () => {
  await Promise.all(workers.splice(0).map(kill));
});

test("workers killed at random points of 1,000 jobs: none is lost, and only a killed worker's job has its effect twice (PDF-018)", async () => {
  await enqueue(ctx(), effectJob, { n: 0 });
  await database.pool.query(
    `INSERT INTO pgboss.job (name, data, singleton_key, policy, retry_limit, retry_delay, retry_delay_max, retry_backoff, expire_seconds, heartbeat_seconds, dead_letter)
     SELECT name, jsonb_build_object('n', n), '~' || n, policy, retry_limit, 1, 1, true, expire_seconds, 2, dead_letter
     FROM pgboss.job, generate_series(1, $2::int) n WHERE name = $1`,
    [effectJob.name, JOBS - 1],
  );
  await beImpatient(effectJob.name);
  const pair = [await startWorker(), await startWorker()];
  const killed: number[] = [];
  for (let n = 0; n < KILLS; n++) {
    await wait(50 + Math.random() * 250);
    const victim = pair.shift()!;
    killed.push(victim.pid ?? 0);
    await kill(victim);
    pair.push(await startWorker());
  }
  await expect.poll(() => countOf("name = 'tests.effect' AND state <> 'completed'"), LONG).toBe(0);
  expect(await countOf("name = 'tests.effect' AND state = 'completed'")).toBe(JOBS);
  const lines = fs.readFileSync(file, "utf8").trim().split("\n").map((line) => line.split(" ").map(Number));
  const effects = Map.groupBy(lines, ([n]) => n ?? -1);
  expect(effects.size).toBe(JOBS);
  const twice = [...effects.values()].filter((runs) => runs.length > 1);
  for (const runs of twice) for (const [, pid] of runs.slice(0, -1)) expect(killed).toContain(pid);
  const silent = await database.pool.query<{ n: number }>(
    "SELECT (j.data ->> 'n')::int AS n FROM series.queue_attempt a JOIN pgboss.job j ON j.name = a.queue AND j.id = a.job_id WHERE a.is_silent AND a.queue = 'tests.effect'",
  );
  const rescued = new Set(silent.rows.map((row) => row.n));
  expect(rescued.size).toBeGreaterThan(0);
  for (const runs of twice) expect(rescued).toContain(runs[0]?.[0]);
});

test("a job that ends its worker three times is put aside while other jobs keep flowing", async () => {
  const id = (await enqueue(ctx(), poisonJob, {})) ?? "";
  await beImpatient(poisonJob.name);
  let deaths = 0;
  let current = await startWorker();
  const isAside = async () => (await database.db.queueQuarantine.count({ where: { jobId: id } })) === 1;
  for (let n = 0; !(await isAside()) && n < 400; n++) {
    await enqueue(ctx(), faultJob, { n: 1_000 + n, firstMs: 0, laterMs: 0 });
    await beImpatient(faultJob.name);
    if (hasEnded(current)) {
      deaths += 1;
      current = await startWorker();
    }
    await wait(100);
  }
  expect(await database.db.queueQuarantine.findUnique({ where: { jobId: id } })).toMatchObject({ queue: poisonJob.name, deaths: 3 });
  expect(deaths).toBeGreaterThanOrEqual(2);
  if (hasEnded(current)) current = await startWorker();
  await expect.poll(() => countOf("name = 'tests.fault' AND state <> 'completed'"), LONG).toBe(0);
  expect(hasEnded(current)).toBe(false);
  expect(await countOf(`id = '${id}' AND state = 'failed'`)).toBe(1);
});
