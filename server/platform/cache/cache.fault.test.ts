/** The cache over a real Redis that is refused, hung and shared, and over notifications of a real database. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startPulse } from "../breaker/pulse.ts";
import { createLogger } from "../logger.ts";
import { openRedis } from "../redis/connection.ts";
import { testContext, testDatabase } from "../testing/database.ts";
import { inTransaction } from "../db.ts";
import { CACHE_CHANNEL, createCache, invalidate, TTL_MS, type Cache } from "./cache.ts";
import { sharedCache } from "./shared.ts";

const log = createLogger({ level: "silent", write: () => undefined });
const database = testDatabase();

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

describe("in Redis", () => {
  let server: ChildProcess;
  let url = "";
  const open: Cache[] = [];

  const process_ = async (): Promise<Cache> => {
    const connection = openRedis({ url, name: "cache-test", log });
    await vi.waitUntil(() => connection.redis.status === "ready", { timeout: 15_000 });
    const cache = createCache({ shared: sharedCache({ redis: connection.redis, ttlMs: TTL_MS, log, close: connection.close }) });
    open.push(cache);
    return cache;
  };

  beforeAll(async () => {
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    server = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], { stdio: "ignore" });
  });
  afterAll(async () => {
    server.kill("SIGCONT");
    server.kill("SIGKILL");
    for (const cache of open) await cache.close();
  });

  test("processes share answers, and drops", async () => {
    const [a, b] = [await process_(), await process_()];
    const at = new Date("2027-01-15T12:00:00Z");
    await a.through("g", "k", async () => ({ at }));
    expect(await b.through("g", "k", () => Promise.reject(new Error("made again")))).toEqual({ at });
    await a.drop("g");
    expect(await b.through("g", "k", async () => "new")).toBe("new");
    await b.drop("*");
    expect(await a.through("g", "k", async () => "newer")).toBe("newer");
  });

  test("what was being made while another process dropped it is not kept", async () => {
    const [a, b] = [await process_(), await process_()];
    const gate = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const running = a.through("race", "k", () => {
      asked.resolve();
      return gate.promise;
    });
    await asked.promise;
    await b.drop("race");
    gate.resolve("old");
    expect(await running).toBe("old");
    expect(await b.through("race", "k", async () => "new")).toBe("new");
  });

  test("hung: answers come from where they are made, at most 300 ms late in all, once", async () => {
    const a = await process_();
    await a.through("h", "k", async () => "kept");
    server.kill("SIGSTOP");
    const startedAt = performance.now();
    expect(await a.through("h", "k", async () => "made")).toBe("made");
    expect(performance.now() - startedAt).toBeLessThan(300);
    const later = performance.now();
    for (let n = 0; n < 20; n++) expect(await a.through("h", `k${n}`, async () => n)).toBe(n);
    expect(performance.now() - later).toBeLessThan(100);
    server.kill("SIGCONT");
    // It comes back by itself.
    await expect.poll(() => a.through("h", "back", async () => Math.random()).then(async (first) => first === (await a.through("h", "back", async () => Math.random()))), { timeout: 15_000, interval: 250 }).toBe(true);
  });
});

describe("by notification", () => {
  test("a committed change drops the group in another process; one that is taken back does not", async () => {
    const cache = createCache();
    const pulse = startPulse({
      connection: database.pool.options,
      log,
      cut: () => undefined,
      listen: { channel: CACHE_CHANNEL, onMessage: (group) => void cache.drop(group), onConnect: () => cache.setHearing(true), onLoss: () => cache.setHearing(false) },
    });
    await vi.waitUntil(() => cache.facts().layer === "memory", { timeout: 10_000 });
    let made = 0;
    const ask = () => cache.through("settings", "state", async () => ++made);
    expect([await ask(), await ask()]).toEqual([1, 1]);
    const ctx = testContext({ db: database.db });
    await inTransaction(ctx, async (tx) => {
      await invalidate(tx, "settings");
      throw new Error("taken back");
    }).catch(() => undefined);
    expect(await ask()).toBe(1);
    await inTransaction(ctx, (tx) => invalidate(tx, "settings"));
    await expect.poll(ask, { timeout: 5_000 }).toBe(2);
    await pulse.stop();
    expect(cache.facts().layer, "who cannot hear keeps nothing").toBe("off");
  });
});
