/** What every adapter promises, held against the real server of each kind. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { noFilter, parseJobFilter } from "../job-filter.ts";
import { JOB_OPERATIONS, OPERATIONS, type JobOperation, type JobState } from "../schema/index.ts";
import { localNetwork } from "../../platform/testing/brokers.ts";
import { bullmqWorld, ownWorld, pgbossWorld, rabbitmqWorld, type World } from "../testing/worlds.ts";
import type { JobBatch, QueueSystem } from "./adapter.ts";
import { ADAPTERS } from "./adapters.ts";
import { Trail } from "./trail.ts";

const database = testDatabase();
const WORLDS = { own: () => ownWorld(database), pgboss: pgbossWorld, bullmq: bullmqWorld, rabbitmq: rabbitmqWorld } as const;
const LONG_AGO = new Date(0);
const NOBODY = "00000000-0000-4000-8000-000000000000";

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
  /** Figures of a broker come some seconds later. */
  const counted = (queue: string, counts: Partial<Record<JobState, number>>) =>
    vi.waitFor(async () => expect((await reading(queue))?.counts).toMatchObject(counts), { timeout: 30_000, interval: 100 });
  const act = (batch: JobBatch) => (system.isTransactional ? inTransaction(ctx, (tx) => system.act(tx, batch)) : system.act(ctx, batch));
  const list = (queue: string, state: JobState, filter = "") => system.listJobs(ctx, { queue, state, filter: parseJobFilter(filter), cursor: undefined, limit: 50 });
  const listed = (queue: string, state: JobState, count: number) =>
    vi.waitFor(
      async () => {
        const { items } = await list(queue, state);
        expect(items).toHaveLength(count);
        return items;
      },
      { timeout: 30_000, interval: 50 },
    );
  const isBroker = kind === "rabbitmq";
  /** Where jobs lie that failed for good. */
  const broken: JobState = isBroker ? "dead" : "failed";
  const breakJobs = (queue: string, count: number) => (world.fail ?? world.kill!)(queue, count);
  /** Acts on everything that fits, page by page. Returns the ids that were done. */
  const actOnAll = async (wanted: { queue: string; filter?: string; limit: number; onPage?: () => Promise<void> }) => {
    const met: string[] = [];
    let cursor: string | undefined;
    do {
      const found = await system.findIds(ctx, { queue: wanted.queue, state: "waiting", filter: parseJobFilter(wanted.filter ?? ""), cursor, limit: wanted.limit });
      const outcomes = await act({ queue: wanted.queue, operation: "discard", ids: found.ids });
      expect(outcomes.map((outcome) => outcome.id)).toEqual(found.ids);
      met.push(...outcomes.filter((outcome) => outcome.result === "done").map((outcome) => outcome.id));
      await wanted.onPage?.();
      cursor = found.nextCursor ?? undefined;
    } while (cursor);
    return met;
  };

  test("says of every operation that it can, or why not", () => {
    expect(Object.keys(system.can).sort()).toEqual([...OPERATIONS].sort());
    expect(system.can).toEqual(ADAPTERS[kind].can);
    const reasons = Object.values(system.can).filter((ability) => ability !== true);
    expect(reasons.every((reason) => /^[A-Za-z].{15,}\.$/.test(reason))).toBe(true);
  });

  test("finds queues by odd names", async () => {
    for (const name of world.oddNames) {
      await world.add(name, ['{"n":1}']);
      await listed(name, "waiting", 1);
      await system.readInside(ctx, name);
    }
    const found = (await system.readQueues(ctx, { since: LONG_AGO })).map((queue) => queue.name);
    expect(found).toEqual(expect.arrayContaining(world.oddNames));
  });

  test("counts and lists each state, page by page", async () => {
    await world.makeQueue("counted");
    await world.add("counted", Array.from({ length: 7 }, (_, n) => JSON.stringify({ n, customer: { id: 40 + n } })));
    await breakJobs("counted", 2);
    await world.delay?.("counted", '{"n":99}');
    const dead = await listed(world.deadQueue("counted"), broken, 2);
    expect(dead[0]).toMatchObject({ state: broken, error: expect.stringMatching(/mailbox full|rejected/) as string });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await system.listJobs(ctx, { queue: "counted", state: "waiting", filter: noFilter(), cursor, limit: 2 });
      seen.push(...page.items.map((job) => job.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    await counted("counted", { waiting: 5, delayed: world.delay ? 1 : 0 });
    expect((await reading("counted"))?.oldestWaitingMs).toBeGreaterThanOrEqual(0);
  });

  test("finds jobs by their data, and says how far it looked", async () => {
    await world.makeQueue("searched");
    await world.add("searched", Array.from({ length: 20 }, (_, n) => JSON.stringify({ customer: { id: n } })));
    await listed("searched", "waiting", 20);
    const found = await list("searched", "waiting", "data.customer.id:13");
    expect(found.items).toHaveLength(1);
    // Null where everything is searched; else how much was looked at.
    expect(found.scan?.looked ?? 20).toBe(20);
    expect((await list("searched", "waiting", "-data.customer.id:13")).items).toHaveLength(19);
    expect((await list("searched", "waiting", "data.__proto__.id:1")).items).toHaveLength(0);
    const id = found.items[0]!.id;
    expect((await list("searched", "waiting", `id:${id}`)).items.map((job) => job.id)).toContain(id);
  });

  test("shows odd data safely", async () => {
    await world.makeQueue("odd");
    await world.add("odd", [`{"__proto__":{"isAdmin":true},"password":"hidden"${isBroker ? ',"big":12345678901234567890' : ""}}`]);
    const [job] = await listed("odd", "waiting", 1);
    const detail = await system.getJob(ctx, { queue: "odd", id: job!.id });
    expect(detail?.data.text).toContain("__proto__");
    expect(detail?.data.text).not.toContain("hidden");
    expect(detail?.data.text.includes("12345678901234567890")).toBe(isBroker);
    expect(await system.getJob(ctx, { queue: "odd", id: NOBODY })).toBeNull();
  });

  test("shows 5 MB, and nesting as deep as the system takes it", async () => {
    await world.makeQueue("huge");
    await world.add("huge", [JSON.stringify({ text: "x".repeat(5_000_000) }), `${'{"a":'.repeat(world.deepest)}1${"}".repeat(world.deepest)}`]);
    for (const { id } of await listed("huge", "waiting", 2)) {
      const detail = await system.getJob(ctx, { queue: "huge", id });
      expect(detail?.data.text.length).toBeLessThan(300_000);
      expect(detail?.data.bytes).toBeGreaterThan(5_000);
    }
  });

  test("a bulk discard meets each job once and leaves none, while more arrive", async () => {
    await world.makeQueue("bulk");
    await world.add("bulk", Array.from({ length: 250 }, (_, n) => JSON.stringify({ n })));
    let pages = 0;
    const onPage = async () => {
      pages += 1;
      if (pages === 1) await world.add("bulk", ['{"n":"late"}']);
    };
    const met = await actOnAll({ queue: "bulk", limit: 100, onPage });
    expect(new Set(met).size).toBe(met.length);
    expect(met.length).toBeGreaterThanOrEqual(250);
    await listed("bulk", "waiting", 251 - met.length);
  });

  test("a bulk operation leaves out what came after it was started", async () => {
    await world.makeQueue("later");
    await world.add("later", ['{"n":1}', '{"n":2}']);
    await breakJobs("later", 1);
    const from = world.deadQueue("later");
    await listed(from, broken, 1);
    const found = (queue: string, state: JobState, until: Date) => system.findIds(ctx, { queue, state, filter: noFilter(), cursor: undefined, limit: 50, until });
    const [before, after] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)];
    for (const [queue, state] of [["later", "waiting"], [from, broken]] as const) {
      expect((await found(queue, state, before)).ids).toHaveLength(0);
      expect((await found(queue, state, after)).ids).toHaveLength(1);
    }
  });

  test("passes by what does not fit a filter", async () => {
    await world.makeQueue("partly");
    await world.add("partly", Array.from({ length: 30 }, (_, n) => JSON.stringify({ isOdd: n % 2 === 1, n })));
    expect(await actOnAll({ queue: "partly", filter: "data.isOdd:true", limit: 7 })).toHaveLength(15);
    await listed("partly", "waiting", 15);
  });

  test("runs broken jobs again; of many callers one wins", async () => {
    await world.makeQueue("again");
    await world.add("again", ['{"n":1}', '{"n":2}']);
    await breakJobs("again", 2);
    const from = world.deadQueue("again");
    const operation = system.can.retry === true ? "retry" : "redrive";
    const [first, second] = await listed(from, broken, 2);
    const results = (await Promise.all(Array.from({ length: 8 }, () => act({ queue: from, operation, ids: [first!.id] })))).flat().map(({ result }) => result);
    expect(results.filter((result) => result === "done")).toHaveLength(1);
    expect(results.filter((result) => result === "refused")).toHaveLength(0);
    expect(await act({ queue: from, operation, ids: [second!.id, NOBODY] })).toMatchObject([{ result: "done" }, { result: "missing" }]);
    await listed("again", "waiting", 2);
  });

  test.each(JOB_OPERATIONS)("%s does to a job what it says, where it can", async (operation) => {
    const queue = `each-${operation}`;
    const ability = system.can[operation];
    await world.makeQueue(queue);
    await world.add(queue, ['{"n":1}']);
    await ({ retry: world.fail, redrive: world.kill } as Partial<Record<JobOperation, World["fail"]>>)[operation]?.(queue, 1);
    const state = ({ retry: broken, redrive: "dead", promote: "delayed" } as Partial<Record<JobOperation, JobState>>)[operation] ?? "waiting";
    await (state === "delayed" ? world.delay?.(queue, '{"late":true}') : undefined);
    const place = operation === "redrive" ? world.deadQueue(queue) : queue;
    const found = ability === true ? await listed(place, state, 1) : [];
    const outcomes = await act({ queue: place, operation, ids: found.map((job) => job.id), priority: 3 });
    expect(outcomes.map(({ result }) => result)).toEqual(found.map(() => "done"));
    const left = operation === "changePriority" && ability === true ? 1 : 0;
    await (ability === true ? listed(place, state, left) : undefined);
    const after = found[0] ? await system.getJob(ctx, { queue: place, id: found[0].id }) : null;
    expect(operation === "changePriority" && after ? after.priority : 3).toBe(3);
  });

  test("a letter that comes back too often is left alone", async () => {
    await world.makeQueue("loop");
    await world.add("loop", ['{"poison":true}']);
    const from = world.deadQueue("loop");
    const rounds = system.can.redrive === true ? [0, 1, 2] : [];
    const results: string[] = [];
    let redrives = 0;
    for (const _round of rounds) {
      await world.kill!("loop", 1);
      const [letter] = await listed(from, "dead", 1);
      results.push(...(await act({ queue: from, operation: "redrive", ids: [letter!.id], mostRedrives: 2 })).map(({ result }) => result));
      redrives = (await system.getJob(ctx, { queue: from, id: letter!.id }))?.redrives ?? redrives;
    }
    expect(results).toEqual(rounds.map((round) => (round < 2 ? "done" : "refused")));
    expect(redrives).toBe(rounds.length === 0 ? 0 : 2);
  });

  test("pauses and resumes where it can", async () => {
    await world.makeQueue("held");
    const does = system.can.pause === true;
    expect([await system.setPaused(ctx, "held", true), await system.setPaused(ctx, "held", true)]).toEqual([does, false]);
    expect((await reading("held"))?.isPaused).toBe(does);
    expect([await system.setPaused(ctx, "held", false), await system.setPaused(ctx, "held", false)]).toEqual([does, false]);
  });

  test("caps the rate and lifts the cap where it can", async () => {
    await world.makeQueue("capped");
    const does = system.can.setRateCap === true;
    const cap = async (perSecond: number | null) => [await system.setRateCap(ctx, "capped", perSecond), (await system.readInside(ctx, "capped")).rateCap];
    expect([await cap(10), await cap(10), await cap(null), await cap(null)]).toEqual([[does, does ? 10 : null], [false, does ? 10 : null], [does, null], [false, null]]);
  });

  test("drains, and adds a test job and a scheduled one", async () => {
    await world.makeQueue("whole");
    await world.add("whole", ['{"n":1}', '{"n":2}']);
    await listed("whole", "waiting", 2);
    expect(await system.drain(ctx, "whole")).toBe(2);
    await system.enqueueTest(ctx, "whole", '{"test":true}');
    await listed("whole", "waiting", 1);
    await world.schedule?.("whole", "0 3 * * *");
    const { schedules } = await system.readInside(ctx, "whole");
    expect(schedules).toMatchObject(world.schedule ? [{ kind: "cron", line: "0 3 * * *", zone: "UTC", endsAt: null, left: null }] : []);
    for (const { key } of schedules) await system.runSchedule(ctx, "whole", key);
    await listed("whole", "waiting", 1 + schedules.length);
    await expect(system.runSchedule(ctx, "whole", "no such")).rejects.toMatchObject({ code: world.schedule ? "not_found" : "precondition" });
  });
});
