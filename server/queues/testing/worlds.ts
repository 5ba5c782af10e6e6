/** One world for each kind of system: the real server, and clients that put jobs into every state as an application does. */
import type { Channel, ChannelModel } from "amqplib";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { PgBoss } from "pg-boss";
import { onPool } from "../../platform/queue/boss.ts";
import { DEAD_LETTER_OPTIONS, DEAD_LETTERS, queueOptions } from "../../platform/queue/policy.ts";
import { cloneDatabase, type TestDatabase } from "../../platform/testing/database.ts";
import type { ConnectionConfig, ConnectionKind } from "../schema/index.ts";
import { startRabbit, startRedis, type TestServer } from "../../platform/testing/brokers.ts";

export type World = {
  kind: ConnectionKind;
  /** Null for the own queue. */
  config: ConnectionConfig | null;
  /** Names that its clients accept, as odd as they may be. */
  oddNames: string[];
  /** Levels of nesting that the system itself takes. */
  deepest: number;
  makeQueue: (name: string) => Promise<void>;
  /** Adds waiting jobs; data is JSON text. */
  add: (queue: string, data: string[]) => Promise<void>;
  delay: ((queue: string, data: string) => Promise<void>) | null;
  /** Takes waiting jobs and fails them for good. */
  fail: ((queue: string, count: number) => Promise<void>) | null;
  /** Takes waiting jobs and lets them die. `deadQueue` is where they lie. */
  kill: ((queue: string, count: number) => Promise<void>) | null;
  deadQueue: (queue: string) => string;
  schedule: ((queue: string, line: string) => Promise<void>) | null;
  /** The server behind it, for faults. */
  server: TestServer | null;
  stop: () => Promise<void>;
};

type Boss = Pick<World, "oddNames" | "deepest" | "makeQueue" | "add" | "delay" | "fail" | "kill" | "deadQueue" | "schedule">;

function onBoss(boss: PgBoss, options: { letters: string; queue: object; own: boolean }): Boss {
  const send = async (queue: string, data: string, startAfter?: number) => {
    const key = options.own ? { singletonKey: `~${crypto.randomUUID()}` } : {};
    await boss.send(queue, JSON.parse(data) as object, { ...key, ...(startAfter ? { startAfter } : {}) });
  };
  const fail = async (queue: string, count: number) => {
    for (const job of await boss.fetch(queue, { batchSize: count })) await boss.fail(queue, job, { message: "mailbox full", stack: "Error: mailbox full\n    at send" });
  };
  return {
    // PostgreSQL parses JSON by recursion, and so does the driver that sends it.
    deepest: 1_000,
    // pg-boss itself allows no more than these.
    oddNames: ["mail/outgoing", "two..dots-and_more", "UPPER.lower"],
    makeQueue: async (name) => {
      await boss.createQueue(options.letters, { ...DEAD_LETTER_OPTIONS, policy: "standard" });
      await boss.createQueue(name, { ...options.queue, retryLimit: 0, deadLetter: options.letters });
    },
    add: async (queue, data) => {
      const key = () => (options.own ? { singletonKey: `~${crypto.randomUUID()}` } : {});
      await boss.insert(queue, data.map((text) => ({ data: JSON.parse(text) as object, ...key() })));
    },
    delay: (queue, data) => send(queue, data, 3_600),
    fail,
    kill: fail,
    deadQueue: (queue) => queue,
    schedule: async (queue, line) => {
      await boss.schedule(queue, line, { scheduled: true }, { tz: "UTC" });
    },
  };
}

/** The console's own queue, in the test's database. */
export async function ownWorld(database: TestDatabase): Promise<World> {
  const { PgBoss } = await import("pg-boss");
  const boss = new PgBoss({ db: onPool(database.pool), schema: "pgboss", supervise: false, schedule: false });
  await boss.start();
  const { deadLetter: _letters, ...queue } = queueOptions({ name: "queues.x", input: undefined as never });
  return { kind: "own", config: null, ...onBoss(boss, { letters: DEAD_LETTERS, queue, own: true }), server: null, stop: () => boss.stop({ graceful: false }) };
}

/** Another application's pg-boss in a database and schema of its own. */
export async function pgbossWorld(): Promise<World> {
  const { PgBoss } = await import("pg-boss");
  const { url, drop } = await cloneDatabase();
  const boss = new PgBoss({ connectionString: url, schema: "jobs", supervise: false, schedule: false });
  boss.on("error", () => undefined);
  await boss.start();
  const stop = async () => {
    await boss.stop({ graceful: false });
    await drop();
  };
  return { kind: "pgboss", config: { kind: "pgboss", url, schema: "jobs" }, ...onBoss(boss, { letters: "letters", queue: { policy: "standard" }, own: false }), server: null, stop };
}

/** BullMQ on a Redis of its own. */
export async function bullmqWorld(): Promise<World> {
  const [server, { Queue: Library, Worker }, { Redis: Client }] = await Promise.all([startRedis("p@ss"), import("bullmq"), import("ioredis")]);
  const redis: Redis = new Client(server.url, { maxRetriesPerRequest: null });
  redis.on("error", () => undefined);
  const kept = new Map<string, Queue>();
  const queue = (name: string): Queue => {
    const known = kept.get(name) ?? new Library(name, { connection: redis as never, prefix: "app" });
    known.on("error", () => undefined);
    kept.set(name, known);
    return known;
  };
  const fail = async (name: string, count: number) => {
    const worker = new Worker(name, null, { connection: redis as never, prefix: "app", autorun: false });
    worker.on("error", () => undefined);
    for (let index = 0; index < count; index += 1) {
      const job = await worker.getNextJob(`token-${index}`, { block: false });
      await job?.moveToFailed(new Error("mailbox full"), `token-${index}`, false);
    }
    await worker.close(true);
  };
  return {
    kind: "bullmq",
    config: { kind: "bullmq", url: server.url, prefix: "app" },
    deepest: 10_000,
    oddNames: ["mail/outgoing", "two words", "ship 🚢"],
    makeQueue: async (name) => {
      await queue(name).waitUntilReady();
    },
    add: async (name, data) => {
      await queue(name).addBulk(data.map((text) => ({ name: "mail", data: JSON.parse(text) as unknown })));
    },
    delay: async (name, data) => {
      await queue(name).add("mail", JSON.parse(data), { delay: 3_600_000 });
    },
    fail,
    kill: null,
    deadQueue: (name) => name,
    schedule: async (name, line) => {
      await queue(name).upsertJobScheduler("nightly", { pattern: line, tz: "UTC" }, { name: "mail", data: { scheduled: true } });
    },
    server,
    stop: async () => {
      redis.disconnect();
      await server.stop();
    },
  };
}

/** RabbitMQ with a dead letter queue for each queue. */
export async function rabbitmqWorld(): Promise<World> {
  const [server, { connect }] = await Promise.all([startRabbit(), import("amqplib")]);
  let model: ChannelModel | null = null;
  const channel = async (): Promise<Channel> => {
    if (!model) {
      model = await connect(server.url);
      model.on("error", () => (model = null));
      model.on("close", () => (model = null));
    }
    return model.createChannel();
  };
  const use = async (task: (on: Channel) => Promise<void>) => {
    const on = await channel();
    await task(on);
    await on.close();
  };
  const deadQueue = (name: string) => `${name}.dead`;
  return {
    kind: "rabbitmq",
    config: { kind: "rabbitmq", url: server.url, managementUrl: server.managementUrl },
    deepest: 10_000,
    oddNames: ["mail/outgoing", "two words", "ship 🚢"],
    makeQueue: (name) =>
      use(async (on) => {
        await on.assertQueue(deadQueue(name), { durable: true });
        await on.assertQueue(name, { durable: true, arguments: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": deadQueue(name) } });
      }),
    add: (name, data) =>
      use(async (on) => {
        for (const [index, text] of data.entries()) on.sendToQueue(name, Buffer.from(text), { persistent: true, messageId: `${name}-${index}`, contentType: "application/json", timestamp: Math.floor(Date.now() / 1_000) });
      }),
    delay: null,
    fail: null,
    kill: (name, count) =>
      use(async (on) => {
        for (let index = 0; index < count; index += 1) {
          const message = await on.get(name, { noAck: false });
          if (message) on.reject(message, false);
        }
      }),
    deadQueue,
    schedule: null,
    server,
    stop: async () => {
      await model?.close().catch(() => undefined);
      await server.stop();
    },
  };
}
