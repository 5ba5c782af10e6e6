/** RabbitMQ of the team: figures by its management plugin, messages by AMQP. Loaded when first used. */
import type { ChannelModel } from "amqplib";
import type { Context } from "../../../platform/context.ts";
import { AppError } from "../../../platform/errors.ts";
import { virtualHostOf } from "../../connection-secrets.ts";
import { ConnectionConfig, type Abilities, type ConfigOf, type QueueWorker } from "../../schema/index.ts";
import type { Adapter, OpenWith, QueueInside, QueueReading, QueueSystem } from "../adapter.ts";
import { act } from "./act.ts";
import { connectAmqp, onChannel } from "./channel.ts";
import { keptLooks } from "./kept-looks.ts";
import { findMessages, listMessages, peek, type Look } from "./look.ts";
import { within } from "../trail.ts";
import { keptTopology, managementOf, type Management, type RawQueue } from "./management.ts";
import { fingerprint, toDetail } from "./messages.ts";
import { deadLetterExchange, deliveryLimit, READY_STATE, topologyOf, type Topology } from "./topology.ts";

const PORTS: Record<string, number> = { "amqp:": 5_672, "amqps:": 5_671 };
const OLDEST = [3, 10] as const;
/** How deep one message is looked for when it is opened. */
const FIND = { most: 1_000, mostBytes: 64 * 1_048_576 };

const NO_SCHEDULES = "RabbitMQ has no schedules.";
const CAN: Abilities = {
  retry: "RabbitMQ keeps no failed jobs: a message that failed for good is a dead letter, and is sent back from there.",
  promote: "RabbitMQ decides when a delayed message comes; it cannot be started early.",
  discard: true,
  moveToDead: true,
  changePriority: "RabbitMQ sets a message's priority when it is sent.",
  redrive: true,
  pause: "RabbitMQ cannot hold consumers back: stop them instead.",
  resume: "RabbitMQ cannot hold consumers back.",
  setRateCap: "RabbitMQ hands out messages as fast as consumers take them: set their prefetch instead.",
  drain: true,
  runSchedule: NO_SCHEDULES,
  enqueueTest: true,
};

type Broker = {
  management: Management;
  model: ChannelModel;
  version: string;
  topology: (ctx: Context, names: readonly string[]) => Promise<Topology>;
  /** The broker's counters at the last reading, by queue. */
  counters: Map<string, { published: number; done: number }>;
};

function flowOf(broker: Broker, raw: RawQueue): QueueReading["flow"] {
  const { publish = 0, ack = 0, deliver_no_ack: unacknowledged = 0, get_no_ack: got = 0 } = raw.message_stats ?? {};
  const now = { published: publish, done: ack + unacknowledged + got };
  const before = broker.counters.get(raw.name);
  broker.counters.set(raw.name, now);
  // Counters begin anew when the broker does.
  const since = (value: number, old: number) => (value >= old ? value - old : value);
  return { added: before ? since(now.published, before.published) : null, completed: before ? since(now.done, before.done) : 0, failed: 0, waitMs: [], runMs: [] };
}

function toReading(broker: Broker, raw: RawQueue, { topology, now }: { topology: Topology; now: Date }): QueueReading {
  const ready = raw.messages_ready ?? 0;
  const state = READY_STATE[topology.get(raw.name) ?? "work"];
  const counts = { waiting: 0, active: raw.messages_unacknowledged ?? 0, delayed: 0, failed: 0, completed: 0, dead: 0, [state]: ready };
  const head = raw.head_message_timestamp;
  return {
    name: raw.name,
    counts,
    oldestWaitingMs: typeof head === "number" && state === "waiting" && ready > 0 ? Math.max(0, now.getTime() - head * 1_000) : null,
    isPaused: false,
    consumers: raw.consumers ?? 0,
    flow: flowOf(broker, raw),
  };
}

async function readQueues(broker: Broker, ctx: Context, wanted: { only?: string }): Promise<QueueReading[]> {
  const one = wanted.only === undefined ? null : await broker.management.queue(ctx, wanted.only);
  const raw = wanted.only === undefined ? await broker.management.queues(ctx) : one ? [one] : [];
  const topology = await broker.topology(ctx, raw.map((queue) => queue.name));
  return raw.map((queue) => toReading(broker, queue, { topology, now: ctx.now() })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function find(broker: Broker, ctx: Context, name: string): Promise<RawQueue> {
  const raw = await broker.management.queue(ctx, name);
  if (!raw) throw new AppError("not_found", `There is no queue ${name}.`);
  return raw;
}

/** What a look needs to know. Throws `precondition` for streams, which cannot be taken from. */
async function factsOf(broker: Broker, ctx: Context, name: string): Promise<Omit<Look, "now">> {
  const [raw, topology] = await Promise.all([find(broker, ctx, name), broker.topology(ctx, [name])]);
  if (raw.type === "stream") throw new AppError("precondition", "This is a stream: its messages cannot be taken and put back, so they are not shown.");
  return { state: READY_STATE[topology.get(name) ?? "work"], total: raw.messages_ready ?? 0, limit: deliveryLimit(raw, broker.version) };
}

async function readInside(broker: Broker, ctx: Context, name: string): Promise<QueueInside> {
  const [raw, consumers] = await Promise.all([find(broker, ctx, name), broker.management.consumers(ctx, name)]);
  const facts = [
    { label: "Kind", value: raw.type ?? "classic" },
    { label: "Survives a restart", value: raw.durable ? "yes" : "no" },
    { label: "Dead letters go to", value: deadLetterExchange(raw) === null ? "nowhere: they are dropped" : deadLetterExchange(raw) || "the default exchange" },
    ...Object.entries({ ...raw.effective_policy_definition, ...raw.arguments }).filter(([, value]) => value !== "").map(([label, value]) => ({ label, value: typeof value === "string" ? value : JSON.stringify(value) })),
  ];
  const workers = consumers.map((consumer): QueueWorker => ({
    name: consumer.consumer_tag,
    host: consumer.channel_details?.peer_host ?? null,
    startedAt: null,
    seenAt: ctx.now(),
    running: null,
  }));
  return { facts, workers, schedules: [], rateCap: null };
}

async function publishTest(broker: Broker, queue: string, data: string): Promise<string> {
  const content = Buffer.from(data);
  await onChannel(broker.model, async (channel) => {
    channel.publish("", queue, content, { persistent: true, contentType: "application/json", type: "test", timestamp: Math.floor(Date.now() / 1_000) });
    await channel.waitForConfirms();
  });
  return "sent";
}

async function readVersion(management: Management, ctx: Context): Promise<{ value: string; detail: string }> {
  const { rabbitmq_version: value = "0" } = await management.get<{ rabbitmq_version?: string }>(ctx, "/overview");
  const [major = 0, minor = 0] = value.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) throw new AppError("unavailable", `RabbitMQ ${value} is older than ${OLDEST.join(".")}`);
  return { value, detail: `RabbitMQ ${value}` };
}

async function connect(to: { ctx: Context; config: ConfigOf<"rabbitmq">; trail: OpenWith["trail"] }): Promise<Omit<Broker, "topology" | "counters">> {
  const { ctx, config, trail } = to;
  const url = new URL(config.url);
  const target = await trail.reach(ctx, url.hostname, url.port === "" ? (PORTS[url.protocol] ?? 5_672) : Number(url.port));
  const model = await trail.take("signIn", async () => ({ value: await connectAmqp(config.url, target), detail: `signed in over AMQP to the virtual host ${virtualHostOf(config.url)}` }));
  try {
    const management = managementOf(config);
    const version = await trail.take("version", () => readVersion(management, ctx));
    await trail.take("rights", async () => {
      const { tags } = await management.get<{ tags: string[] | string }>(ctx, "/whoami");
      const list = Array.isArray(tags) ? tags : tags.split(",");
      if (!list.some((tag) => ["management", "policymaker", "monitoring", "administrator"].includes(tag.trim()))) throw new AppError("unavailable", "the user has none of the tags management, monitoring or administrator");
      return { value: null, detail: `has the tags ${list.join(", ")}` };
    });
    await trail.take("found", async () => {
      const queues = await management.queues(ctx);
      return { value: null, detail: queues.length === 1 ? "1 queue" : `${queues.length} queues` };
    });
    return { management, model, version };
  } catch (error) {
    void model.close().catch(() => undefined);
    throw error;
  }
}

async function open({ ctx, config: given, trail }: OpenWith): Promise<QueueSystem> {
  const connected = await connect({ ctx, config: ConnectionConfig.parse(given) as ConfigOf<"rabbitmq">, trail });
  const { management, model } = connected;
  const topology = keptTopology(async (reader) => topologyOf(...(await Promise.all([management.queues(reader), management.bindings(reader)]))));
  const looks = keptLooks((queue, bounds) => peek(model, queue, bounds));
  const broker: Broker = { ...connected, topology, counters: new Map() };
  return {
    can: CAN,
    found: `RabbitMQ ${connected.version}`,
    isTransactional: false,
    readQueues: (reader, wanted) => readQueues(broker, reader, wanted),
    readInside: (reader, queue) => readInside(broker, reader, queue),
    listJobs: async (reader, query) => listMessages(looks.look, query, { ...(await factsOf(broker, reader, query.queue)), now: reader.now() }),
    getJob: async (reader, { queue, id }) => {
      const facts = await factsOf(broker, reader, queue);
      const messages = await looks.look(queue, { ...FIND, deliveryLimit: facts.limit, total: facts.total });
      const message = messages.find((other) => fingerprint(other) === id);
      return message ? toDetail(queue, facts.state, message) : null;
    },
    findIds: async (reader, query) => findMessages(looks.look, query, { ...(await factsOf(broker, reader, query.queue)), now: reader.now() }),
    act: async (actor, batch) => {
      const hasDeadLetters = deadLetterExchange(await find(broker, actor, batch.queue)) !== null;
      looks.forget(batch.queue);
      return act(model, batch, hasDeadLetters);
    },
    setPaused: () => Promise.resolve(false),
    setRateCap: () => Promise.resolve(false),
    drain: (_actor, queue) => onChannel(model, async (channel) => (await channel.purgeQueue(queue)).messageCount),
    runSchedule: () => Promise.reject(new AppError("precondition", NO_SCHEDULES)),
    enqueueTest: (_actor, queue, data) => publishTest(broker, queue, data),
    // A broker that hangs must not hold up whoever closes.
    close: () => within(model.close()).catch(() => undefined),
  };
}

export const rabbitmqAdapter: Adapter = { kind: "rabbitmq", can: CAN, open };
