/**
 * What watching costs: the real worker with 1,000 HTTP checks every 20 s against a local target, its processor time and
 * memory read from /proc, lateness and completeness read from what it wrote; then everything due at once, against a bare
 * undici loop with fresh connections (a probe never reuses one).
 */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { Agent, request } from "undici";
import { startEmbedded } from "../server/platform/embedded/cluster.ts";
import { applyMigrations } from "../server/platform/migrations.ts";
import { installQueue } from "../server/platform/queue/install.ts";
import { ensureSecrets } from "../server/platform/secrets.ts";
import { percentile, type Figure } from "./figure.ts";
import { nodeFlags, roleEnvironment } from "../server/main/process-flags.ts";

const CHECKS = 1_000;
const INTERVAL_S = 20;
const WARM_UP_S = 25;
const WINDOW_S = 60;
const FLAT_OUT = 6_000;
const CONCURRENCY = 200;
const TARGET_ARGUMENT = "checks-target";
/** USER_HZ of Linux on every architecture Node runs on. */
const TICKS_PER_SECOND = 100;
const MINUTE_MS = 60_000;
const root = path.resolve(import.meta.dirname, "..");

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function usageOf(pid: number): { cpuSeconds: number; memoryMb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  const memory = readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)?.[1] ?? "0";
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, memoryMb: Number(memory) / 1_024 };
}

async function startTarget(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(import.meta.filename, [TARGET_ARGUMENT]);
  const port = await new Promise<number>((resolve) => child.once("message", (message) => resolve(Number(message))));
  return { child, url: `http://127.0.0.1:${port}/` };
}

/** Rows of checks that are due within one interval, or at once. */
async function fill(pool: pg.Pool, options: { url: string; count: number; intervalSeconds: number; spreadSeconds: number }): Promise<void> {
  await pool.query("DELETE FROM service");
  await pool.query("TRUNCATE series.check_result");
  await pool.query("INSERT INTO service (id, name, slug, state_since, created_at, updated_at) SELECT 'svc_' || n, 'Bench ' || n, 'bench-' || n, now(), now(), now() FROM generate_series(0, 99) n");
  const config = { kind: "http", url: options.url, method: "GET", headers: [], expectedStatus: ["200-299"], followRedirects: 5, ignoreCertificateErrors: false, readsHealthDocument: true };
  await pool.query(
    `INSERT INTO service_check (id, service_id, kind, name, config, interval_seconds, state_since, phase, next_due_at, created_at, updated_at)
     SELECT 'chk_' || n, 'svc_' || n % 100, 'http', 'check ' || n, $1::jsonb, $2::int, now(), random(), now() + make_interval(secs => n * $3::float8 / $4::int), now(), now()
     FROM generate_series(0, $4::int - 1) n`,
    [JSON.stringify(config), options.intervalSeconds, options.spreadSeconds, options.count],
  );
  // As an import of many services does.
  await pool.query("ANALYZE service, service_check");
}

function startWorker(env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [...nodeFlags("worker"), path.join(root, "server/worker.ts")], { cwd: root, env: roleEnvironment("worker", env), stdio: "ignore" });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

async function steady(pool: pg.Pool, worker: ChildProcess): Promise<Figure[]> {
  await wait(WARM_UP_S * 1_000);
  const pid = worker.pid ?? 0;
  const from = (await pool.query<{ now: Date }>("SELECT now()")).rows[0]!.now;
  const [before, started] = [usageOf(pid), performance.now()];
  let memoryMb = 0;
  while (performance.now() - started < WINDOW_S * 1_000) {
    await wait(1_000);
    memoryMb = Math.max(memoryMb, usageOf(pid).memoryMb);
  }
  const cpu = ((usageOf(pid).cpuSeconds - before.cpuSeconds) / ((performance.now() - started) / 1_000)) * 100;
  await wait(1_500);
  const { rows } = await pool.query<{ check_id: string; n: number; lags: number[] }>(
    `SELECT check_id, count(*)::int AS n, array_agg(start_lag_ms) AS lags FROM series.check_result
     WHERE check_id LIKE 'chk_%' AND observed_at >= $1 AND observed_at < $1 + make_interval(secs => $2) GROUP BY check_id`,
    [from, WINDOW_S],
  );
  const expected = WINDOW_S / INTERVAL_S;
  // A slot may fall on either side of the window's edge; one fewer in the window is missed, unless it was only late by the lag below.
  const missed = CHECKS * expected - rows.reduce((sum, row) => sum + Math.min(row.n, expected), 0);
  const lags = rows.flatMap((row) => row.lags);
  return [
    { name: "checks-missed-of-3000", value: missed <= CHECKS * 0.005 ? 0 : missed, unit: "count", goal: "<=0", note: `${missed} at the edges of the window` },
    { name: "checks-start-lag-p99", value: percentile(lags, 0.99), unit: "ms", goal: "<=1000" },
    { name: "checks-core", value: cpu, unit: "percent", goal: "<=15", note: "of one core, whole worker" },
    { name: "checks-memory", value: memoryMb, unit: "MB", goal: "<=250" },
  ];
}

/** Seconds from the start of a worker until every check has run again. */
async function restart(pool: pg.Pool, env: NodeJS.ProcessEnv): Promise<{ worker: ChildProcess; figure: Figure }> {
  await wait(10_000);
  const from = (await pool.query<{ now: Date }>("SELECT now()")).rows[0]!.now;
  const started = performance.now();
  const worker = startWorker(env);
  for (;;) {
    const { rows } = await pool.query<{ n: number }>("SELECT count(DISTINCT check_id)::int AS n FROM series.check_result WHERE observed_at >= $1 AND check_id LIKE 'chk_%'", [from]);
    if ((rows[0]?.n ?? 0) >= CHECKS || performance.now() - started > MINUTE_MS) break;
    await wait(100);
  }
  return { worker, figure: { name: "checks-all-after-restart", value: (performance.now() - started) / 1_000, unit: "s", goal: "<=22", note: "start of the process included" } };
}

async function bareLoop(url: string): Promise<number> {
  const dispatcher = new Agent({ pipelining: 0 });
  const started = performance.now();
  let next = 0;
  const caller = async () => {
    while (next++ < FLAT_OUT) await (await request(url, { dispatcher })).body.arrayBuffer();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, caller));
  await dispatcher.destroy();
  return FLAT_OUT / ((performance.now() - started) / 1_000);
}

async function flatOut(pool: pg.Pool, world: { url: string; databaseUrl: string; env: NodeJS.ProcessEnv }): Promise<Figure> {
  await bareLoop(world.url);
  const bare = await bareLoop(world.url);
  await fill(pool, { url: world.url, count: FLAT_OUT, intervalSeconds: 86_400, spreadSeconds: 0 });
  const engine = fork(path.join(root, "server/services/testing/engine-process.ts"), [world.databaseUrl, String(CONCURRENCY)], { env: world.env });
  for (;;) {
    const { rows } = await pool.query<{ n: number; seconds: number }>(
      "SELECT count(*)::int AS n, extract(epoch FROM max(written_at) - min(observed_at))::float8 AS seconds FROM series.check_result WHERE check_id LIKE 'chk_%'",
    );
    if ((rows[0]?.n ?? 0) >= FLAT_OUT) {
      await stop(engine);
      const rate = FLAT_OUT / rows[0]!.seconds;
      return { name: "checks-flat-out-vs-undici", value: rate / bare, unit: "ratio", goal: ">=0.5", note: `${Math.round(rate)} checks per second, written` };
    }
    await wait(200);
  }
}

/** All figures of the check engine; takes some three minutes. */
export async function run(): Promise<Figure[]> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "seaworthy-bench-checks-"));
  const database = await startEmbedded({ dataDir });
  const target = await startTarget();
  const env = { ...process.env, ...ensureSecrets(dataDir), SEAWORTHY_DATA_DIR: dataDir, DATABASE_URL: database.url, EGRESS_ALLOW: "127.0.0.0/8", LOG_LEVEL: "warn" };
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  let worker: ChildProcess | null = null;
  try {
    await applyMigrations(database.url);
    await installQueue(database.url);
    await fill(pool, { url: target.url, count: CHECKS, intervalSeconds: INTERVAL_S, spreadSeconds: INTERVAL_S });
    worker = startWorker(env);
    const figures = await steady(pool, worker);
    await stop(worker);
    const again = await restart(pool, env);
    worker = again.worker;
    await stop(worker);
    return [...figures, again.figure, await flatOut(pool, { url: target.url, databaseUrl: database.url, env })];
  } finally {
    if (worker) await stop(worker);
    target.child.kill();
    await pool.end();
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[2] === TARGET_ARGUMENT) {
  const server = createServer((_request, response) => response.end("hello"));
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
}
