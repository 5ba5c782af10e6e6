/** What people do to jobs and queues, one at a time: who wins, who is refused, what is recorded. */
import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import type { Actor } from "../platform/context.ts";
import { defineJob } from "../platform/queue/define.ts";
import { enqueue } from "../platform/queue/enqueue.ts";
import { forgetAudit } from "../platform/testing/audit.ts";
import { asActor, testContext, testDatabase } from "../platform/testing/database.ts";
import { createCallerFactory } from "../platform/trpc.ts";
import { queuesRouter } from "./router/index.ts";
import { addFailures, addQueue } from "./testing/own-queue.ts";

const database = testDatabase();
const job = defineJob({ name: "tests.mail", input: z.looseObject({}), cron: { line: "0 3 * * *", input: { nightly: true } } });
const of = { connection: "own", queue: job.name };
const ctx = () => testContext({ db: database.db });
let people = 0;
/** Another person each time: limits are by caller. */
const as = (role: "viewer" | "editor") => createCallerFactory(queuesRouter)(testContext({ db: database.db, actor: { ...asActor(role), id: `usr_${++people}` } as Actor }));
const trail = async () => (await database.db.auditEntry.findMany({ orderBy: { id: "asc" } })).map(({ action, summary }) => [action, summary]);
const states = async () => (await database.pool.query<{ state: string }>("SELECT state FROM pgboss.job WHERE name = $1 ORDER BY created_on", [job.name])).rows.map((row) => row.state);

async function oneFailure(): Promise<{ failed: string; letter: string }> {
  await addFailures(database.pool, job.name, { count: 1 });
  const [failed, dead] = await Promise.all([as("viewer").jobs({ ...of, state: "failed" }), as("viewer").jobs({ ...of, state: "dead" })]);
  return { failed: failed.items[0]!.id, letter: dead.items[0]!.id };
}

beforeEach(async () => {
  await database.pool.query("TRUNCATE pgboss.job; TRUNCATE queue_policy; TRUNCATE queue_quarantine; TRUNCATE queue_redrive; DELETE FROM pgboss.schedule");
  await forgetAudit(database.pool);
  await addQueue(ctx(), job, {});
});

test.each(["failed", "letter"] as const)("50 operators retry one job at once by its %s: one wins, the others hear who did", async (which) => {
  const ids = await oneFailure();
  const answers = await Promise.allSettled(Array.from({ length: 50 }, () => as("editor").retry({ ...of, id: ids[which], reason: "mailbox emptied" })));
  expect(answers.filter((answer) => answer.status === "fulfilled")).toHaveLength(1);
  const refusals = answers.flatMap((answer) => (answer.status === "rejected" ? [String(answer.reason)] : []));
  expect(new Set(refusals)).toEqual(new Set(["TRPCError: This job was already retried by Test editor. Nothing more was done."]));
  expect(await states()).toEqual(["created"]);
  expect(await trail()).toEqual([["queues.retry", "Retried a job of tests.mail: mailbox emptied"]]);
});

describe("each operation on one job", () => {
  test("promote starts a delayed job now, and says so when it waits already", async () => {
    const id = (await enqueue(ctx(), job, {}, { delayMs: 600_000 })) ?? "";
    await as("editor").promote({ ...of, id });
    expect((await as("viewer").jobs({ ...of, state: "waiting" })).items).toMatchObject([{ id }]);
    await expect(as("editor").promote({ ...of, id })).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("already started") });
  });

  test("changing the priority changes who runs first", async () => {
    const [first, second] = [await enqueue(ctx(), job, {}), await enqueue(ctx(), job, {})];
    await as("editor").changePriority({ ...of, id: second ?? "", priority: 1 });
    const { items } = await as("viewer").jobs({ ...of, state: "waiting" });
    expect(new Map(items.map((item) => [item.id, item.priority]))).toEqual(new Map([[first, 5], [second, 1]]));
  });

  test("a waiting job can be moved to the dead letters and sent back", async () => {
    const id = (await enqueue(ctx(), job, { to: "a" })) ?? "";
    await as("editor").moveToDead({ ...of, id });
    const { items } = await as("viewer").jobs({ ...of, state: "dead" });
    expect(items).toHaveLength(1);
    await as("editor").redrive({ ...of, id: items[0]!.id });
    expect(await states()).toEqual(["created"]);
  });

  test("a letter that came back three times stays, with the reason", async () => {
    for (let n = 0; n < 3; n++) {
      const [letter] = n === 0 ? [(await oneFailure()).letter] : (await as("viewer").jobs({ ...of, state: "dead" })).items.map((item) => item.id);
      await as("editor").redrive({ ...of, id: letter ?? "" });
      await as("editor").moveToDead({ ...of, id: (await as("viewer").jobs({ ...of, state: "waiting" })).items[0]!.id });
    }
    const [letter] = (await as("viewer").jobs({ ...of, state: "dead" })).items;
    await expect(as("editor").redrive({ ...of, id: letter!.id })).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("came back 3 times") });
    expect((await as("viewer").job({ ...of, id: letter!.id })).redrives).toBe(3);
  });
});

test("a queue is paused and resumed once, drained, and given a test job and its schedule's job, all recorded", async () => {
  await database.pool.query("INSERT INTO pgboss.schedule (name, key, cron, timezone, data) VALUES ($1, '', '0 3 * * *', 'UTC', '{\"nightly\": true}')", [job.name]);
  expect(await as("editor").pause({ ...of, reason: "" })).toEqual({ isChanged: true });
  expect(await as("editor").pause({ ...of, reason: "" })).toEqual({ isChanged: false });
  expect((await as("viewer").get(of)).isPaused).toBe(true);
  expect(await as("editor").resume({ ...of, reason: "" })).toEqual({ isChanged: true });
  const { id } = await as("editor").enqueueTest({ ...of, data: '{"__proto__": {"polluted": 1}, "n": 12345678901234567890}', reason: "" });
  const shown = await as("viewer").job({ ...of, id });
  expect(shown.data.text).toContain("12345678901234567890");
  expect(shown.data.text).toContain("__proto__");
  const made = await as("editor").runSchedule({ ...of, key: "", reason: "" });
  expect((await as("viewer").job({ ...of, id: made.id })).data.text).toContain("nightly");
  expect(await as("editor").drain({ ...of, reason: "" })).toEqual({ count: 2 });
  await expect(as("editor").enqueueTest({ ...of, data: "{nonsense", reason: "" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  expect((await trail()).map(([action]) => action)).toEqual(["queues.pause", "queues.resume", "queues.enqueueTest", "queues.runSchedule", "queues.drain"]);
});

test("a queue that is never retried refuses with its reason, single and in bulk, until it is allowed again", async () => {
  const { failed } = await oneFailure();
  await as("editor").setNeverRetry({ ...of, reason: "old notices must not go out" });
  const refusal = { code: "PRECONDITION_FAILED", message: "Jobs of tests.mail are never retried: old notices must not go out" };
  await expect(as("editor").retry({ ...of, id: failed })).rejects.toMatchObject(refusal);
  await expect(as("editor").startOperation({ ...of, operation: "redrive", state: "dead" })).rejects.toMatchObject(refusal);
  expect((await as("viewer").previewOperation({ ...of, operation: "retry", state: "failed" })).obstacle).toContain("never retried");
  await as("editor").setNeverRetry({ ...of, reason: null });
  await as("editor").retry({ ...of, id: failed });
  expect((await trail()).map(([action]) => action)).toEqual(["queues.setPolicy", "queues.setPolicy", "queues.retry"]);
});

test("a job that was put aside is refused until it is released, by either of its ids", async () => {
  const { failed, letter } = await oneFailure();
  await database.db.queueQuarantine.create({ data: { jobId: failed, queue: job.name, deaths: 3, at: new Date() } });
  expect((await as("viewer").quarantine({})).items).toMatchObject([{ jobId: failed, queue: job.name, deaths: 3 }]);
  for (const id of [failed, letter]) await expect(as("editor").retry({ ...of, id })).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("Release it first") });
  await as("editor").release({ ...of, id: letter, reason: "fixed in 2.4" });
  expect(await states()).toEqual(["created"]);
  expect((await as("viewer").quarantine({})).items).toEqual([]);
  await expect(as("editor").release({ ...of, id: failed })).rejects.toMatchObject({ code: "CONFLICT" });
  expect((await trail()).map(([action]) => action)).toEqual(["queues.release"]);
});

test("places of a kind are set for own queues only", async () => {
  expect(await as("editor").setConcurrency({ ...of, concurrency: 8 })).toMatchObject({ concurrency: 8, updatedBy: "Test editor" });
  expect(await as("editor").setConcurrency({ ...of, concurrency: null })).toMatchObject({ concurrency: null });
  await expect(as("editor").setConcurrency({ ...of, queue: "no.such", concurrency: 2 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("the rate of a queue is capped and the cap lifted, recorded each time", async () => {
  expect(await as("editor").setRateCap({ ...of, perSecond: 10 })).toEqual({ isChanged: true });
  expect(await as("editor").setRateCap({ ...of, perSecond: 10 })).toEqual({ isChanged: false });
  expect((await as("viewer").get(of)).rateCap).toBe(10);
  expect(await as("editor").setRateCap({ ...of, perSecond: null })).toEqual({ isChanged: true });
  expect((await as("viewer").get(of)).rateCap).toBeNull();
  await expect(as("editor").setRateCap({ ...of, queue: "no.such", perSecond: 1 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await trail()).map(([, summary]) => summary)).toEqual(["Capped tests.mail at 10 jobs a second", "Lifted the rate cap of tests.mail"]);
});

test("dead letters are listed over all connections, most first", async () => {
  await addFailures(database.pool, job.name, { count: 3, error: "mailbox full" });
  const { items, unreachable } = await as("viewer").deadLetters({});
  expect(items).toMatchObject([{ connection: "own", queue: job.name, state: "dead", count: 3, newest: { error: "mailbox full" } }]);
  expect(unreachable).toEqual([]);
});

test("a worker is listed with what it runs; one that fell silent is not", async () => {
  const work = { places: 10, running: 1, done: 90, failed: 10, busyMs: 30_000, saturatedBusyMs: 9_500, saturatedPlaceMs: 10_000, isStopping: false };
  const seen = new Date();
  const facts = { role: "worker", host: "box", version: "1", startedAt: new Date(seen.getTime() - 60_000), work };
  await database.db.processInstance.createMany({ data: [{ ...facts, id: "prc_a", pid: 11, lastSeenAt: seen }, { ...facts, id: "prc_old", pid: 12, lastSeenAt: new Date(seen.getTime() - 120_000) }] });
  const id = (await enqueue(ctx(), job, {})) ?? "";
  await database.pool.query("UPDATE pgboss.job SET state = 'active', started_on = now(), group_tier = 'prc_a' WHERE id = $1::uuid", [id]);
  const list = await as("viewer").workers({});
  expect(list.items).toMatchObject([{ id: "prc_a", host: "box", pid: 11, places: 10, done: 90, failed: 10, efficiency: 0.95, running: [{ queue: job.name, id, attempt: 1 }] }]);
  expect(list.items[0]?.busy).toBeCloseTo(0.05);
  expect(list.efficiency).toBe(0.95);
});

test("a viewer may do none of it", async () => {
  const { failed } = await oneFailure();
  const viewer = as("viewer");
  const one = { ...of, id: failed };
  const attempts = [
    viewer.retry(one), viewer.discard(one), viewer.promote(one), viewer.moveToDead(one), viewer.redrive(one), viewer.release(one), viewer.changePriority({ ...one, priority: 1 }),
    viewer.pause(of), viewer.resume(of), viewer.drain(of), viewer.runSchedule(of), viewer.enqueueTest(of), viewer.setNeverRetry({ ...of, reason: null }), viewer.setConcurrency({ ...of, concurrency: 1 }), viewer.setRateCap({ ...of, perSecond: 1 }),
    viewer.startOperation({ ...of, operation: "discard", state: "failed" }), viewer.pauseOperation({ id: "x" }), viewer.resumeOperation({ id: "x" }), viewer.cancelOperation({ id: "x" }),
  ];
  for (const answer of await Promise.allSettled(attempts)) expect(answer).toMatchObject({ status: "rejected", reason: { code: "FORBIDDEN" } });
  expect(await states()).toEqual(["failed"]);
  expect(await trail()).toEqual([]);
});
