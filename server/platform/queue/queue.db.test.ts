import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { inTransaction } from "../db.ts";
import { createLogger } from "../logger.ts";
import { instruments } from "../metrics/registry.ts";
import { testContext, testDatabase } from "../testing/database.ts";
import { workerBoss } from "./boss.ts";
import { defineJob, handle, Later, Permanent, type Attempt, type HandledJob } from "./define.ts";
import { enqueue } from "./enqueue.ts";
import { ensureQueues, ensureSchedules, installQueue } from "./install.ts";
import { DEFAULT_TIMING } from "./policy.ts";
import { startQueue, type RunningQueue } from "./start.ts";

const database = testDatabase();
const log = createLogger({ level: "silent", write: () => undefined });
const FAST = { ...DEFAULT_TIMING, heartbeatSeconds: 10, beatMs: 200, superviseSeconds: 1, pollMs: 100, cronSeconds: 1 };
const SOON = { timeout: 10_000, interval: 50 };

const Input = z.object({ n: z.number() });
let serial = 0;
const nextName = (): `tests.${string}` => `tests.job${++serial}`;
const ctx = () => testContext({ db: database.db });

const queues: RunningQueue[] = [];
function run(handlers: HandledJob[], options: { concurrency?: number } = {}): RunningQueue {
  const queue = startQueue({ pool: database.pool, handlers, concurrency: options.concurrency ?? 10, context: () => ctx(), log, timing: FAST });
  queues.push(queue);
  return queue;
}
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop(5_000)));
});

type Row = { id: string; state: string; priority: number; retry_count: number; wait_s: number; output: { message?: string } | null; source_name: string | null; source_output: { message: string } | null };
async function rows(name: string): Promise<Row[]> {
  const found = await database.pool.query<Row>(
    "SELECT id, state, priority, retry_count, extract(epoch FROM start_after - now())::float8 AS wait_s, output, source_name, source_output FROM pgboss.job WHERE name = $1 ORDER BY created_on",
    [name],
  );
  return found.rows;
}
const letters = async (name: string) => (await rows("dead-letters")).filter((row) => row.source_name === name);
const counted = async (metric: string, queue: string) => {
  const values = (await instruments().registry.getSingleMetric(metric)?.get())?.values ?? [];
  return values.find((value) => value.labels.queue === queue)?.value ?? 0;
};
const startNow = (name: string) => database.pool.query("UPDATE pgboss.job SET start_after = now() WHERE name = $1 AND state = 'retry'", [name]);

test("a job appears with its transaction and disappears with it", async () => {
  const job = defineJob({ name: nextName(), input: Input });
  const failing = inTransaction(ctx(), async (tx) => {
    expect(await enqueue(tx, job, { n: 1 })).toBeTypeOf("string");
    throw new Error("undo");
  });
  await expect(failing).rejects.toThrow("undo");
  expect(await rows(job.name)).toEqual([]);
  await inTransaction(ctx(), (tx) => enqueue(tx, job, { n: 2 }));
  expect(await rows(job.name)).toHaveLength(1);
});

test("input that does not fit is refused when enqueued and buried when it comes by another way", async () => {
  const job = defineJob({ name: nextName(), input: Input });
  await expect(enqueue(ctx(), job, { n: "x" as unknown as number })).rejects.toMatchObject({ code: "invalid" });
  await enqueue(ctx(), job, { n: 1 });
  await database.pool.query(`UPDATE pgboss.job SET data = '{"n":"hostile"}' WHERE name = $1`, [job.name]);
  run([handle(job, () => Promise.reject(new Error("must not run")))]);
  await expect.poll(() => letters(job.name), SOON).toHaveLength(1);
  expect((await letters(job.name))[0]?.source_output?.message).toContain("does not fit");
});

test("lower priority numbers run first: HIGH 1, NORMAL 5, LOW 10 (PDF-015, PDF-016, C43)", async () => {
  const job = defineJob({ name: nextName(), input: Input });
  await enqueue(ctx(), job, { n: 10 }, { priority: "low" });
  await enqueue(ctx(), job, { n: 5 });
  await enqueue(ctx(), job, { n: 1 }, { priority: "high" });
  const seen: number[] = [];
  run([handle(job, (_ctx, { n }) => Promise.resolve(void seen.push(n)))]);
  await expect.poll(() => seen, SOON).toEqual([1, 5, 10]);
});

test("a failed attempt is retried 5 to 10 s later, then 10 to 20 s, then becomes a dead letter (PDF-011, C42)", async () => {
  const job = defineJob({ name: nextName(), input: Input, retries: 2 });
  const attempts: number[] = [];
  await enqueue(ctx(), job, { n: 1 });
  run([handle(job, (_ctx, _input, { attempt }) => Promise.reject(new Error(`boom ${attempts.push(attempt)}`)))]);
  const waits: number[] = [];
  for (const tried of [1, 2]) {
    await expect.poll(async () => [attempts.length, (await rows(job.name))[0]?.state], SOON).toEqual([tried, "retry"]);
    waits.push((await rows(job.name))[0]?.wait_s ?? 0);
    await startNow(job.name);
  }
  await expect.poll(() => letters(job.name), SOON).toHaveLength(1);
  expect(attempts).toEqual([1, 2, 3]);
  expect(waits[0]).toBeGreaterThan(3);
  expect(waits[0]).toBeLessThanOrEqual(10);
  expect(waits[1]).toBeGreaterThan(8);
  expect(waits[1]).toBeLessThanOrEqual(20);
  expect((await letters(job.name))[0]).toMatchObject({ source_name: job.name, source_output: { message: "boom 3" } });
  await expect.poll(() => counted("queue_messages_failed_total", job.name), SOON).toBe(3);
});

test("Permanent makes a dead letter at once", async () => {
  const job = defineJob({ name: nextName(), input: Input, retries: 5 });
  let calls = 0;
  await enqueue(ctx(), job, { n: 1 });
  run([
    handle(job, () => {
      calls += 1;
      return Promise.reject(new Permanent("no such file"));
    }),
  ]);
  await expect.poll(() => letters(job.name), SOON).toHaveLength(1);
  expect(calls).toBe(1);
});

test("Later runs again without charging an attempt", async () => {
  const job = defineJob({ name: nextName(), input: Input, retries: 0 });
  const attempts: number[] = [];
  await enqueue(ctx(), job, { n: 1 });
  run([
    handle(job, (_ctx, _input, { attempt }) => {
      attempts.push(attempt);
      return attempts.length < 3 ? Promise.reject(new Later(100, "the target is busy")) : Promise.resolve();
    }),
  ]);
  await expect.poll(async () => (await rows(job.name))[0]?.state, SOON).toBe("completed");
  expect(attempts).toEqual([1, 1, 1]);
  await expect.poll(() => counted("queue_messages_processed_total", job.name), SOON).toBe(1);
});

test("a delayed job waits", async () => {
  const job = defineJob({ name: nextName(), input: Input });
  await enqueue(ctx(), job, { n: 1 }, { delayMs: 60_000 });
  const [row] = await rows(job.name);
  expect(row?.wait_s).toBeGreaterThan(55);
});

test("100 parallel calls with one key add one job, and another after it is done", async () => {
  const job = defineJob({ name: nextName(), input: Input });
  await enqueue(ctx(), job, { n: 0 }, { key: "other" });
  const ids = await Promise.all(Array.from({ length: 100 }, (_, n) => enqueue(ctx(), job, { n }, { key: "one" })));
  expect(ids.filter(Boolean)).toHaveLength(1);
  expect(await rows(job.name)).toHaveLength(2);
  run([handle(job, () => Promise.resolve())]);
  await expect.poll(async () => (await rows(job.name)).map((row) => row.state), SOON).toEqual(["completed", "completed"]);
  expect(await enqueue(ctx(), job, { n: 1 }, { key: "one" })).toBeTypeOf("string");
});

test("a job that takes too long is told to stop and is tried again (PDF-012)", async () => {
  const job = defineJob({ name: nextName(), input: Input, timeoutMs: 200 });
  const reasons: unknown[] = [];
  await enqueue(ctx(), job, { n: 1 });
  run([
    handle(job, async (_ctx, _input, { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      reasons.push(signal.reason);
      signal.throwIfAborted();
    }),
  ]);
  await expect.poll(async () => (await rows(job.name))[0]?.state, SOON).toBe("retry");
  expect(String(reasons[0])).toContain("longer than 0.2 s");
  expect((await rows(job.name))[0]?.output?.message).toContain("longer than");
});

test("a job that ignores its signal is left behind and frees its place", async () => {
  const job = defineJob({ name: nextName(), input: Input, timeoutMs: 100, retries: 0 });
  await enqueue(ctx(), job, { n: 1 });
  await enqueue(ctx(), job, { n: 2 });
  const seen: number[] = [];
  run([handle(job, (_ctx, { n }) => (seen.push(n) === 1 ? new Promise<void>(() => {}) : Promise.resolve()))]);
  await expect.poll(() => seen, SOON).toHaveLength(2);
});

test("a flood of one kind runs within its bound and leaves room for others (T27)", async () => {
  const flood = defineJob({ name: nextName(), input: Input, concurrency: 3 });
  const probe = defineJob({ name: nextName(), input: Input });
  await database.pool.query("SELECT 1");
  await Promise.all(Array.from({ length: 60 }, (_, n) => enqueue(ctx(), flood, { n })));
  let now = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  const probed = Promise.withResolvers<number>();
  run(
    [
      handle(flood, async () => {
        most = Math.max(most, ++now);
        await gate.promise;
        now -= 1;
      }),
      handle(probe, () => Promise.resolve(probed.resolve(now))),
    ],
    { concurrency: 5 },
  );
  await expect.poll(() => now, SOON).toBe(3);
  await enqueue(ctx(), probe, { n: 1 });
  expect(await probed.promise).toBe(3);
  gate.resolve();
  await expect.poll(async () => (await rows(flood.name)).every((row) => row.state === "completed"), SOON).toBe(true);
  expect(most).toBe(3);
});

test("three schedulers make one job of one occurrence, and a removed line leaves the clock", async () => {
  const job = defineJob({ name: nextName(), input: Input, cron: { line: "* * * * *", input: { n: 1 } } });
  const bosses = await Promise.all([1, 2, 3].map(() => workerBoss(database.pool, FAST, log)));
  try {
    await bosses[0]?.start();
    await ensureQueues(bosses[0]!, [job], FAST);
    await ensureSchedules(bosses[0]!, [job]);
    await Promise.all(bosses.slice(1).map((boss) => boss.start()));
    await expect.poll(async () => (await rows(job.name)).length, { timeout: 15_000 }).toBe(1);
    const passes = async () => (await database.pool.query<{ at: Date }>("SELECT cron_on AS at FROM pgboss.version")).rows[0]?.at.getTime() ?? 0;
    const since = await passes();
    await expect.poll(passes, { timeout: 15_000 }).toBeGreaterThan(since + 2_000);
    expect(await rows(job.name)).toHaveLength(1);
    await ensureSchedules(bosses[1]!, []);
    expect(await bosses[0]!.getSchedules()).toEqual([]);
  } finally {
    await Promise.all(bosses.map((boss) => boss.stop({ graceful: false })));
  }
});

test("stopping finishes what can be finished and hands back the rest uncharged", async () => {
  const job = defineJob({ name: nextName(), input: Input, concurrency: 2, retries: 0 });
  await enqueue(ctx(), job, { n: 1 }, { priority: "high" });
  await enqueue(ctx(), job, { n: 2 });
  const started = new Map<number, Attempt>();
  const stopping = Promise.withResolvers<void>();
  const queue = run([
    handle(job, async (_ctx, { n }, attempt) => {
      started.set(n, attempt);
      await (n === 1 ? stopping.promise : new Promise<void>(() => {}));
    }),
  ]);
  await expect.poll(() => started.size, SOON).toBe(2);
  const stopped = queue.stop(2_500);
  stopping.resolve();
  await stopped;
  expect((await rows(job.name)).map((row) => [row.state, row.retry_count])).toEqual([["completed", 0], ["created", 0]]);
  expect(started.get(2)?.signal.aborted).toBe(true);
  const seen: number[] = [];
  run([handle(job, (_ctx, _input, { attempt }) => Promise.resolve(void seen.push(attempt)))]);
  await expect.poll(() => seen, SOON).toEqual([1]);
});

test("installing twice, and from several processes at once, changes nothing", async () => {
  await Promise.all([installQueue(database.url), installQueue(database.url), installQueue(database.url)]);
  const found = await database.pool.query("SELECT name FROM pgboss.queue WHERE name = 'dead-letters'");
  expect(found.rowCount).toBe(1);
});

test("two handlers for one job do not start", () => {
  const job = defineJob({ name: nextName(), input: Input });
  expect(() => run([handle(job, () => Promise.resolve()), handle(job, () => Promise.resolve())])).toThrow("Two handlers");
});
