import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { instruments } from "../platform/metrics/registry.ts";
import { workerBoss } from "../platform/queue/boss.ts";
import { defineJob } from "../platform/queue/define.ts";
import { enqueue } from "../platform/queue/enqueue.ts";
import { DEFAULT_TIMING } from "../platform/queue/policy.ts";
import { bury, complete, fail } from "../platform/queue/settle.ts";
import { createLogger } from "../platform/logger.ts";
import { createCallerFactory } from "../platform/trpc.ts";
import { forgetAudit } from "../platform/testing/audit.ts";
import { asActor, testContext, testDatabase } from "../platform/testing/database.ts";
import { sampleDue } from "./engine/sampler.ts";
import { showFigures } from "./gauges.ts";
import { rollUpSamples, tidyQueues } from "./mutations/index.ts";
import { queuesRouter } from "./router/index.ts";

const database = testDatabase();
const log = createLogger({ level: "silent", write: () => undefined });
const job = defineJob({ name: "tests.mail", input: z.object({ to: z.string(), password: z.string().optional() }), retries: 0 });
const ctx = () => testContext({ db: database.db });
const as = (role: "viewer" | "editor") => createCallerFactory(queuesRouter)(testContext({ db: database.db, actor: asActor(role) }));
const missing = "00000000-0000-4000-8000-000000000000";

const desk = async () => ({ boss: await workerBoss(database.pool, DEFAULT_TIMING, log), pool: database.pool });

/** Adds a job and fails it for good. Returns the ids of its record and of its dead letter. */
async function makeFailure(key?: string): Promise<{ failedId: string; letterId: string }> {
  await enqueue(ctx(), job, { to: "a", password: "hidden" }, { key });
  const at = await desk();
  const [claim] = await at.boss.fetch(job.name);
  await bury(at, { id: claim!.id, name: job.name, retryCount: claim!.retryCount }, new Error("mailbox full", { cause: new Error("452") }));
  const dead = await as("viewer").jobs({ connection: "own", queue: job.name, state: "dead" });
  return { failedId: claim!.id, letterId: dead.items[0]!.id };
}

const counts = async () => (await as("viewer").get({ connection: "own", queue: job.name })).counts;
/** A reading as if the time for it had come. */
const sample = async () => {
  await database.pool.query("UPDATE queue_connection SET next_read_at = now() - interval '1 second'");
  expect(await sampleDue(ctx())).toBe(1);
};

beforeEach(async () => {
  await database.pool.query("TRUNCATE pgboss.job; TRUNCATE series.queue_sample; DELETE FROM queue_state; UPDATE queue_connection SET last_read_at = NULL; DELETE FROM process_instance");
  await forgetAudit(database.pool);
});

test("counts each state of each queue (PDF-017)", async () => {
  await enqueue(ctx(), job, { to: "delayed" }, { delayMs: 60_000 });
  await makeFailure();
  await enqueue(ctx(), job, { to: "done" }, { priority: "high" });
  const at = await desk();
  const [done] = await at.boss.fetch(job.name);
  await complete(at, { id: done!.id, name: job.name, retryCount: done!.retryCount });
  await enqueue(ctx(), job, { to: "runs" }, { priority: "high" });
  await at.boss.fetch(job.name);
  await enqueue(ctx(), job, { to: "waits" });
  expect(await counts()).toEqual({ waiting: 1, active: 1, delayed: 1, failed: 1, completed: 1, dead: 1 });
  expect(await as("viewer").metrics({})).toEqual({ waiting: 1, active: 1, delayed: 1, failed: 1, completed: 1 });
  const { items } = await as("viewer").list({});
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ name: job.name, connection: "own", depth: 3, failedLastHour: 1, completedLastHour: 1 });
  expect(items[0]?.oldestWaitingMs).toBeGreaterThanOrEqual(0);
  expect(items[0]?.sparkline).toHaveLength(48);
});

test("lists a queue's jobs newest first, page by page", async () => {
  for (const to of ["1", "2", "3", "4", "5"]) await enqueue(ctx(), job, { to }, to === "5" ? { key: "five" } : {});
  const first = await as("viewer").jobs({ connection: "own", queue: job.name, limit: 2 });
  const second = await as("viewer").jobs({ connection: "own", queue: job.name, limit: 2, cursor: first.nextCursor ?? "" });
  const third = await as("viewer").jobs({ connection: "own", queue: job.name, limit: 2, cursor: second.nextCursor ?? "" });
  const all = [...first.items, ...second.items, ...third.items];
  expect(all).toHaveLength(5);
  expect(third.nextCursor).toBeNull();
  const times = all.map((item) => item.createdAt?.getTime() ?? 0);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect(all.map((item) => item.key)).toEqual(["five", null, null, null, null]);
  expect(all[0]).toMatchObject({ state: "waiting", priority: 5, attempt: 1, maxAttempts: 1, error: null });
  await expect(as("viewer").jobs({ connection: "own", queue: job.name, cursor: "nonsense" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
});

test("shows a failed job and its dead letter with the last error, secrets masked", async () => {
  const { failedId, letterId } = await makeFailure();
  const failed = await as("viewer").job({ connection: "own", queue: job.name, id: failedId });
  expect(failed).toMatchObject({ state: "failed", error: "mailbox full", relatedId: letterId, attempts: [{ number: 1, cause: "452" }] });
  expect(failed.data.text).toBe('{\n  "to": "a",\n  "password": "••••"\n}');
  expect(failed.attempts[0]?.stack).toContain("mailbox full");
  const dead = await as("viewer").job({ connection: "own", queue: job.name, id: letterId });
  expect(dead).toMatchObject({ state: "dead", queue: job.name, error: "mailbox full", relatedId: failedId, attempt: 1, maxAttempts: 1 });
  await expect(as("viewer").job({ connection: "own", queue: job.name, id: missing })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(as("viewer").job({ connection: "own", queue: "other.queue", id: failedId })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a job whose worker died says so in words", async () => {
  await enqueue(ctx(), job, { to: "a" });
  const at = await desk();
  const [claim] = await at.boss.fetch(job.name);
  await fail(at, { id: claim!.id, name: job.name, retryCount: claim!.retryCount }, "x");
  await database.pool.query(`UPDATE pgboss.job SET output = '{"value":{"message":"job heartbeat timeout"}}' WHERE state = 'failed'`);
  expect((await as("viewer").job({ connection: "own", queue: job.name, id: claim!.id })).error).toBe("The worker stopped answering while it ran this job.");
});

test.each(["failedId", "letterId"] as const)("retrying by its %s runs the job again from its first attempt", async (which) => {
  const failure = await makeFailure();
  await as("editor").retry({ connection: "own", queue: job.name, id: failure[which] });
  expect(await counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0, completed: 0, dead: 0 });
  const { items } = await as("viewer").jobs({ connection: "own", queue: job.name });
  expect(items[0]).toMatchObject({ id: failure.failedId, attempt: 1, maxAttempts: 1, error: null });
  const [row] = await database.db.auditEntry.findMany();
  expect(row).toMatchObject({ action: "queues.retry", targetId: failure[which], actorId: "usr_test_editor" });
  await expect(as("editor").retry({ connection: "own", queue: job.name, id: failure.letterId })).rejects.toMatchObject({ code: which === "letterId" ? "CONFLICT" : "NOT_FOUND" });
});

test("a letter whose record was cleaned away can still be retried", async () => {
  const { failedId, letterId } = await makeFailure();
  await database.pool.query("DELETE FROM pgboss.job WHERE id = $1::uuid", [failedId]);
  await as("editor").retry({ connection: "own", queue: job.name, id: letterId });
  expect(await counts()).toMatchObject({ waiting: 1, failed: 0, dead: 0 });
});

test.each([true, false])("retrying is refused while a job with its key waits (record kept: %s)", async (hasRecord) => {
  const { failedId, letterId } = await makeFailure("same");
  if (!hasRecord) await database.pool.query("DELETE FROM pgboss.job WHERE id = $1::uuid", [failedId]);
  await enqueue(ctx(), job, { to: "b" }, { key: "same" });
  await expect(as("editor").retry({ connection: "own", queue: job.name, id: letterId })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await counts()).toMatchObject({ waiting: 1, dead: 1 });
});

test("two who retry at once: one wins", async () => {
  const { letterId } = await makeFailure();
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => as("editor").retry({ connection: "own", queue: job.name, id: letterId })));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  expect(await counts()).toMatchObject({ waiting: 1, failed: 0, dead: 0 });
});

test("discarding deletes both halves; a job that runs stays", async () => {
  const { failedId } = await makeFailure();
  await as("editor").discard({ connection: "own", queue: job.name, id: failedId });
  expect(await counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, dead: 0 });
  const id = await enqueue(ctx(), job, { to: "runs" });
  await (await desk()).boss.fetch(job.name);
  await expect(as("editor").discard({ connection: "own", queue: job.name, id: id ?? "" })).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(as("editor").discard({ connection: "own", queue: job.name, id: missing })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await counts()).toMatchObject({ active: 1 });
  expect((await database.db.auditEntry.findMany()).map((row) => row.action)).toEqual(["queues.discard"]);
});

test("a viewer may neither retry nor discard", async () => {
  const { letterId } = await makeFailure();
  await expect(as("viewer").retry({ connection: "own", queue: job.name, id: letterId })).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(as("viewer").discard({ connection: "own", queue: job.name, id: letterId })).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("the summary adds up, names the worst and notices when nobody works", async () => {
  await makeFailure();
  await enqueue(ctx(), job, { to: "waits" });
  await database.pool.query("UPDATE pgboss.job SET start_after = now() - interval '5 minutes' WHERE state = 'created' AND name = $1", [job.name]);
  await sample();
  const summary = await as("viewer").summary({ range: "1h" });
  expect(summary).toMatchObject({ depth: 1, oldestQueue: job.name, worstQueue: job.name, failedLastHour: 1, workers: 0, isStalled: true, queues: [{ key: `own/${job.name}`, label: job.name }] });
  expect(summary.oldestWaitingMs).toBeGreaterThan(299_000);
  expect(summary.series).toHaveLength(1);
  expect(summary.series[0]?.depths).toEqual({ [`own/${job.name}`]: 1 });
});

test("samples keep the latest figures and the deepest depth of a minute", async () => {
  for (const to of ["1", "2", "3"]) await enqueue(ctx(), job, { to });
  await sample();
  await (await desk()).boss.deleteQueuedJobs(job.name);
  await enqueue(ctx(), job, { to: "4" });
  await sample();
  const { rows } = await database.pool.query<{ waiting: number; depth_max: number }>("SELECT waiting, depth_max FROM series.queue_sample ORDER BY at");
  expect(rows.at(-1)?.waiting).toBe(1);
  expect(Math.max(...rows.map((row) => row.depth_max))).toBe(3);
  const detail = await as("viewer").get({ connection: "own", queue: job.name });
  expect(detail.series.at(-1)).toMatchObject({ waiting: 1, delayed: 0, active: 0 });
  expect(detail.facts).toContainEqual({ label: "Retries", value: "0" });
  expect(detail).toMatchObject({ kind: "own", schedules: [], isPaused: false, problem: null });
  await expect(as("viewer").get({ connection: "own", queue: "no.such" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(as("viewer").get({ connection: "nowhere", queue: "no.such" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("the sampler feeds the gauges by connection, queue and state (MSG-045, PDF-047)", async () => {
  await enqueue(ctx(), job, { to: "1" });
  await sample();
  await showFigures(ctx());
  const text = await instruments().registry.metrics();
  expect(text).toContain("# TYPE queue_depth_total gauge");
  expect(text).toContain(`queue_depth_total{connection="own",queue="${job.name}",state="waiting"} 1`);
  expect(text).toContain(`queue_jobs_waiting{connection="own",queue="${job.name}"} 1`);
  expect(text).toContain('queue_connection_up{connection="own"} 1');
});

test("one worker reads a connection at a time, and a dead one's turn is taken over", async () => {
  await database.pool.query("UPDATE queue_connection SET next_read_at = now() - interval '1 second', reader = 'dead', reader_until = now() + interval '1 minute'");
  expect(await sampleDue(ctx())).toBe(0);
  await database.pool.query("UPDATE queue_connection SET reader_until = now() - interval '1 second'");
  expect((await Promise.all([sampleDue(ctx()), sampleDue(ctx()), sampleDue(ctx())])).reduce((sum, count) => sum + count, 0)).toBe(1);
});

test("rules are judged, kept with since and value, and edited by queue (C22)", async () => {
  for (let n = 0; n < 4; n += 1) await enqueue(ctx(), job, { to: String(n) });
  const ref = { connection: "own", queue: job.name };
  await sample();
  const before = await as("viewer").get(ref);
  expect(before.rules.find((rule) => rule.rule === "depth")).toMatchObject({ level: "ok", value: 4 });
  expect(before.rules.find((rule) => rule.rule === "noConsumer")).toMatchObject({ level: "critical", value: 4 });
  const thresholds = { ...before.thresholds, depth: { warn: 2, critical: 3 }, noConsumer: { warn: null, critical: null } };
  await as("editor").setThresholds({ ...ref, revision: 0, thresholds });
  await expect(as("editor").setThresholds({ ...ref, revision: 0, thresholds })).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(as("editor").setThresholds({ ...ref, revision: 1, thresholds: { ...thresholds, depth: { warn: 4, critical: 3 } } })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(as("viewer").setThresholds({ ...ref, revision: 1, thresholds })).rejects.toMatchObject({ code: "FORBIDDEN" });
  await sample();
  const { items } = await as("viewer").list({});
  expect(items[0]).toMatchObject({ name: job.name, level: "critical", broken: [{ rule: "depth", level: "critical", value: 4 }] });
  expect(await as("viewer").summary({})).toMatchObject({ critical: 1, warn: 0 });
  const since = items[0]!.broken[0]!.since;
  await sample();
  expect((await as("viewer").list({})).items[0]?.broken[0]?.since).toEqual(since);
  await as("editor").setThresholds({ ...ref, revision: 1, thresholds: null });
  expect((await as("viewer").get(ref)).thresholds).toEqual(before.thresholds);
  expect((await database.db.auditEntry.findMany()).map((row) => row.action)).toEqual(["queues.setThresholds", "queues.setThresholds"]);
});

test("flow and times of jobs are sampled and rolled up to hours", async () => {
  await sample();
  await enqueue(ctx(), job, { to: "1" });
  const at = await desk();
  const [claim] = await at.boss.fetch(job.name);
  await complete(at, { id: claim!.id, name: job.name, retryCount: claim!.retryCount });
  await sample();
  const detail = await as("viewer").get({ connection: "own", queue: job.name });
  expect(detail).toMatchObject({ completedLastHour: 1, failedLastHour: 0, run: { count: 1 }, wait: { count: 1 } });
  expect(detail.series.at(-1)?.donePerMinute).toBeGreaterThan(0);
  await rollUpSamples(ctx());
  await rollUpSamples(ctx());
  const { rows } = await database.pool.query<{ done: number; run_counts: number[] }>("SELECT sum(done)::int AS done FROM series.queue_hour WHERE queue = $1", [job.name]);
  expect(rows[0]?.done).toBe(1);
  expect((await as("viewer").get({ connection: "own", queue: job.name, range: "7d" })).series.at(-1)?.run.count).toBe(1);
});

test("tidying deletes what is past its time in the settings (PDF-013)", async () => {
  await makeFailure();
  await makeFailure();
  await database.pool.query("UPDATE pgboss.job SET completed_on = now() - interval '2 hours' WHERE state = 'failed'");
  await database.pool.query("UPDATE pgboss.job SET state = 'completed' WHERE id = (SELECT id FROM pgboss.job WHERE state = 'failed' LIMIT 1)");
  await sample();
  await database.pool.query("UPDATE series.queue_sample SET at = at - interval '31 days'");
  expect(await tidyQueues(ctx())).toEqual({ jobs: 1, letters: 0, samples: 1 });
  expect(await counts()).toMatchObject({ completed: 0, failed: 1, dead: 2 });
  await database.pool.query("UPDATE pgboss.job SET completed_on = now() - interval '25 hours' WHERE state = 'failed'; UPDATE pgboss.job SET created_on = now() - interval '15 days' WHERE name = 'dead-letters'");
  expect(await tidyQueues(ctx())).toEqual({ jobs: 1, letters: 2, samples: 0 });
});
