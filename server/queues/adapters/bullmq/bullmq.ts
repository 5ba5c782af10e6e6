/** BullMQ of the team on a Redis server: read by scripts of our own, operated by the library. Loaded when first used. */
import type { Queue } from "bullmq";
import { SECOND_MS } from "../../../platform/clock.ts";
import { AppError } from "../../../platform/errors.ts";
import { ConnectionConfig, type Abilities, type ConfigOf, type QueueSchedule, type QueueWorker } from "../../schema/index.ts";
import type { Adapter, OpenWith, QueueInside, QueueSystem } from "../adapter.ts";
import { act, pausedProblem } from "./act.ts";
import { connectRedis, readServer } from "./connect.ts";
import { baseOf, versionProblem, type BullDesk } from "./desk.ts";
import { discoverer } from "./discover.ts";
import { findIds, getJob, listJobs } from "./jobs.ts";
import { readQueues, readWorkers } from "./read-queues.ts";
import { withScripts } from "./scripts.ts";
import { countState } from "./walk.ts";

const DEFAULT_PORT = 6_379;
/** Queues of the library kept for the next operation; each holds a few listeners on the connection. */
const MOST_KEPT = 20;
const MOST_SCHEDULES = 200;

const CAN: Abilities = {
  retry: true,
  promote: true,
  discard: true,
  moveToDead: "BullMQ has no dead letters: a failed job stays in its queue as failed.",
  changePriority: true,
  redrive: "BullMQ has no dead letters: retry failed jobs where they are.",
  pause: true,
  resume: true,
  setRateCap: true,
  drain: true,
  runSchedule: true,
  enqueueTest: true,
};

const READ_ONLY = "This Redis server is a replica and takes no changes.";
const CAN_READ_ONLY = Object.fromEntries(Object.entries(CAN).map(([name, ability]) => [name, ability === true ? READ_ONLY : ability])) as Abilities;

/** Queues of the library on one connection, opened when an operation needs one. */
function keptQueues(redis: BullDesk["redis"], prefix: string) {
  const kept = new Map<string, Queue>();
  return async (name: string): Promise<Queue> => {
    const known = kept.get(name);
    if (known) return known;
    const { Queue: Library } = await import("bullmq");
    const queue = new Library(name, { connection: redis as never, prefix, skipMetasUpdate: true, skipVersionCheck: true });
    // The session hears of the connection itself.
    queue.on("error", () => undefined);
    kept.set(name, queue);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) {
      void kept.get(oldest)?.close();
      kept.delete(oldest);
    }
    return queue;
  };
}

async function readSchedules(queue: Queue): Promise<QueueSchedule[]> {
  const found = await queue.getJobSchedulers(0, MOST_SCHEDULES - 1, true);
  return found.map(({ key, pattern, every, tz, next, endDate, limit, iterationCount = 0 }): QueueSchedule => ({
    key,
    ...(pattern ? { kind: "cron", line: pattern, zone: tz ?? "UTC" } : { kind: "every", line: String(every ?? 0), zone: "UTC" }),
    nextAt: next ? new Date(next) : null,
    endsAt: endDate ? new Date(endDate) : null,
    left: limit ? Math.max(0, limit - iterationCount + 1) : null,
  }));
}

async function readInside(desk: BullDesk, name: string, now: Date): Promise<QueueInside> {
  const queue = await desk.queue(name);
  const [meta, workers, schedules] = await Promise.all([desk.redis.hgetall(`${baseOf(desk, name)}meta`), readWorkers(desk), readSchedules(queue)]);
  const facts = [
    { label: "Written by", value: (meta.version ?? "an unknown version").replace(":", " ") },
    ...(meta.concurrency ? [{ label: "Jobs at once, all workers", value: meta.concurrency }] : []),
    ...(meta.max && meta.duration ? [{ label: "Rate limit", value: `${meta.max} in ${meta.duration} ms` }] : []),
  ];
  const seen = (workers.get(name) ?? []).map((worker): QueueWorker => ({
    name: worker.name,
    host: worker.address,
    startedAt: new Date(now.getTime() - worker.ageSeconds * 1_000),
    seenAt: now,
    running: null,
  }));
  return { facts, workers: seen, schedules, rateCap: rateCapOf(meta) };
}

async function setPaused(desk: BullDesk, name: string, isPaused: boolean): Promise<boolean> {
  const was = (await desk.redis.hexists(`${baseOf(desk, name)}meta`, "paused")) === 1;
  if (was === isPaused) return false;
  const queue = await desk.queue(name);
  await (isPaused ? queue.pause() : queue.resume());
  return true;
}

/** The cap by the second; one over another time is told as a fact only. */
const rateCapOf = ({ max, duration }: Record<string, string>): number | null => (max && duration === String(SECOND_MS) ? Number(max) : null);

async function setRateCap(desk: BullDesk, name: string, perSecond: number | null): Promise<boolean> {
  const meta = `${baseOf(desk, name)}meta`;
  const [isThere, [max, duration]] = await Promise.all([desk.redis.exists(meta), desk.redis.hmget(meta, "max", "duration")]);
  if (isThere === 0) throw new AppError("not_found", `There is no queue ${name}.`);
  const isSo = perSecond === null ? !max : max === String(perSecond) && duration === String(SECOND_MS);
  if (isSo) return false;
  const queue = await desk.queue(name);
  await (perSecond === null ? queue.removeGlobalRateLimit() : queue.setGlobalRateLimit(perSecond, SECOND_MS));
  return true;
}

async function drain(desk: BullDesk, name: string): Promise<number> {
  const count = async () => (await countState(desk, name, "waiting")) + (await countState(desk, name, "delayed"));
  const before = await count();
  await (await desk.queue(name)).drain(true);
  return Math.max(0, before - (await count()));
}

async function add(desk: BullDesk, name: string, job: { name: string; data: unknown; opts?: object }): Promise<string> {
  const problem = await pausedProblem(desk, name);
  if (problem) throw new AppError("precondition", problem);
  const added = await (await desk.queue(name)).add(job.name, job.data, job.opts);
  return added.id ?? "";
}

async function runSchedule(desk: BullDesk, name: string, key: string): Promise<string> {
  const scheduler = await (await desk.queue(name)).getJobScheduler(key);
  if (!scheduler) throw new AppError("not_found", "There is no such schedule. It may have been removed.");
  const { data, opts } = scheduler.template ?? {};
  return add(desk, name, { name: scheduler.name, data: data ?? {}, opts: opts as object | undefined });
}

async function connect({ ctx, config, trail }: { ctx: OpenWith["ctx"]; config: ConfigOf<"bullmq">; trail: OpenWith["trail"] }, onLost: () => void) {
  const url = new URL(config.url);
  const target = await trail.reach(ctx, url.hostname, url.port === "" ? DEFAULT_PORT : Number(url.port));
  const redis = await trail.take("signIn", async () => {
    const value = await connectRedis(url, target, onLost);
    return { value, detail: url.username || url.password ? `signed in as ${decodeURIComponent(url.username) || "default"}` : "no password asked for" };
  });
  try {
    const server = await trail.take("version", async () => {
      const value = await readServer(redis);
      const keeps = value.policy === "" || value.policy === "noeviction";
      return { value, detail: `Redis ${value.version}${keeps ? "" : `. Its eviction policy ${value.policy} may delete jobs when memory is short: set noeviction`}` };
    });
    const scripted = await withScripts(redis);
    await trail.take("rights", async () => {
      await scripted.seaworthyQueues(config.prefix, 0, 1);
      return { value: null, detail: server.role === "slave" ? "may read only, this is a replica" : "may run scripts" };
    });
    return { redis: scripted, isReplica: server.role === "slave", version: server.version };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

async function open({ ctx, config: given, trail }: OpenWith): Promise<QueueSystem> {
  const config = ConnectionConfig.parse(given) as ConfigOf<"bullmq">;
  const { redis, isReplica, version } = await connect({ ctx, config, trail }, () => undefined);
  const desk: BullDesk = { redis, prefix: config.prefix, queue: keptQueues(redis, config.prefix), names: discoverer(redis, config.prefix), counters: new Map() };
  try {
    await trail.take("found", async () => {
      const names = await desk.names();
      for (const name of names) {
        const problem = versionProblem(name, (await redis.hget(`${baseOf(desk, name)}meta`, "version")) ?? "");
        if (problem) throw new AppError("unavailable", problem);
      }
      return { value: null, detail: names.length === 1 ? "1 queue" : `${names.length} queues${names.length === 0 ? ` with the prefix ${config.prefix}` : ""}` };
    });
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return {
    can: isReplica ? CAN_READ_ONLY : CAN,
    found: `BullMQ on Redis ${version}`,
    isTransactional: false,
    readQueues: (reader, wanted) => readQueues(desk, reader, wanted),
    readInside: (reader, queue) => readInside(desk, queue, reader.now()),
    listJobs: (reader, query) => listJobs(desk, reader, query),
    getJob: (_reader, wanted) => getJob(desk, wanted),
    findIds: (reader, query) => findIds(desk, reader, query),
    act: (_actor, batch) => act(desk, batch),
    setPaused: (_actor, queue, isPaused) => setPaused(desk, queue, isPaused),
    setRateCap: (_actor, queue, perSecond) => setRateCap(desk, queue, perSecond),
    drain: (_actor, queue) => drain(desk, queue),
    runSchedule: (_actor, queue, key) => runSchedule(desk, queue, key),
    enqueueTest: (_actor, queue, data) => add(desk, queue, { name: "test", data: JSON.parse(data) as unknown }),
    close: () => {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

export const bullmqAdapter: Adapter = { kind: "bullmq", can: CAN, open };
