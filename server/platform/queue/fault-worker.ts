/**
 * A worker process for fault tests: `node fault-worker.ts <database url> [file]`. One job writes to the table `fault_log`
 * when an attempt starts and ends, so a test can see who ran what after processes were killed or stopped. One has its
 * effect outside of the database, as a line in the file. One ends its process. One only says that it ran.
 */
import { appendFileSync } from "node:fs";
import os from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import * as z from "zod";
import { systemClock } from "../clock.ts";
import type { Context } from "../context.ts";
import { openDatabase } from "../db.ts";
import { createLogger } from "../logger.ts";
import { defineJob, handle, type Attempt } from "./define.ts";
import { DEFAULT_TIMING } from "./policy.ts";
import { startQueue } from "./start.ts";

const POOL_MAX = 4;
const QUERY_TIMEOUT_MS = 5_000;
const STOP_MS = 5_000;

/** The shortest heartbeat that pg-boss takes, and everything else quick. */
export const FAULT_TIMING = { ...DEFAULT_TIMING, heartbeatSeconds: 10, beatMs: 1_000, superviseSeconds: 1, pollMs: 200 };

/** Runs `firstMs` on the first attempt and `laterMs` on others, deaf to its signal. */
export const faultJob = defineJob({
  name: "tests.fault",
  input: z.object({ n: z.number(), firstMs: z.number(), laterMs: z.number() }),
  retries: 5,
  concurrency: 5,
});

/** Appends `n` and the process to the file, at a random point of some milliseconds of work. */
export const effectJob = defineJob({ name: "tests.effect", input: z.object({ n: z.number() }), retries: 20, concurrency: 10 });

/** Ends its process without a word. */
export const poisonJob = defineJob({ name: "tests.poison", input: z.object({}), retries: 20 });

/** Before and after the effect, at most: a thousand jobs keep two workers busy for some seconds, long enough to be killed at work. */
const EFFECT_WORK_MS = 60;

function effectTo(file: string) {
  return handle(effectJob, async (_ctx, { n }) => {
    await wait(Math.random() * EFFECT_WORK_MS);
    appendFileSync(file, `${n} ${process.pid}\n`);
    await wait(Math.random() * EFFECT_WORK_MS);
  });
}

const poison = handle(poisonJob, () => process.exit(1));

function main(url: string, file: string): void {
  const log = createLogger({ level: "warn", write: (line) => void process.stdout.write(line) });
  const database = openDatabase({ url, poolMax: POOL_MAX, queryTimeoutMs: QUERY_TIMEOUT_MS, connectTimeoutMs: QUERY_TIMEOUT_MS, applicationName: "fault worker" });
  const record = (what: "start" | "end", n: number, { jobId, attempt }: Attempt) =>
    database.pool.query("INSERT INTO fault_log (job_id, n, attempt, pid, what) VALUES ($1, $2, $3, $4, $5)", [jobId, n, attempt, process.pid, what]);
  const refuse = () => Promise.reject(new Error("no network here"));
  const context = (): Context => ({
    actor: { kind: "system", name: "fault worker" },
    db: database.client,
    now: systemClock,
    log,
    http: { request: refuse, resolve: refuse },
    requestId: "req_fault",
    clientAddress: null,
  });
  const handler = handle(faultJob, async (_ctx, { n, firstMs, laterMs }, attempt) => {
    await record("start", n, attempt);
    await wait(attempt.attempt === 1 ? firstMs : laterMs);
    await record("end", n, attempt);
  });
  const queue = startQueue({ pool: database.pool, handlers: [handler, effectTo(file), poison], concurrency: 20, context, log, timing: FAULT_TIMING });
  void queue.ready.then(() => process.stdout.write("ready\n"));
  process.once("SIGTERM", () => void queue.stop(STOP_MS).then(() => database.close()));
}

/** The table the job writes to. */
export async function createFaultLog(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("CREATE TABLE fault_log (id bigserial PRIMARY KEY, job_id uuid, n int, attempt int, pid int, what text, at timestamptz DEFAULT clock_timestamp())");
  await client.end();
}

if (process.argv[1] === import.meta.filename && process.argv[2]) main(process.argv[2], process.argv[3] ?? os.devNull);
