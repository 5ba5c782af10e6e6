/** Queue systems that restart, hang, refuse, and come back. */
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { localNetwork, startRabbit, startRedis, type TestServer } from "../../platform/testing/brokers.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { createCallerFactory } from "../../platform/trpc.ts";
import { sampleDue } from "../engine/sampler.ts";
import { queuesRouter } from "../router/index.ts";
import type { ConnectionConfig } from "../schema/index.ts";
import { closeSessions } from "./sessions.ts";

const database = testDatabase();
const ctx = () => testContext({ db: database.db, actor: asActor("editor"), http: localNetwork });
const api = () => createCallerFactory(queuesRouter)(ctx());
let redis: TestServer;
let rabbit: TestServer & { managementUrl: string };

beforeAll(async () => {
  [redis, rabbit] = await Promise.all([startRedis("s3cret"), startRabbit()]);
});
afterAll(async () => {
  await closeSessions();
  await Promise.all([redis.stop(), rabbit.stop()]);
});
beforeEach(async () => {
  await closeSessions();
  await database.pool.query("DELETE FROM queue_connection WHERE id <> 'own'");
});

/** Reads every connection as if its time had come. */
async function sample(id: string) {
  await database.pool.query("UPDATE queue_connection SET next_read_at = now() - interval '1 second', reader = NULL, reader_until = NULL");
  await sampleDue(ctx());
  return api().connection({ id });
}
const systems = () => [
  ["BullMQ", redis, { kind: "bullmq", url: redis.url, prefix: "bull" }],
  ["RabbitMQ", rabbit, { kind: "rabbitmq", url: rabbit.url, managementUrl: rabbit.managementUrl }],
] as [string, TestServer, ConnectionConfig][];

test("a system that hangs is told, holds up nobody, and recovers by itself", async () => {
  for (const [name, server, config] of systems()) {
    const { id } = await api().addConnection({ name, config });
    expect(await sample(id)).toMatchObject({ state: "up" });
    server.freeze();
    const hung = await sample(id).finally(() => server.thaw());
    expect(hung, name).toMatchObject({ state: "down" });
    expect((await api().connection({ id: "own" })).state).toBe("up");
    await vi.waitFor(async () => expect(await sample(id), name).toMatchObject({ state: "up", problem: null }), { timeout: 40_000, interval: 500 });
  }
});

test("a system that restarts is found again", async () => {
  for (const [name, server, config] of systems()) {
    const { id } = await api().addConnection({ name, config });
    expect(await sample(id)).toMatchObject({ state: "up" });
    await server.restart();
    await vi.waitFor(async () => expect(await sample(id), name).toMatchObject({ state: "up" }), { timeout: 40_000, interval: 500 });
  }
});

describe("wrong credentials", () => {
  test("Redis and RabbitMQ name the step, and no answer holds the password", async () => {
    const wrong: ConnectionConfig[] = [
      { kind: "bullmq", url: redis.url.replace("s3cret", "guessed"), prefix: "bull" },
      { kind: "rabbitmq", url: rabbit.url.replace("guest:guest", "guest:guessed"), managementUrl: rabbit.managementUrl },
    ];
    for (const config of wrong) {
      const diagnosis = await api().testConnection({ config });
      expect(diagnosis.tried.at(-1)).toMatchObject({ step: "signIn", isOk: false });
      expect(JSON.stringify(diagnosis)).not.toContain("guessed");
    }
  });
});

test("keys of a newer BullMQ are refused by name, at once and when they appear later", async () => {
  const client = new Redis(redis.url);
  try {
    await client.hset("next:mail:meta", "version", "bullmq:6.7.0");
    const { id } = await api().addConnection({ name: "Next", config: { kind: "bullmq", url: redis.url, prefix: "next" } });
    expect(await sample(id)).toMatchObject({ state: "up", queues: 1 });
    await client.hset("next:mail:meta", "version", "bullmq:7.0.0");
    const refused = await sample(id);
    expect(refused).toMatchObject({ state: "down", queues: 1 });
    expect(refused.problem).toContain("the queue mail was written by BullMQ 7.0.0, newer than this console knows");
    const { problem } = await api().testConnection({ config: { kind: "bullmq", url: redis.url, prefix: "next" } });
    expect(problem).toContain("7.0.0");
  } finally {
    client.disconnect();
  }
});
