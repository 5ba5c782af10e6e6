/** How a worker takes work: nothing twice, within the places in force, and with every error kept. */
import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { createLogger } from "../logger.ts";
import { testContext, testDatabase } from "../testing/database.ts";
import { workerBoss } from "./boss.ts";
import { defineJob, handle, type HandledJob } from "./define.ts";
import { enqueue } from "./enqueue.ts";
import { DEFAULT_TIMING } from "./policy.ts";
import { beat, reportAlive } from "./settle.ts";
import { startQueue, type RunningQueue } from "./start.ts";
import { readWorkload } from "./workload.ts";

const database = testDatabase();
const log = createLogger({ level: "silent", write: () => undefined });
const FAST = { ...DEFAULT_TIMING, heartbeatSeconds: 10, beatMs: 200, superviseSeconds: 1, pollMs: 100, cronSeconds: 1 };
const SOON = { timeout: 20_000, interval: 50 };
const Input = z.object({ n: z.number() });
const ctx = () => testContext({ db: database.db });

const queues: RunningQueue[] = [];
function run(handlers: HandledJob[], options: { concurrency?: number; worker?: string } = {}): RunningQueue {
  const queue = startQueue({ pool: database.pool, handlers, concurrency: options.concurrency ?? 10, context: ctx, log, timing: FAST, worker: options.worker });
  queues.push(queue);
  return queue;
}
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop(5_000)));
});

const attempts = async (jobId: string) =>
  (await database.pool.query<{ attempt: number; worker: string; error: { message: string }; is_silent: boolean; survived: boolean }>("SELECT * FROM series.queue_attempt WHERE job_id = $1::uuid ORDER BY id DESC", [jobId])).rows;
const stateOf = async (jobId: string) => (await database.pool.query<{ state: string }>("SELECT state FROM pgboss.job WHERE id = $1::uuid", [jobId])).rows[0]?.state;
const startNow = (jobId: string) => database.pool.query("UPDATE pgboss.job SET start_after = now() WHERE id = $1::uuid AND state = 'retry'", [jobId]);
const policy = (queue: string, change: { concurrency?: number; paused?: boolean }) =>
  database.pool.query(
    `INSERT INTO queue_policy (connection_id, queue, concurrency, paused_at, updated_at, updated_by) VALUES ('own', $1, $2, $3, now(), 'test')
     ON CONFLICT (connection_id, queue) DO UPDATE SET concurrency = excluded.concurrency, paused_at = excluded.paused_at`,
    [queue, change.concurrency ?? null, change.paused ? new Date() : null],
  );

test("of a capped queue no more begin in a second than its cap, however many workers there are (PDF-014)", async () => {
  const job = defineJob({ name: "tests.capped", input: Input, concurrency: 10 });
  const other = defineJob({ name: "tests.uncapped", input: Input, concurrency: 10 });
  const ran: number[] = [];
  const handlers = [handle(job, (_ctx, { n }) => Promise.resolve(void ran.push(n))), handle(other, (_ctx, { n }) => Promise.resolve(void ran.push(n)))];
  for (const one of [job, other]) for (let n = 0; n < 13; n++) await enqueue(ctx(), one, { n });
  await database.pool.query("INSERT INTO queue_policy (connection_id, queue, per_second, updated_at, updated_by) VALUES ('own', 'tests.capped', 6, now(), 'test')");
  run(handlers, { worker: "one" });
  run(handlers, { worker: "two" });
  await expect.poll(() => ran.length, SOON).toBe(26);
  const begun = async (name: string) => (await database.pool.query<{ n: number }>("SELECT count(*)::int AS n FROM pgboss.job WHERE name = $1 GROUP BY date_trunc('second', started_on) ORDER BY date_trunc('second', started_on)", [name])).rows.map((row) => row.n);
  const seconds = await begun("tests.capped");
  expect(seconds.reduce((sum, n) => sum + n, 0)).toBe(13);
  expect(Math.max(...seconds)).toBeLessThanOrEqual(6);
  expect((await begun("tests.uncapped")).length).toBeLessThanOrEqual(2);
});

test("two workers take 10,000 jobs: none is lost, none runs twice", async () => {
  const job = defineJob({ name: "tests.many", input: Input, concurrency: 50 });
  await enqueue(ctx(), job, { n: 0 });
  await database.pool.query(
    `INSERT INTO pgboss.job (name, data, singleton_key, policy, retry_limit, expire_seconds, heartbeat_seconds, dead_letter)
     SELECT 'tests.many', jsonb_build_object('n', n), '~' || n, 'exclusive', 2, 300, 20, 'dead-letters' FROM generate_series(1, 9999) n`,
  );
  const seen = new Map<number, number>();
  const handler = handle(job, (_ctx, { n }) => Promise.resolve(void seen.set(n, (seen.get(n) ?? 0) + 1)));
  run([handler], { concurrency: 50, worker: "one" });
  run([handler], { concurrency: 50, worker: "two" });
  const open = async () => (await database.pool.query("SELECT 1 FROM pgboss.job WHERE name = 'tests.many' AND state <> 'completed' LIMIT 1")).rowCount;
  await expect.poll(open, { timeout: 60_000, interval: 200 }).toBe(0);
  expect(seen.size).toBe(10_000);
  expect([...seen.values()].filter((times) => times !== 1)).toEqual([]);
  const shares = await database.pool.query<{ worker: string }>("SELECT group_tier AS worker FROM pgboss.job WHERE name = 'tests.many' GROUP BY 1 ORDER BY 1");
  expect(shares.rows.map((row) => row.worker)).toEqual(["one", "two"]);
});

test("the error of every attempt is kept, newest first, with who ran it", async () => {
  const job = defineJob({ name: "tests.errors", input: Input, retries: 2 });
  const id = (await enqueue(ctx(), job, { n: 1 })) ?? "";
  run([handle(job, (_ctx, _input, { attempt }) => Promise.reject(new Error(`boom ${attempt}`)))], { worker: "prc_errors" });
  for (const tried of [1, 2, 3]) {
    await expect.poll(() => attempts(id), SOON).toHaveLength(tried);
    await startNow(id);
  }
  expect((await attempts(id)).map((row) => [row.attempt, row.error.message, row.worker])).toEqual([
    [3, "boom 3", "prc_errors"],
    [2, "boom 2", "prc_errors"],
    [1, "boom 1", "prc_errors"],
  ]);
  expect(await stateOf(id)).toBe("failed");
});

test("a job that ended three workers is put aside and runs no more; one whose worker came back is not", async () => {
  const job = defineJob({ name: "tests.deadly", input: Input, retries: 9 });
  const boss = await workerBoss(database.pool, FAST, log);
  const desk = { boss, pool: database.pool };
  const id = (await enqueue(ctx(), job, { n: 1 })) ?? "";
  const fallSilent = async () => {
    await startNow(id);
    const [claim] = await boss.fetch(job.name);
    // What pg-boss writes when it finds that nobody beats for the job.
    await boss.fail(job.name, id, { value: { message: "job heartbeat timeout" } });
    return { id, name: job.name, retryCount: claim?.retryCount ?? 0 };
  };
  const survivor = await fallSilent();
  expect(await beat(desk, job.name, [survivor])).toEqual(new Set());
  await reportAlive(desk, [survivor]);
  await fallSilent();
  await fallSilent();
  expect(await stateOf(id)).toBe("retry");
  expect(await database.db.queueQuarantine.count()).toBe(0);
  await fallSilent();
  expect(await stateOf(id)).toBe("failed");
  expect(await database.db.queueQuarantine.findMany()).toMatchObject([{ jobId: id, queue: job.name, deaths: 3, releasedAt: null }]);
  const letters = await database.pool.query("SELECT 1 FROM pgboss.job WHERE name = 'dead-letters' AND source_id = $1::uuid", [id]);
  expect(letters.rowCount).toBe(1);
});

test("an operator's figure overrides the declared places, and a paused queue gives no jobs", async () => {
  const job = defineJob({ name: "tests.places", input: Input, concurrency: 1 });
  await policy(job.name, { paused: true });
  for (let n = 0; n < 6; n++) await enqueue(ctx(), job, { n });
  let now = 0;
  const gate = Promise.withResolvers<void>();
  run([handle(job, () => ((now += 1), gate.promise))]);
  await queues[0]?.ready;
  const other = defineJob({ name: "tests.probe", input: Input });
  const probed = Promise.withResolvers<void>();
  await enqueue(ctx(), other, { n: 1 });
  run([handle(other, () => Promise.resolve(probed.resolve()))]);
  await probed.promise;
  expect(now).toBe(0);
  await policy(job.name, { concurrency: 4 });
  await expect.poll(() => now, SOON).toBe(4);
  gate.resolve();
  await expect.poll(() => now, SOON).toBe(6);
});

test("a worker says what it does", async () => {
  const job = defineJob({ name: "tests.work", input: Input, concurrency: 2 });
  for (let n = 0; n < 5; n++) await enqueue(ctx(), job, { n });
  const gate = Promise.withResolvers<void>();
  run([handle(job, (_ctx, { n }) => (n === 0 ? Promise.reject(new Error("no")) : gate.promise))], { concurrency: 3 });
  await expect.poll(() => readWorkload(), SOON).toMatchObject({ places: 3, running: 2, failed: 1 });
  gate.resolve();
  await expect.poll(() => readWorkload(), SOON).toMatchObject({ running: 0, done: 4, isStopping: false });
  expect(readWorkload()?.saturatedPlaceMs).toBeGreaterThan(0);
});
