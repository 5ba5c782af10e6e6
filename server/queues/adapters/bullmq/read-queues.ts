/** Figures of all queues of a prefix: a few round trips, however many queues. */
import type { Context } from "../../../platform/context.ts";
import { AppError } from "../../../platform/errors.ts";
import type { QueueReading } from "../adapter.ts";
import { baseOf, versionProblem, type BullDesk } from "./desk.ts";

/** Queues a script reads at once: about a millisecond of the server's time. */
const QUEUES_A_STEP = 50;
/** Ended jobs whose times are read in all. */
const TIMES_IN_ALL = 2_000;
const FEWEST_TIMES = 10;
const MOST_TIMES = 200;

type Row = [waiting: number, active: number, delayed: number, failed: number, completed: number, done: number, broken: number, counter: string, oldest: string, paused: string, version: string, waits: number[], runs: number[]];

/** Workers by queue, from the names that BullMQ gives its connections: prefix, queue in base64, and its own name. */
export async function readWorkers(desk: BullDesk): Promise<Map<string, { name: string; address: string; ageSeconds: number }[]>> {
  const workers = new Map<string, { name: string; address: string; ageSeconds: number }[]>();
  const list = (await desk.redis.client("LIST")) as string;
  for (const line of list.split("\n")) {
    const facts = Object.fromEntries(line.split(" ").map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]));
    const name = facts.name ?? "";
    if (!name.startsWith(`${desk.prefix}:`)) continue;
    const [encoded = "", mark, ...own] = name.slice(desk.prefix.length + 1).split(":");
    if (mark !== undefined && mark !== "w") continue;
    const queue = Buffer.from(encoded, "base64").toString();
    const known = workers.get(queue) ?? [];
    known.push({ name: own.join(":") || "worker", address: facts.addr ?? "", ageSeconds: Number(facts.age ?? 0) });
    workers.set(queue, known);
  }
  return workers;
}

function toReading(desk: BullDesk, name: string, { row, now }: { row: Row; now: number }): QueueReading {
  const [waiting, active, delayed, failed, completed, done, broken, counter, oldest, paused, version, waitMs, runMs] = row;
  const problem = versionProblem(name, version);
  if (problem) throw new AppError("unavailable", `This version is not supported: ${problem}.`);
  const before = desk.counters.get(name);
  const seen = Number(counter || 0);
  desk.counters.set(name, seen);
  return {
    name,
    counts: { waiting, active, delayed, failed, completed, dead: 0 },
    oldestWaitingMs: oldest === "" ? null : Math.max(0, now - Number(oldest)),
    isPaused: paused !== "",
    consumers: null,
    flow: { added: before === undefined ? null : Math.max(0, seen - before), completed: done, failed: broken, waitMs, runMs },
  };
}

/** A queue asked for by name is there as soon as it is made, before the next look through the keys. */
async function namedQueue(desk: BullDesk, name: string): Promise<string[]> {
  return (await desk.redis.exists(`${baseOf(desk, name)}meta`)) === 1 ? [name] : [];
}

/** Reads the queues, or one. Throws `unavailable` when one of them is of a version that is not known. */
export async function readQueues(desk: BullDesk, ctx: Context, wanted: { since: Date; only?: string }): Promise<QueueReading[]> {
  const names = wanted.only === undefined ? await desk.names() : await namedQueue(desk, wanted.only);
  const most = Math.min(MOST_TIMES, Math.max(FEWEST_TIMES, Math.floor(TIMES_IN_ALL / Math.max(1, names.length))));
  const steps: string[][] = [];
  for (let at = 0; at < names.length; at += QUEUES_A_STEP) steps.push(names.slice(at, at + QUEUES_A_STEP));
  const [workers, ...answers] = await Promise.all([
    readWorkers(desk),
    ...steps.map((step) => desk.redis.seaworthyQueues(desk.prefix, wanted.since.getTime(), most, ...step)),
  ]);
  const now = ctx.now().getTime();
  const rows = answers.flat() as Row[];
  return names.map((name, index) => ({ ...toReading(desk, name, { row: rows[index]!, now }), consumers: workers.get(name)?.length ?? 0 }));
}
