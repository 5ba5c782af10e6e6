/** Operations on many jobs of the own queue: counted first, then carried out once for each job, whatever happens meanwhile. */
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { defineJob, Later } from "../platform/queue/define.ts";
import { enqueue } from "../platform/queue/enqueue.ts";
import { forgetAudit } from "../platform/testing/audit.ts";
import { asActor, testContext, testDatabase } from "../platform/testing/database.ts";
import { createCallerFactory } from "../platform/trpc.ts";
import { reviveBulks, runBulk } from "./engine/bulk-run.ts";
import { takeStep } from "./engine/bulk-step.ts";
import { tidyLeftovers } from "./mutations/index.ts";
import { systemOf } from "./queries/index.ts";
import { queuesRouter } from "./router/index.ts";
import { addFailures, addQueue } from "./testing/own-queue.ts";

const database = testDatabase();
const job = defineJob({ name: "tests.mail", input: z.looseObject({}) });
const of = { connection: "own", queue: job.name };
const failed = { ...of, operation: "retry", state: "failed" } as const;
const ctx = () => testContext({ db: database.db });
const as = (role: "viewer" | "editor") => createCallerFactory(queuesRouter)(testContext({ db: database.db, actor: asActor(role) }));
const countOf = async (where: string) => (await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM pgboss.job WHERE ${where}`)).rows[0]?.n;
const work = (id: string) => runBulk(ctx(), id, new AbortController().signal);
const rowOf = (id: string) => database.db.queueOperation.findUniqueOrThrow({ where: { id } });
const handedOver = () => countOf("name = 'queues.bulk'");

beforeEach(async () => {
  await database.pool.query("TRUNCATE pgboss.job; TRUNCATE queue_operation; TRUNCATE series.queue_operation_item; TRUNCATE queue_policy; TRUNCATE queue_quarantine; TRUNCATE queue_redrive");
  await forgetAudit(database.pool);
  await addQueue(ctx(), job, {});
});

test("the preview counts, samples and warns; the operation does what it said and tells who, what, how many and why", async () => {
  await addFailures(database.pool, job.name, { count: 30, error: "timeout" });
  await addFailures(database.pool, job.name, { count: 12, error: "mailbox full" });
  await database.pool.query("UPDATE pgboss.job SET completed_on = now() - interval '1 minute' WHERE state = 'failed' AND output->>'message' = 'timeout'");
  const preview = await as("viewer").previewOperation({ ...failed, filter: "error:mailbox" });
  expect(preview).toMatchObject({ count: 12, isExact: true, obstacle: null });
  expect(preview.sample).toHaveLength(5);
  expect(preview.warnings.join(" ")).toContain("30 failed in the last 5 min and none was done");
  const started = await as("editor").startOperation({ ...failed, filter: "error:mailbox", reason: "mailbox emptied" });
  expect(started).toMatchObject({ status: "waiting", total: 12, reached: 0, startedBy: "Test editor", isSelection: false });
  expect(await handedOver()).toBe(1);
  await work(started.id);
  expect(await as("viewer").operation({ id: started.id })).toMatchObject({ status: "done", reached: 12, done: 12, refused: 0, trouble: null });
  expect([await countOf("name = 'tests.mail' AND state = 'created'"), await countOf("name = 'tests.mail' AND state = 'failed'"), await countOf("name = 'dead-letters'")]).toEqual([12, 30, 30]);
  const trail = await database.db.auditEntry.findMany({ orderBy: { id: "asc" } });
  expect(trail.map(({ action, actorLabel, summary }) => [action, actorLabel, summary])).toEqual([
    ["queues.startOperation", "Test editor", "Began: Retry 12 failed jobs that match error:mailbox of tests.mail (mailbox emptied)"],
    ["queues.endOperation", expect.any(String), "Ended: retry of 12 jobs of tests.mail"],
  ]);
});

test("picked jobs only, each once, and what was not done is listed with its reason", async () => {
  await addFailures(database.pool, job.name, { count: 4 });
  const { items } = await as("viewer").jobs({ ...of, state: "failed" });
  const ids = items.map((item) => item.id);
  await as("editor").retry({ ...of, id: ids[0]! });
  await database.db.queueQuarantine.create({ data: { jobId: ids[1]!, queue: job.name, deaths: 3, at: new Date() } });
  const { id } = await as("editor").startOperation({ ...failed, ids: [ids[0]!, ids[1]!, ids[2]!, ids[2]!, "00000000-0000-4000-8000-000000000000"] });
  await work(id);
  expect(await as("viewer").operation({ id })).toMatchObject({ isSelection: true, status: "done", reached: 4, done: 1, already: 1, missing: 1, refused: 1 });
  const left = await as("viewer").operationItems({ id });
  expect(new Map(left.items.map((item) => [item.jobId, item.result]))).toEqual(new Map([[ids[0], "already"], [ids[1], "refused"], ["00000000-0000-4000-8000-000000000000", "missing"]]));
  expect(left.items.find((item) => item.jobId === ids[1])?.reason).toContain("put aside");
  expect(await countOf("name = 'tests.mail' AND state = 'failed'")).toBe(2);
});

test("all that failed: one job a key comes back, those put aside and those whose key is taken stay, what fails later is not met", async () => {
  await addFailures(database.pool, job.name, { count: 6 });
  const { rows } = await database.pool.query<{ id: string }>("SELECT id FROM pgboss.job WHERE name = $1 ORDER BY completed_on", [job.name]);
  const [aside, twin, other, taken] = rows.map((row) => row.id);
  await database.pool.query("UPDATE pgboss.job SET singleton_key = 'one' WHERE id = ANY($1)", [[twin, other]]);
  await database.pool.query("UPDATE pgboss.job SET singleton_key = 'two' WHERE id = $1", [taken]);
  await database.db.queueQuarantine.create({ data: { jobId: aside!, queue: job.name, deaths: 3, at: new Date() } });
  await enqueue(ctx(), job, {}, { key: "two" });
  const { id } = await as("editor").startOperation({ ...failed });
  await addFailures(database.pool, job.name, { count: 1 });
  await database.pool.query("UPDATE pgboss.job SET completed_on = now() WHERE data->>'n' = '0' AND id <> $1 AND name = $2", [aside, job.name]);
  await work(id);
  expect(await as("viewer").operation({ id })).toMatchObject({ status: "done", reached: 6, done: 3, refused: 3 });
  const reasons = new Map((await as("viewer").operationItems({ id })).items.map((item) => [item.jobId, item.reason]));
  expect(new Set(reasons.keys())).toEqual(new Set([aside, reasons.has(twin!) ? twin : other, taken]));
  expect(reasons.get(aside!)).toContain("put aside");
  expect(reasons.get(taken!)).toContain("same key");
  expect([await countOf("name = 'tests.mail' AND state = 'created'"), await countOf("name = 'tests.mail' AND state = 'failed'"), await countOf("name = 'dead-letters'")]).toEqual([4, 4, 4]);
});

test("jobs that fail again while it goes on are not taken a second time: a poison message ends it not", async () => {
  await addFailures(database.pool, job.name, { count: 50 });
  const { id } = await as("editor").startOperation({ ...of, operation: "redrive", state: "dead" });
  const failAgain = () =>
    database.pool.query(
      `WITH back AS (UPDATE pgboss.job SET state = 'failed', completed_on = now(), output = '{"message": "again"}' WHERE name = $1 AND state = 'created' RETURNING *)
       INSERT INTO pgboss.job (name, data, source_name, source_id, source_created_on, source_retry_count, source_root_id) SELECT 'dead-letters', data, name, id, created_on, 0, id FROM back`,
      [job.name],
    );
  for (let steps = 0; (await rowOf(id)).status !== "done" && steps < 20; steps++) {
    await takeStep(ctx(), { operation: await rowOf(id), opened: await systemOf(ctx(), "own"), size: 20, rate: null });
    await failAgain();
  }
  expect(await as("viewer").operation({ id })).toMatchObject({ status: "done", reached: 50, done: 50 });
  expect(await countOf("name = 'dead-letters'")).toBe(50);
  const counts = await database.pool.query<{ count: number }>("SELECT DISTINCT count FROM queue_redrive");
  expect(counts.rows).toEqual([{ count: 1 }]);
});

test("paused, resumed and cancelled: it stops where it is and what was done stays done", async () => {
  await addFailures(database.pool, job.name, { count: 60 });
  const { id } = await as("editor").startOperation({ ...failed, perSecond: 20 });
  const step = async () => takeStep(ctx(), { operation: await rowOf(id), opened: await systemOf(ctx(), "own"), size: 20, rate: null });
  await step();
  expect(await as("editor").pauseOperation({ id })).toMatchObject({ status: "paused", reached: 20 });
  expect(await step()).toEqual({ count: 0, isOver: true });
  await work(id);
  await expect(as("editor").pauseOperation({ id })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await as("editor").resumeOperation({ id })).toMatchObject({ status: "waiting", reached: 20 });
  expect(await handedOver()).toBe(2);
  await step();
  expect(await as("editor").cancelOperation({ id })).toMatchObject({ status: "cancelled", reached: 40, done: 40 });
  await work(id);
  expect(await countOf("name = 'tests.mail' AND state = 'failed'")).toBe(20);
  await expect(as("editor").resumeOperation({ id })).rejects.toMatchObject({ code: "CONFLICT" });
});

test("two workers at one operation act on each job once", async () => {
  await addFailures(database.pool, job.name, { count: 400 });
  const { id } = await as("editor").startOperation({ ...failed });
  const opened = await systemOf(ctx(), "own");
  const worker = async () => {
    for (let steps = 0; steps < 100; steps++) {
      const operation = await rowOf(id);
      if (operation.status === "done") return;
      await takeStep(ctx(), { operation, opened, size: 25, rate: null });
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  expect(await as("viewer").operation({ id })).toMatchObject({ status: "done", reached: 400, done: 400 });
});

test("an operation whose job is gone is handed over again, and a slice that is not the last asks for another", async () => {
  await addFailures(database.pool, job.name, { count: 30 });
  const { id } = await as("editor").startOperation({ ...failed, perSecond: 1 });
  await database.pool.query("DELETE FROM pgboss.job WHERE name = 'queues.bulk'");
  await database.pool.query("UPDATE queue_operation SET updated_at = now() - interval '5 minutes'");
  expect(await reviveBulks(ctx())).toBe(1);
  expect(await handedOver()).toBe(1);
  const abort = new AbortController();
  const slice = runBulk(ctx(), id, abort.signal);
  await expect.poll(async () => (await rowOf(id)).reached, { timeout: 10_000 }).toBeGreaterThan(0);
  abort.abort(new Later(0, "the worker stops"));
  await expect(slice).rejects.toThrow("the worker stops");
  expect((await rowOf(id)).status).toBe("running");
});

test("job data of 5 MB and with __proto__ goes through a bulk retry unchanged", async () => {
  const big = "x".repeat(5_000_000);
  await addFailures(database.pool, job.name, { count: 2, data: { big } });
  await database.pool.query(`UPDATE pgboss.job SET data = ('{"__proto__": {"a": 1}, "constructor": 2, "n": 12345678901234567890}')::jsonb WHERE (data->>'n') = '1'`);
  const { id } = await as("editor").startOperation({ ...failed });
  await work(id);
  const rows = await database.pool.query<{ text: string }>("SELECT data::text AS text FROM pgboss.job WHERE name = $1 AND state = 'created' ORDER BY length(data::text)", [job.name]);
  expect(rows.rows[0]?.text).toContain('"__proto__": {"a": 1}');
  expect(rows.rows[0]?.text).toContain("12345678901234567890");
  expect(rows.rows[1]?.text).toContain(big);
});

test("what cannot be started says why, and an old operation goes with its outcomes", async () => {
  await expect(as("editor").startOperation({ ...failed })).rejects.toMatchObject({ code: "PRECONDITION_FAILED", message: expect.stringContaining("No job matches") });
  await expect(as("editor").startOperation({ ...of, operation: "changePriority", state: "waiting" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await addFailures(database.pool, job.name, { count: 1 });
  const { id } = await as("editor").startOperation({ ...failed });
  await work(id);
  expect((await as("viewer").operations({ isOpen: false })).items.map((item) => item.id)).toEqual([id]);
  await database.pool.query("UPDATE queue_operation SET finished_at = now() - interval '31 days'");
  await tidyLeftovers(ctx());
  expect((await as("viewer").operations({})).items).toEqual([]);
});
