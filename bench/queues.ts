/**
 * What reading queues costs: a list of 200 BullMQ queues in one pass, sampling 200 queues over four systems as a share of
 * a core, and the jobs page over a million jobs of the own queue.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { connect } from "amqplib";
import { PgBoss } from "pg-boss";
import type { Context } from "../server/platform/context.ts";
import { openDatabase, type Database } from "../server/platform/db.ts";
import { startEmbedded } from "../server/platform/embedded/cluster.ts";
import { applyMigrations } from "../server/platform/migrations.ts";
import { installQueue } from "../server/platform/queue/install.ts";
import { ensureSecrets } from "../server/platform/secrets.ts";
import { localNetwork, startRabbit, startRedis } from "../server/platform/testing/brokers.ts";
import { testContext } from "../server/platform/testing/context.ts";
import { closeSessions } from "../server/queues/adapters/sessions.ts";
import { sampleDue } from "../server/queues/engine/sampler.ts";
import { addConnection } from "../server/queues/mutations/index.ts";
import { getQueue, listJobs, listQueues, systemOf } from "../server/queues/queries/index.ts";
import { ListJobs } from "../server/queues/schema/index.ts";
import { percentile, type Figure } from "./figure.ts";

const BULL_QUEUES = 200;
/** 200 queues over four systems, for the cost of sampling. */
const MIXED = { bull: 100, boss: 50, rabbit: 40, own: 10 };
const SAMPLE_SECONDS = 15;
const JOBS = 1_000_000;
const ROUNDS = 30;
const BIG = "bench.big";

async function p95(rounds: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return percentile(times, 0.95);
}

async function fillBull(url: string, prefix: string, count: number): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const kept = Array.from({ length: count }, (_, index) => new Queue(`queue-${index}`, { connection: redis as never, prefix }));
  await Promise.all(kept.map((queue) => queue.addBulk(Array.from({ length: 20 }, (_, n) => ({ name: "job", data: { n } })))));
  redis.disconnect();
}

async function bullList(ctx: Context, url: string): Promise<Figure> {
  await fillBull(url, "list", BULL_QUEUES);
  const { id } = await addConnection(ctx, { name: "List", config: { kind: "bullmq", url, prefix: "list" } });
  const { system } = await systemOf(ctx, id);
  const value = await p95(ROUNDS, () => system.readQueues(ctx, { since: new Date() }));
  return { name: "list-200-bullmq-p95", value, unit: "ms", goal: "<=100" };
}

async function fillMixed(ctx: Context, at: { url: string; redis: string; rabbit: Awaited<ReturnType<typeof startRabbit>> }): Promise<void> {
  await fillBull(at.redis, "mixed", MIXED.bull);
  const boss = new PgBoss({ connectionString: at.url, schema: "other", supervise: false, schedule: false });
  await boss.start();
  for (let index = 0; index < MIXED.boss; index += 1) {
    await boss.createQueue(`queue-${index}`);
    await boss.send(`queue-${index}`, { index });
  }
  await boss.stop({ graceful: false });
  const model = await connect(at.rabbit.url);
  const channel = await model.createChannel();
  for (let index = 0; index < MIXED.rabbit; index += 1) {
    await channel.assertQueue(`queue-${index}`);
    channel.sendToQueue(`queue-${index}`, Buffer.from("{}"));
  }
  await channel.close();
  await model.close();
  for (let index = 0; index < MIXED.own; index += 1) await ctx.db.$executeRaw`SELECT pgboss.create_queue(${`bench.own${index}`}, '{"policy":"exclusive"}'::jsonb)`;
  await addConnection(ctx, { name: "Mixed Redis", config: { kind: "bullmq", url: at.redis, prefix: "mixed" } });
  await addConnection(ctx, { name: "Mixed boss", config: { kind: "pgboss", url: at.url, schema: "other" } });
  await addConnection(ctx, { name: "Mixed rabbit", config: { kind: "rabbitmq", url: at.rabbit.url, managementUrl: at.rabbit.managementUrl } });
}

/** The processor time of this process for a pass over all, as a share of the time between two passes. */
async function samplingCost(ctx: Context): Promise<Figure> {
  const makeDue = () => ctx.db.$executeRaw`UPDATE queue_connection SET next_read_at = now() - interval '1 second', reader = NULL, reader_until = NULL WHERE id <> 'list'`;
  await makeDue();
  await sampleDue(ctx);
  const passes = 10;
  const before = process.cpuUsage();
  for (let pass = 0; pass < passes; pass += 1) {
    await makeDue();
    await sampleDue(ctx);
  }
  const { user, system } = process.cpuUsage(before);
  return { name: "sampling-200-queues", value: ((user + system) / 1e6 / passes / SAMPLE_SECONDS) * 100, unit: "percent", goal: "<=5", note: "of a core" };
}

async function fillBig(database: Database): Promise<void> {
  await database.pool.query("SELECT pgboss.create_queue($1, '{\"policy\":\"standard\"}'::jsonb)", [BIG]);
  const client = await database.pool.connect();
  try {
    await client.query("SET statement_timeout = 0");
    await client.query(
      `INSERT INTO pgboss.job (name, data, state, policy, created_on, started_on, completed_on, output)
       SELECT $1, jsonb_build_object('n', n, 'customer', jsonb_build_object('id', n % 5000)), s.state::pgboss.job_state, 'standard', now() - n * interval '10 milliseconds',
         CASE WHEN s.state = 'created' THEN NULL ELSE now() - n * interval '5 milliseconds' END, CASE WHEN s.state = 'created' THEN NULL ELSE now() - n * interval '4 milliseconds' END,
         CASE WHEN s.state = 'failed' THEN jsonb_build_object('message', 'mailbox full') END
       FROM generate_series(1, $2::int) n, LATERAL (SELECT CASE WHEN n % 10 < 6 THEN 'completed' WHEN n % 10 < 9 THEN 'failed' ELSE 'created' END AS state) s`,
      [BIG, JOBS],
    );
    await client.query("VACUUM ANALYZE pgboss.job_common");
  } finally {
    client.release();
  }
}

async function jobsPage(ctx: Context, database: Database): Promise<Figure[]> {
  await fillBig(database);
  await ctx.db.$executeRaw`UPDATE queue_connection SET next_read_at = now() - interval '1 second', reader = NULL, reader_until = NULL WHERE id = 'own'`;
  await sampleDue(ctx);
  const page = (facts: object) => () => listJobs(ctx, ListJobs.parse({ connection: "own", queue: BIG, limit: 50, ...facts }));
  const listAndCounts = await p95(ROUNDS, () => Promise.all([page({ state: "failed" })(), getQueue(ctx, { connection: "own", queue: BIG, range: "24h" }), listQueues(ctx)]));
  return [
    { name: "jobs-1m-list-and-counts-p95", value: listAndCounts, unit: "ms", goal: "<=100" },
    { name: "jobs-1m-by-state-and-name-p95", value: await p95(ROUNDS, page({ state: "failed", filter: `name:${BIG}` })), unit: "ms", goal: "<=200" },
    { name: "jobs-1m-by-data-path-p95", value: await p95(5, page({ state: "failed", filter: "data.customer.id:4237" })), unit: "ms", goal: "<=1000" },
  ];
}

export async function run(): Promise<Figure[]> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "seaworthy-bench-queues-"));
  const [cluster, redis, rabbit] = await Promise.all([startEmbedded({ dataDir: dir, isThrowAway: true }), startRedis(), startRabbit()]);
  // The product's logger and key ring read the environment.
  Object.assign(process.env, ensureSecrets(dir), { DATABASE_URL: cluster.url, SEAWORTHY_DATA_DIR: dir, LOG_LEVEL: "error" });
  try {
    await applyMigrations(cluster.url);
    await installQueue(cluster.url);
    const database = openDatabase({ url: cluster.url, poolMax: 10, queryTimeoutMs: 60_000, connectTimeoutMs: 10_000, applicationName: "bench" });
    const ctx = testContext({ db: database.client, http: localNetwork });
    try {
      const list = await bullList(ctx, redis.url);
      await fillMixed(ctx, { url: cluster.url, redis: redis.url, rabbit });
      const sampling = await samplingCost(ctx);
      return [list, sampling, ...(await jobsPage(ctx, database))];
    } finally {
      await closeSessions();
      await database.close();
    }
  } finally {
    await Promise.all([cluster.stop(), redis.stop(), rabbit.stop()]);
    rmSync(dir, { recursive: true, force: true });
  }
}
