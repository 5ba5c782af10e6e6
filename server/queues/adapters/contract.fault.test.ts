/** What every adapter promises, held against the real server of each kind. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { noFilter, parseJobFilter } from "../job-filter.ts";
import { JOB_OPERATIONS, OPERATIONS, type JobState } from "../schema/index.ts";
import { localNetwork } from "../testing/servers.ts";
import { bullmqWorld, ownWorld, pgbossWorld, rabbitmqWorld, type World } from "../testing/worlds.ts";
import type { JobBatch, QueueSystem } from "./adapter.ts";
import { ADAPTERS } from "./adapters.ts";
import { Trail } from "./trail.ts";

const database = testDatabase();
const WORLDS = { own: () => ownWorld(database), pgboss: pgbossWorld, bullmq: bullmqWorld, rabbitmq: rabbitmqWorld } as const;
const LONG_AGO = new Date(0);

describe.each(Object.keys(WORLDS) as (keyof typeof WORLDS)[])("adapter %s", (kind) => {
  let world: World;
  let system: QueueSystem;
  let ctx: Context;

  beforeAll(async () => {
    ctx = testContext({ db: database.db, http: localNetwork, actor: asActor("editor") });
    world = await WORLDS[kind]();
    for (const name of world.oddNames) await world.makeQueue(name);
    system = await ADAPTERS[kind].open({ ctx, connection: kind, config: world.config ?? {}, trail: new Trail() });
  });
  afterAll(async () => {
    await system.close();
    await world.stop();
  });

  const reading = async (queue: string) => (await system.readQueues(ctx, { since: LONG_AGO, only: queue }))[0];
  /** Figures of a broker come a moment later. */
  const counted = (queue: string, counts: Partial<Record<JobState, number>>) =>
    vi.waitFor(async () => expect((await reading(queue))?.counts).toMatchObject(counts), { timeout: 15_000, interval: 100 });
  const act = (batch: JobBatch) => (system.isTransactional ? inTransaction(ctx, (tx) => system.act(tx, batch)) : system.act(ctx, batch));
  const list = (queue: string, state: JobState, filter = "", limit = 50) => system.listJobs(ctx, { queue, state, filter: parseJobFilter(filter), cursor: undefined, limit });
  /** The state in which ready jobs can be found and acted on: failed, dead, or waiting where neither exists. */
  const broken = () => (kind === "rabbitmq" ? ("dead" as const) : ("failed" as const));
  const breakJobs = (queue: string, count: number) => (world.fail ?? world.kill!)(queue, count);

  test("says of every operation that it can, or why not", () => {
    expect(Object.keys(system.can).sort()).toEqual([...OPERATIONS].sort());
    expect(system.can).toEqual(ADAPTERS[kind].can);
    for (const ability of Object.values(system.can)) expect(ability === true || /^[A-Za-z].{15,}\.$/.test(ability)).toBe(true);
  });

  test("finds queues by names with slashes, spaces and emoji", async () => {
    for (const name of world.oddNames) {
      await world.add(name, ['{"n":1}']);
      await counted(name, { waiting: 1 });
      expect((await list(name, "waiting")).items).toHaveLength(1);
      await system.readInside(ctx, name);
    }
    const found = (await system.readQueues(ctx, { since: LONG_AGO })).map((queue) => queue.name);
    expect(found).toEqual(expect.arrayContaining(world.oddNames));
  });

  test("counts and lists each state, page by page", async () => {
    await world.makeQueue("counted");
    await world.add("counted", Array.from({ length: 7 }, (_, n) => JSON.stringify({ n, customer: { id: 40 + n } })));
    await breakJobs("counted", 2);
    if (world.delay) await world.delay("counted", '{"n":99}');
    await counted("counted", { waiting: 5, delayed: world.delay ? 1 : 0 });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await system.listJobs(ctx, { queue: "counted", state: "waiting", filter: noFilter(), cursor, limit: 2 });
      seen.push(...page.items.map((job) => job.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    const dead = await list(world.deadQueue("counted"), broken());
    expect(dead.items).toHaveLength(2);
    expect(dead.items[0]).toMatchObject({ state: broken(), error: expect.stringMatching(/mailbox full|rejected/) as string });
    expect((await reading("counted"))?.oldestWaitingMs).toBeGreaterThanOrEqual(0);
  });

  test("finds jobs by their data, and says how far it looked", async () => {
    await world.makeQueue("searched");
    await world.add("searched", Array.from({ length: 20 }, (_, n) => JSON.stringify({ customer: { id: n } })));
    await counted("searched", { waiting: 20 });
    const found = await list("searched", "waiting", "data.customer.id:13");
    expect(found.items).toHaveLength(1);
    if (found.scan) expect(found.scan).toMatchObject({ looked: 20, total: 20 });
    expect((await list("searched", "waiting", "-data.customer.id:13")).items).toHaveLength(19);
    expect((await list("searched", "waiting", "data.__proto__.id:1")).items).toHaveLength(0);
    const id = found.items[0]!.id;
    expect((await list("searched", "waiting", `id:${id}`)).items.map((job) => job.id)).toContain(id);
  });

  test("shows large and odd data safely", async () => {
    await world.makeQueue("odd");
    await world.add("odd", ['{"__proto__":{"isAdmin":true},"password":"hidden","big":12345678901234567890}']);
    await counted("odd", { waiting: 1 });
    const [job] = (await list("odd", "waiting")).items;
    const detail = await system.getJob(ctx, { queue: "odd", id: job!.id });
    expect(detail?.data.text).toContain("__proto__");
    expect(detail?.data.text).not.toContain("hidden");
    if (kind === "rabbitmq") expect(detail?.data.text).toContain("12345678901234567890");
    expect(await system.getJob(ctx, { queue: "odd", id: "00000000-0000-4000-8000-000000000000" })).toBeNull();
  });

  test("shows 5 MB and a depth of 10,000", async () => {
    await world.makeQueue("huge");
    const depth = kind === "rabbitmq" || kind === "bullmq" ? 10_000 : 1_000;
    await world.add("huge", [JSON.stringify({ text: "x".repeat(5_000_000) }), `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`]);
    await counted("huge", { waiting: 2 });
    for (const { id } of (await list("huge", "waiting")).items) {
      const detail = await system.getJob(ctx, { queue: "huge", id });
      expect(detail?.data.text.length).toBeLessThan(300_000);
      expect(detail?.data.bytes).toBeGreaterThan(5_000);
    }
  });

  test("a bulk discard meets each job once and leaves none, while more arrive", async () => {
    await world.makeQueue("bulk");
    await world.add("bulk", Array.from({ length: 250 }, (_, n) => JSON.stringify({ n })));
    await counted("bulk", { waiting: 250 });
    const met: string[] = [];
    let cursor: string | undefined;
    do {
      const found = await system.findIds(ctx, { queue: "bulk", state: "waiting", filter: noFilter(), cursor, limit: 100 });
      const outcomes = await act({ queue: "bulk", operation: "discard", ids: found.ids });
      expect(outcomes.map((outcome) => outcome.id)).toEqual(found.ids);
      met.push(...outcomes.filter((outcome) => outcome.result === "done").map((outcome) => outcome.id));
      if (met.length === 100) await world.add("bulk", ['{"n":"late"}']);
      cursor = found.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(met).size).toBe(met.length);
    expect(met.length).toBeGreaterThanOrEqual(250);
    await counted("bulk", { waiting: 251 - met.length });
  });

  test("passes by what does not fit a filter", async () => {
    await world.makeQueue("partly");
    await world.add("partly", Array.from({ length: 30 }, (_, n) => JSON.stringify({ isOdd: n % 2 === 1, n })));
    await counted("partly", { waiting: 30 });
    let count = 0;
    let cursor: string | undefined;
    do {
      const found = await system.findIds(ctx, { queue: "partly", state: "waiting", filter: parseJobFilter("data.isOdd:true"), cursor, limit: 7 });
      if (found.ids.length > 0) count += (await act({ queue: "partly", operation: "discard", ids: found.ids })).filter(({ result }) => result === "done").length;
      cursor = found.nextCursor ?? undefined;
    } while (cursor);
    expect(count).toBe(15);
    await counted("partly", { waiting: 15 });
  });

  test("runs broken jobs again; of two callers one wins", async () => {
    await world.makeQueue("again");
    await world.add("again", ['{"n":1}', '{"n":2}']);
    await breakJobs("again", 2);
    const from = world.deadQueue("again");
    await counted(from, kind === "rabbitmq" ? { dead: 2 } : { failed: 2 });
    const operation = system.can.retry === true ? "retry" : "redrive";
    const [first, second] = (await list(from, broken())).items;
    const results = await Promise.all([1, 2, 3, 4].map(() => act({ queue: from, operation, ids: [first!.id] })));
    expect(results.flat().filter(({ result }) => result === "done")).toHaveLength(1);
    expect(results.flat().every(({ result }) => ["done", "already", "missing"].includes(result))).toBe(true);
    expect(await act({ queue: from, operation, ids: [second!.id, "00000000-0000-4000-8000-000000000000"] })).toMatchObject([{ result: "done" }, { result: "missing" }]);
    await counted("again", { waiting: 2 });
  });

  test("does to a job what it says it can, and nothing else", async () => {
    await world.makeQueue("each");
    for (const operation of JOB_OPERATIONS) {
      if (system.can[operation] !== true) continue;
      await world.add("each", [JSON.stringify({ operation, at: Math.random() })]);
      const isDead = operation === "redrive";
      if (operation === "retry") await world.fail!("each", 1);
      if (isDead) await world.kill!("each", 1);
      if (operation === "promote") await world.delay!("each", '{"late":true}');
      const [queue, state]: [string, JobState] = isDead ? [world.deadQueue("each"), "dead"] : ["each", operation === "retry" ? "failed" : operation === "promote" ? "delayed" : "waiting"];
      await vi.waitFor(async () => expect((await list(queue, state)).items.length, operation).toBeGreaterThan(0), { timeout: 10_000 });
      const [job] = (await list(queue, state)).items;
      expect(await act({ queue, operation, ids: [job!.id], priority: 3 }), operation).toEqual([{ id: job!.id, result: "done", reason: null }]);
      await vi.waitFor(async () => {
        const ids = (await list(queue, state)).items.map(({ id }) => id);
        if (operation === "changePriority") expect((await system.getJob(ctx, { queue, id: job!.id }))?.priority).toBe(3);
        else expect(ids, operation).not.toContain(job!.id);
      });
      await system.drain(ctx, "each");
    }
  });

  test("a letter that comes back too often is left alone", async () => {
    if (system.can.redrive !== true) return expect(typeof system.can.redrive).toBe("string");
    await world.makeQueue("loop");
    await world.add("loop", ['{"poison":true}']);
    const from = world.deadQueue("loop");
    for (let round = 0; round <= 2; round += 1) {
      await world.kill!("loop", 1);
      await vi.waitFor(async () => expect((await list(from, "dead")).items).toHaveLength(1), { timeout: 10_000 });
      const [letter] = (await list(from, "dead")).items;
      const [outcome] = await act({ queue: from, operation: "redrive", ids: [letter!.id], mostRedrives: 2 });
      expect(outcome?.result).toBe(round < 2 ? "done" : "refused");
      if (round === 2) expect((await system.getJob(ctx, { queue: from, id: letter!.id }))?.redrives).toBe(2);
    }
  });

  test("pauses, drains, and adds a test job and a scheduled one", async () => {
    await world.makeQueue("whole");
    await world.add("whole", ['{"n":1}', '{"n":2}']);
    await counted("whole", { waiting: 2 });
    if (system.can.pause === true) {
      expect([await system.setPaused(ctx, "whole", true), await system.setPaused(ctx, "whole", true)]).toEqual([true, false]);
      expect((await reading("whole"))?.isPaused).toBe(true);
      expect([await system.setPaused(ctx, "whole", false), await system.setPaused(ctx, "whole", false)]).toEqual([true, false]);
    }
    expect(await system.drain(ctx, "whole")).toBe(2);
    await system.enqueueTest(ctx, "whole", '{"test":true}');
    await counted("whole", { waiting: 1 });
    if (system.can.runSchedule !== true || !world.schedule) return;
    await world.schedule("whole", "0 3 * * *");
    const { schedules } = await system.readInside(ctx, "whole");
    expect(schedules).toMatchObject([{ kind: "cron", line: "0 3 * * *", zone: "UTC" }]);
    await system.runSchedule(ctx, "whole", schedules[0]!.key);
    await counted("whole", { waiting: 2 });
    await expect(system.runSchedule(ctx, "whole", "no such")).rejects.toMatchObject({ code: "not_found" });
  });
});
