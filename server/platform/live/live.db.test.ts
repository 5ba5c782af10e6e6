import { afterEach, expect, test } from "vitest";
import { inTransaction } from "../db.ts";
import { createLogger } from "../logger.ts";
import { asActor, testContext, testDatabase } from "../testing/database.ts";
import { createCallerFactory } from "../trpc.ts";
import { announce } from "./announce.ts";
import type { NumberedEvent } from "./buffer.ts";
import { closeLiveHub, LiveHub } from "./hub.ts";
import { liveRouter } from "./router.ts";

const database = testDatabase();
const log = createLogger({ level: "silent", write: () => undefined });
const SOON = { timeout: 10_000, interval: 20 };
const ctx = () => testContext({ db: database.db });

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openHub(): Promise<LiveHub> {
  const hub = new LiveHub({ connection: { connectionString: database.url, application_name: "live test" }, log, heartbeatMs: 200 });
  closers.push(() => hub.close());
  await hub.ready;
  return hub;
}

/** A page: collects what it receives until it is left. */
function openPage(hub: LiveHub, lastEventId: string | null = null) {
  const seen: NumberedEvent[] = [];
  const leaving = new AbortController();
  const reading = (async () => {
    for await (const event of hub.subscribe(lastEventId, leaving.signal)) seen.push(event);
  })();
  const leave = async () => {
    leaving.abort();
    await reading;
  };
  closers.push(() => leave().catch(() => undefined));
  return { seen, leave, topics: () => seen.map(({ event }) => event.topic), reading };
}

test("a page learns what was committed, in every process, under one id", async () => {
  const pages = [openPage(await openHub()), openPage(await openHub())];
  const failing = inTransaction(ctx(), async (tx) => {
    await announce(tx, { topic: "access" });
    throw new Error("undo");
  });
  await expect(failing).rejects.toThrow("undo");
  await inTransaction(ctx(), (tx) => announce(tx, { topic: "services", id: "svc_1" }));
  for (const page of pages) await expect.poll(() => page.topics(), SOON).toEqual(["live", "services"]);
  expect(pages[0]?.seen[1]).toEqual(pages[1]?.seen[1]);
  expect(pages[0]?.seen[1]?.event).toEqual({ topic: "services", id: "svc_1" });
});

test("a page resumes where it was, at another process too; an unknown id means everything", async () => {
  const [here, there] = [await openHub(), await openHub()];
  const page = openPage(here);
  await announce(ctx(), { topic: "services", id: "1" });
  await expect.poll(() => page.topics(), SOON).toEqual(["live", "services"]);
  await page.leave();
  expect(here.readers).toBe(0);
  await announce(ctx(), { topic: "queues" });
  const again = openPage(there, page.seen[1]?.eventId ?? null);
  await expect.poll(() => again.topics(), SOON).toEqual(["queues"]);
  const stranger = openPage(there, "123456789");
  await expect.poll(() => stranger.topics(), SOON).toEqual(["*"]);
  await announce(ctx(), { topic: "access" });
  await expect.poll(() => stranger.topics(), SOON).toEqual(["*", "access"]);
});

test("a page hears of what happened between the reading of its facts and its subscription", async () => {
  const hub = await openHub();
  const readFrom = hub.now;
  await announce(ctx(), { topic: "services", id: "1" });
  await expect.poll(() => hub.now, SOON).not.toBe(readFrom);
  const page = openPage(hub, readFrom);
  await expect.poll(() => page.topics(), SOON).toEqual(["services"]);
  const next = openPage(hub, hub.now);
  await announce(ctx(), { topic: "queues" });
  await expect.poll(() => next.topics(), SOON).toEqual(["queues"]);
});

test("a page that was read before its process listened asks for everything", async () => {
  const hub = new LiveHub({ connection: { connectionString: database.url, application_name: "live test" }, log, heartbeatMs: 200 });
  closers.push(() => hub.close());
  const readFrom = hub.now;
  await hub.ready;
  const page = openPage(hub, readFrom);
  await expect.poll(() => page.topics(), SOON).toEqual(["*"]);
});

test("a listening connection that is cut comes back, and pages are told to refetch", async () => {
  const page = openPage(await openHub());
  await expect.poll(() => page.topics(), SOON).toEqual(["live"]);
  await database.pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'live test'");
  await expect.poll(() => page.topics(), SOON).toEqual(["live", "*"]);
  await announce(ctx(), { topic: "services" });
  await expect.poll(() => page.topics(), SOON).toEqual(["live", "*", "services"]);
});

test("a page that does not read is told to refetch instead of being buffered without end", async () => {
  const hub = await openHub();
  const slow = hub.subscribe(null, new AbortController().signal);
  expect((await slow.next()).value?.event.topic).toBe("live");
  const quick = openPage(hub);
  for (let i = 0; i < 250; i++) await announce(ctx(), { topic: "services", id: String(i) });
  await expect.poll(() => quick.seen.length, SOON).toBe(251);
  const rest: string[] = [];
  while (rest.length < 50) rest.push((await slow.next()).value?.event.topic ?? "");
  expect(rest[0]).toBe("*");
  await slow.return(undefined);
});

test("a payload that is not ours is ignored", async () => {
  const page = openPage(await openHub());
  await database.pool.query("SELECT pg_notify('seaworthy_live', 'nonsense')");
  await announce(ctx(), { topic: "services" });
  await expect.poll(() => page.topics(), SOON).toEqual(["live", "services"]);
});

test("closing the hub ends its pages with an error, so that they come back", async () => {
  const hub = await openHub();
  const page = openPage(hub);
  await expect.poll(() => page.topics(), SOON).toEqual(["live"]);
  await Promise.all([expect(page.reading).rejects.toMatchObject({ code: "unavailable" }), hub.close()]);
});

test("the subscription needs a sign-in, carries resumable ids and ends with its caller", async () => {
  (globalThis as { seaworthyLive?: LiveHub }).seaworthyLive = await openHub();
  const call = createCallerFactory(liveRouter);
  await expect(call(testContext({ db: database.db, actor: asActor("anonymous") })).events({})).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  const leaving = new AbortController();
  const events = (await call(testContext({ db: database.db, actor: asActor("viewer"), signal: leaving.signal })).events({})) as AsyncIterable<[string, { topic: string }, symbol]>;
  const topics: string[] = [];
  const reading = (async () => {
    for await (const [id, event] of events) topics.push(id ? event.topic : "no id");
  })();
  await expect.poll(() => topics, SOON).toEqual(["live"]);
  await announce(ctx(), { topic: "services" });
  await expect.poll(() => topics, SOON).toEqual(["live", "services"]);
  leaving.abort();
  await reading;
  await closeLiveHub();
});
