/**
 * Operations on jobs of a system that cannot take part in our transactions: the worker dies between the act and its
 * record, and no job is acted on twice. The system is a table of jobs in memory that counts what is done to each.
 */
import { beforeEach, expect, test } from "vitest";
import { testContext, testDatabase } from "../platform/testing/database.ts";
import type { JobBatch, QueueSystem } from "./adapters/adapter.ts";
import { takeStep } from "./engine/bulk-step.ts";
import type { OpenedSystem } from "./queries/index.ts";
import { OPERATIONS, type Abilities, type JobDetail, type JobState, type Outcome } from "./schema/index.ts";

const database = testDatabase();
const ctx = () => testContext({ db: database.db });

type Kept = { state: JobState; endedAt: Date; acts: number };

/** Dies, as a worker does, after acting on `dieAfter` jobs of the next batch. */
class Elsewhere {
  readonly jobs = new Map<string, Kept>();
  dieAfter: number | null = null;

  constructor(count: number) {
    for (let n = 0; n < count; n++) this.jobs.set(`job-${String(n).padStart(4, "0")}`, { state: "failed", endedAt: new Date(Date.now() - 60_000), acts: 0 });
  }

  act(batch: JobBatch): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const [at, id] of batch.ids.entries()) {
      if (this.dieAfter !== null && at >= this.dieAfter) {
        this.dieAfter = null;
        return Promise.reject(new Error("the worker died"));
      }
      const job = this.jobs.get(id);
      if (!job) outcomes.push({ id, result: "missing", reason: "gone" });
      else if (job.state !== "failed") outcomes.push({ id, result: "already", reason: "waits" });
      else {
        job.state = "waiting";
        job.acts += 1;
        outcomes.push({ id, result: "done", reason: null });
      }
    }
    return Promise.resolve(outcomes);
  }

  system(): QueueSystem {
    const refuse = () => Promise.reject(new Error("not part of this test"));
    return {
      can: Object.fromEntries(OPERATIONS.map((operation) => [operation, true])) as Abilities,
      isTransactional: false,
      found: "a table in memory",
      readQueues: refuse, readInside: refuse, listJobs: refuse, setPaused: refuse, drain: refuse, runSchedule: refuse, enqueueTest: refuse,
      close: () => Promise.resolve(),
      act: (_ctx: unknown, batch: JobBatch) => this.act(batch),
      findIds: (_ctx: unknown, { cursor = "", limit }: { cursor: string | undefined; limit: number }) => {
        const ids = [...this.jobs].filter(([id, job]) => id > cursor && job.state === "failed").map(([id]) => id).slice(0, limit);
        return Promise.resolve({ ids, nextCursor: ids.length === limit ? (ids.at(-1) ?? null) : null, looked: ids.length });
      },
      getJob: (_ctx: unknown, { id }: { id: string }) => {
        const job = this.jobs.get(id);
        return Promise.resolve(job ? ({ id, state: job.state, finishedAt: job.endedAt } as unknown as JobDetail) : null);
      },
    } as QueueSystem;
  }
}

async function begin(): Promise<void> {
  const now = new Date();
  await database.db.queueOperation.create({
    data: { id: "qop_1", connectionId: "redis", queue: "mail", operation: "retry", jobState: "failed", filter: "", mostRedrives: 3, reason: "", status: "waiting", startedBy: "test", createdAt: now, updatedAt: now },
  });
}

const row = () => database.db.queueOperation.findUniqueOrThrow({ where: { id: "qop_1" } });
const opened = (elsewhere: Elsewhere): OpenedSystem => ({ id: "redis", kind: "bullmq" as OpenedSystem["kind"], name: "Redis", system: elsewhere.system() });

beforeEach(async () => {
  await database.pool.query("TRUNCATE queue_operation; TRUNCATE series.queue_operation_item");
  await begin();
});

async function carryOut(elsewhere: Elsewhere, onDeath: () => void = () => undefined): Promise<void> {
  for (let steps = 0; (await row()).status !== "done" && steps < 100; steps++) {
    await takeStep(ctx(), { operation: await row(), opened: opened(elsewhere), size: 10, rate: null }).catch((error: unknown) => {
      if (!String(error).includes("the worker died")) throw error;
      onDeath();
    });
  }
}

test("it goes through all jobs in batches", async () => {
  const elsewhere = new Elsewhere(35);
  await carryOut(elsewhere);
  expect([...elsewhere.jobs.values()].every((job) => job.acts === 1)).toBe(true);
  expect(await row()).toMatchObject({ status: "done", reached: 35, done: 35, pendingSince: null });
});

test.each([0, 1, 7, 10])("the worker dies after %i of ten: each job is acted on once", async (dieAfter) => {
  const elsewhere = new Elsewhere(30);
  elsewhere.dieAfter = dieAfter === 10 ? null : dieAfter;
  await carryOut(elsewhere);
  expect([...elsewhere.jobs.values()].map((job) => job.acts)).toEqual(Array.from({ length: 30 }, () => 1));
  expect(await row()).toMatchObject({ status: "done", reached: 30, done: 30 });
});

test("a job that ran and failed again while the worker was dead is not acted on a second time", async () => {
  const elsewhere = new Elsewhere(20);
  elsewhere.dieAfter = 5;
  await carryOut(elsewhere, () => {
    for (const job of elsewhere.jobs.values()) if (job.acts > 0) Object.assign(job, { state: "failed", endedAt: new Date(Date.now() + 1_000) });
  });
  expect([...elsewhere.jobs.values()].filter((job) => job.acts > 1)).toEqual([]);
  expect(await row()).toMatchObject({ status: "done", reached: 20, done: 20 });
});

test("a second worker with an older step changes nothing", async () => {
  const elsewhere = new Elsewhere(20);
  const stale = await row();
  await takeStep(ctx(), { operation: stale, opened: opened(elsewhere), size: 10, rate: null });
  expect(await takeStep(ctx(), { operation: stale, opened: opened(elsewhere), size: 10, rate: null })).toEqual({ count: 0, isOver: true });
  expect(await row()).toMatchObject({ reached: 10 });
});
