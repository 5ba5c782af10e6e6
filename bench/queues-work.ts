/**
 * What our typed handlers cost beside bare pg-boss in the same database and run: jobs done a second, a job's way into a
 * handler, enqueueing inside a transaction, two workers beside one; then a bulk retry of 200,000 failed jobs, of the own
 * queue and of BullMQ.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { fromPrisma, PgBoss } from "pg-boss";
import * as z from "zod";
import { DAY_MS } from "../server/platform/clock.ts";
import { inTransaction, openDatabase, type Database } from "../server/platform/db.ts";
import { startEmbedded } from "../server/platform/embedded/cluster.ts";
import { applyMigrations } from "../server/platform/migrations.ts";
import { onPool } from "../server/platform/queue/boss.ts";
import { defineJob, handle, Later } from "../server/platform/queue/define.ts";
import { enqueue } from "../server/platform/queue/enqueue.ts";
import { installQueue } from "../server/platform/queue/install.ts";
import { JOB_CHANNEL } from "../server/platform/queue/policy.ts";
import { startQueue } from "../server/platform/queue/start.ts";
import { ensureSecrets } from "../server/platform/secrets.ts";
import { localNetwork, startRedis } from "../server/platform/testing/brokers.ts";
import { testContext } from "../server/platform/testing/context.ts";
import { closeSessions } from "../server/queues/adapters/sessions.ts";
import { runBulk } from "../server/queues/engine/bulk-run.ts";
import { addConnection, startBulk } from "../server/queues/mutations/index.ts";
import { StartBulk } from "../server/queues/schema/index.ts";
import { addFailures } from "../server/queues/testing/own-queue.ts";
import { percentile, type Figure } from "./figure.ts";

const JOBS = 10_000;
const ROUNDS = 3;
/** Jobs that wait for something else, as most do, so that what limits a worker is its places. */
const WAITING = { jobs: 400, places: 10, ms: 50 };
const FILL_AT_ONCE = 10_000;
/** Jobs at once on both sides: what one worker does with small jobs. */
const AT_ONCE = 50;
const STARTS = 300;
const SENDS = 1_500;
const BULK = 200_000;
const PROGRESS_MS = 250;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const contextOf = (database: Database) => testContext({ db: database.client, http: localNetwork });
type Ctx = ReturnType<typeof contextOf>;
const median = (values: number[]): number => percentile(values, 0.5);

const ours = defineJob({ name: "bench.ours", input: z.object({ n: z.number() }), concurrency: AT_ONCE });
const RAW = "bench-raw";

/** The same rows for both sides, but for what each side's own sender would write. */
async function fill(database: Database, queue: string): Promise<void> {
  await database.pool.query(
    `INSERT INTO pgboss.job (name, data, singleton_key, policy, retry_limit, retry_delay, expire_seconds, heartbeat_seconds, dead_letter)
     SELECT q.name, jsonb_build_object('n', n), CASE WHEN q.policy = 'exclusive' THEN '~' || n END, q.policy, q.retry_limit, q.retry_delay, q.expire_seconds, q.heartbeat_seconds, q.dead_letter
     FROM pgboss.queue q, generate_series(1, $2::int) n WHERE q.name = $1`,
    [queue, JOBS],
  );
  await database.pool.query("VACUUM ANALYZE pgboss.job_common");
}

async function untilDone(database: Database, queue: string): Promise<void> {
  const isOpen = async () => (await database.pool.query("SELECT 1 FROM pgboss.job WHERE name = $1 AND state <> 'completed' LIMIT 1", [queue])).rowCount === 1;
  while (await isOpen()) await wait(5);
  await database.pool.query("DELETE FROM pgboss.job WHERE name = $1", [queue]);
}

async function rawRate(database: Database, boss: PgBoss): Promise<number> {
  await fill(database, RAW);
  const startedMs = performance.now();
  await boss.work(RAW, { batchSize: AT_ONCE, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true }, () => Promise.resolve());
  await untilDone(database, RAW);
  const rate = (JOBS / (performance.now() - startedMs)) * 1_000;
  await boss.offWork(RAW);
  return rate;
}

async function ourRate(database: Database, ctx: Ctx): Promise<number> {
  await fill(database, ours.name);
  const startedMs = performance.now();
  const queue = startQueue({ pool: database.pool, handlers: [handle(ours, () => Promise.resolve())], concurrency: AT_ONCE, context: () => ctx, log: ctx.log, worker: "bench" });
  await untilDone(database, ours.name);
  const rate = (JOBS / (performance.now() - startedMs)) * 1_000;
  await queue.stop(5_000);
  return rate;
}

async function throughput(database: Database, boss: PgBoss, ctx: Ctx): Promise<Figure[]> {
  await boss.createQueue(RAW);
  await enqueue(ctx, ours, { n: 0 });
  await database.pool.query("DELETE FROM pgboss.job WHERE name = $1", [ours.name]);
  const rates = { raw: [] as number[], ours: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    rates.raw.push(await rawRate(database, boss));
    rates.ours.push(await ourRate(database, ctx));
  }
  return [
    { name: "jobs-per-second-to-raw", value: median(rates.ours) / median(rates.raw), unit: "ratio", goal: ">=0.7" },
    { name: "jobs-per-second", value: median(rates.ours), unit: "count", goal: ">=1000", note: `raw ${Math.round(median(rates.raw))}` },
  ];
}

/** From the commit of an enqueue to the first line of the handler, in a worker with nothing else to do. */
async function toStart(database: Database, ctx: Ctx): Promise<Figure> {
  const sentMs = new Map<number, number>();
  const begunMs = new Map<number, number>();
  const handler = handle(ours, (_ctx, { n }) => Promise.resolve(void begunMs.set(n, performance.now())));
  const queue = startQueue({ pool: database.pool, handlers: [handler], concurrency: AT_ONCE, context: () => ctx, log: ctx.log, worker: "bench" });
  await queue.ready;
  await wait(1_000);
  for (let n = 0; n < STARTS; n++) {
    await enqueue(ctx, ours, { n });
    sentMs.set(n, performance.now());
    await wait(5 + Math.random() * 15);
  }
  while (begunMs.size < STARTS) await wait(10);
  await queue.stop(5_000);
  await database.pool.query("DELETE FROM pgboss.job WHERE name = $1", [ours.name]);
  // A job may begin before its sender hears that it was added.
  const waits = [...sentMs].map(([n, sent]) => Math.max(0, (begunMs.get(n) ?? Infinity) - sent));
  return { name: "enqueue-to-start-p95", value: percentile(waits, 0.95), unit: "ms", goal: "<=25" };
}

/** One enqueue a transaction, by turns, so that both meet the same weather. */
async function transactional(database: Database, boss: PgBoss, ctx: Ctx): Promise<Figure> {
  const spent = { raw: 0, ours: 0 };
  const timed = async (side: "raw" | "ours", work: () => Promise<unknown>) => {
    const startedMs = performance.now();
    await work();
    spent[side] += performance.now() - startedMs;
  };
  for (let n = 0; n < SENDS; n++) {
    await timed("raw", () => database.client.$transaction((tx) => boss.send(RAW, { n }, { db: fromPrisma(tx) })));
    await timed("ours", () => inTransaction(ctx, (tx) => enqueue(tx, ours, { n })));
  }
  await database.pool.query("TRUNCATE pgboss.job");
  return { name: "transactional-enqueue-to-raw", value: spent.raw / spent.ours, unit: "ratio", goal: ">=0.8" };
}

/** How much faster two workers are than one, as a share of twice as fast. */
async function linearity(database: Database, ctx: Ctx): Promise<Figure> {
  const waiting = defineJob({ name: "bench.waiting", input: z.object({ n: z.number() }), concurrency: WAITING.places });
  const rateOf = async (workers: number): Promise<number> => {
    const options = { pool: database.pool, handlers: [handle(waiting, async () => void (await wait(WAITING.ms)))], concurrency: WAITING.places, context: () => ctx, log: ctx.log };
    const queues = Array.from({ length: workers }, (_, index) => startQueue({ ...options, worker: `bench ${index}` }));
    await Promise.all(queues.map((queue) => queue.ready));
    for (let n = 0; n < WAITING.jobs; n++) await enqueue(ctx, waiting, { n }, { delayMs: DAY_MS });
    const startedMs = performance.now();
    await database.pool.query("UPDATE pgboss.job SET start_after = now() WHERE name = $1", [waiting.name]);
    await database.pool.query("SELECT pg_notify($1, '')", [JOB_CHANNEL]);
    await untilDone(database, waiting.name);
    const rate = WAITING.jobs / (performance.now() - startedMs);
    await Promise.all(queues.map((queue) => queue.stop(5_000)));
    return rate;
  };
  const [one, two] = [await rateOf(1), await rateOf(2)];
  return { name: "two-workers-linearity", value: two / one / 2, unit: "ratio", goal: ">=0.9" };
}

async function ownRetry(database: Database, ctx: Ctx): Promise<Figure[]> {
  await addFailures(database.pool, ours.name, { count: BULK });
  await database.pool.query("VACUUM ANALYZE pgboss.job_common");
  return bulkRetry(ctx, { kind: "own", connection: "own", queue: ours.name });
}

/** Failed jobs as BullMQ leaves them, written by a script. */
const FILL_FAILED = `
for n = tonumber(ARGV[1]), tonumber(ARGV[2]) - 1 do
  redis.call('HSET', KEYS[1] .. n, 'name', 'mail', 'data', '{"n":' .. n .. '}', 'opts', '{"attempts":1}', 'timestamp', ARGV[3] - 10000, 'delay', 0, 'priority', 0,
    'atm', 1, 'ats', 1, 'processedOn', ARGV[3] - 5000, 'finishedOn', ARGV[3] - 4000, 'failedReason', 'mailbox full', 'stacktrace', '[]')
  redis.call('ZADD', KEYS[1] .. 'failed', ARGV[3] - 4000 + n / 1000000, n)
end`;

async function bullRetry(ctx: Ctx): Promise<Figure[]> {
  const server = await startRedis();
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  try {
    await new Queue("mail", { connection: redis as never, prefix: "bench" }).waitUntilReady();
    for (let at = 0; at < BULK; at += FILL_AT_ONCE) await redis.eval(FILL_FAILED, 1, "bench:mail:", at, at + FILL_AT_ONCE, Date.now());
    const { id } = await addConnection(ctx, { name: "Bench", config: { kind: "bullmq", url: server.url, prefix: "bench" } });
    return await bulkRetry(ctx, { kind: "bullmq", connection: id, queue: "mail" });
  } finally {
    redis.disconnect();
    await closeSessions();
    await server.stop();
  }
}

const RETRY_GOALS = { own: ">=10000", bullmq: ">=6000" } as const;

async function bulkRetry(ctx: Ctx, { kind, ...of }: { kind: keyof typeof RETRY_GOALS; connection: string; queue: string }): Promise<Figure[]> {
  const { id } = await startBulk(ctx, StartBulk.parse({ ...of, operation: "retry", state: "failed" }));
  global.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const looks: number[] = [];
  let isDone = false;
  const watching = (async () => {
    while (!isDone) {
      const startedMs = performance.now();
      await ctx.db.queueOperation.findUnique({ where: { id } });
      looks.push(performance.now() - startedMs);
      most = Math.max(most, process.memoryUsage().rss);
      await wait(PROGRESS_MS);
    }
  })();
  const startedMs = performance.now();
  for (let isOver = false; !isOver; ) {
    isOver = await runBulk(ctx, id, new AbortController().signal).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Later) return false;
        throw error;
      },
    );
  }
  const rate = (BULK / (performance.now() - startedMs)) * 1_000;
  isDone = true;
  await watching;
  const row = await ctx.db.queueOperation.findUniqueOrThrow({ where: { id } });
  if (row.done !== BULK) throw new Error(`Only ${row.done} of ${BULK} jobs were retried: ${row.trouble}`);
  return [
    { name: `bulk-retry-${kind}-per-second`, value: rate, unit: "count", goal: RETRY_GOALS[kind] },
    { name: `bulk-retry-${kind}-memory`, value: (most - before) / 1_048_576, unit: "MB", goal: "<=120" },
    { name: `bulk-retry-${kind}-look-p95`, value: percentile(looks, 0.95), unit: "ms", goal: "<=200" },
  ];
}

export async function run(): Promise<Figure[]> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "seaworthy-queues-work-"));
  const cluster = await startEmbedded({ dataDir, isThrowAway: true });
  // The product's logger, which the pool uses, reads the environment.
  Object.assign(process.env, ensureSecrets(dataDir), { DATABASE_URL: cluster.url, SEAWORTHY_DATA_DIR: dataDir, LOG_LEVEL: "error" });
  await applyMigrations(cluster.url);
  await installQueue(cluster.url);
  const database = openDatabase({ url: cluster.url, poolMax: 10, queryTimeoutMs: 60_000, connectTimeoutMs: 5_000, applicationName: "bench" });
  const boss = new PgBoss({ db: onPool(database.pool), schema: "pgboss", supervise: false, schedule: false });
  try {
    await boss.start();
    const ctx = contextOf(database);
    return [...(await throughput(database, boss, ctx)), await toStart(database, ctx), await transactional(database, boss, ctx), await linearity(database, ctx), ...(await ownRetry(database, ctx)), ...(await bullRetry(ctx))];
  } finally {
    await boss.stop({ graceful: false });
    await database.close();
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
