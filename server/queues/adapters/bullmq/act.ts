/** Operations on jobs of BullMQ, by the library's own scripts, many in flight on one connection. */
import type { Queue } from "bullmq";
import type { JobOperation, Outcome } from "../../schema/index.ts";
import type { JobBatch } from "../adapter.ts";
import { baseOf, majorOf, type BullDesk } from "./desk.ts";
import { stateOfPlace } from "./jobs.ts";
import { RETRIED, RETRY_AT_ONCE, RETRY_MISSING } from "./retry.ts";

/** Calls in flight at once: enough to fill the connection, few enough to let others in. */
const IN_FLIGHT = 200;

const IN_LINE = "It waits or runs already.";
const done = (id: string): Outcome => ({ id, result: "done", reason: null });
const refused = (id: string, reason: string): Outcome => ({ id, result: "refused", reason });
const missing = (id: string): Outcome => ({ id, result: "missing", reason: "There is no such job. It may be done and removed, retried or discarded." });
const already = (id: string, reason: string): Outcome => ({ id, result: "already", reason });

type One = { queue: Queue; id: string; place: string; priority: number };

/** BullMQ's codes of a job that is gone, and of one that somebody else moved. */
const CODE_MISSING = -1;
const CODE_MOVED = -3;

/** Runs one script; a job that was moved or went away meanwhile is an outcome. */
async function attempt(id: string, moved: string, work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    return done(id);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === CODE_MISSING) return missing(id);
    if (code === CODE_MOVED) return already(id, moved);
    if (typeof code === "number") return refused(id, (error as Error).message);
    throw error;
  }
}

const isInLine = (place: string) => ["wait", "paused", "prioritized", "active", "delayed", "waiting-children"].includes(place);

/** Why a job that is not among the failed was not retried. */
function notFailed(id: string, place: string): Outcome {
  if (place === "") return missing(id);
  return isInLine(place) ? already(id, IN_LINE) : refused(id, "This job is done and has not failed, so it was left as it is.");
}

/** Runs failed jobs again as first attempts, each in its place in line. */
async function retryAll(desk: BullDesk, { queue, ids }: Pick<JobBatch, "queue" | "ids">): Promise<Outcome[]> {
  const base = baseOf(desk, queue);
  const codes = await desk.redis.seaworthyRetry(base, ...ids);
  const moved = ids.filter((_id, index) => codes[index] !== RETRIED && codes[index] !== RETRY_MISSING);
  const places = moved.length === 0 ? [] : await desk.redis.seaworthyPlaces(base, ...moved);
  const placeOf = new Map(moved.map((id, index) => [id, stateOfPlace(places[index] ?? "") ? (places[index] ?? "") : ""]));
  return ids.map((id, index) => (codes[index] === RETRIED ? done(id) : notFailed(id, placeOf.get(id) ?? "")));
}

async function promote({ queue, id, place }: One): Promise<Outcome> {
  if (place === "") return missing(id);
  if (place === "waiting-children") return refused(id, "It waits for other jobs, not for a time.");
  if (place !== "delayed") return isInLine(place) ? already(id, IN_LINE) : refused(id, "Only a delayed job can be started early.");
  return attempt(id, IN_LINE, () => queue.getBackend().promote(id));
}

async function discard({ queue, id, place }: One): Promise<Outcome> {
  if (place === "") return missing(id);
  if (place === "active") return refused(id, "It runs now. Wait until it ends.");
  let isRemoved = false;
  const outcome = await attempt(id, "It was moved meanwhile.", async () => {
    isRemoved = (await queue.getBackend().remove(id, true)) === 1;
  });
  return outcome.result !== "done" || isRemoved ? outcome : refused(id, "A worker holds it. Wait until it ends.");
}

async function changePriority({ queue, id, place, priority }: One): Promise<Outcome> {
  if (place === "") return missing(id);
  if (!["wait", "paused", "prioritized", "delayed"].includes(place)) return refused(id, "It no longer waits.");
  return attempt(id, "It was moved meanwhile.", () => queue.getBackend().changePriority(id, priority, false));
}

type OneByOne = Exclude<JobOperation, "redrive" | "moveToDead" | "retry">;
const PERFORM: Record<OneByOne, (one: One) => Promise<Outcome>> = { promote, discard, changePriority };

/**
 * BullMQ 5 keeps the jobs of a paused queue in a list of their own and, on resume, renames it over the other one. What a
 * newer version put there meanwhile would be lost, so nothing is put there.
 */
export async function pausedProblem(desk: BullDesk, queue: string): Promise<string | null> {
  const [paused, version] = await desk.redis.hmget(`${baseOf(desk, queue)}meta`, "paused", "version");
  const isOld = (majorOf(version ?? "") ?? 0) < 6;
  return paused && isOld ? "This queue is paused and was made by BullMQ 5, which would lose a job that is put back in line now. Resume it first." : null;
}

/** One outcome for each id, in order. Redis runs scripts one after the other, so of two callers one wins. */
export async function act(desk: BullDesk, batch: JobBatch): Promise<Outcome[]> {
  const { operation } = batch;
  if (operation === "redrive" || operation === "moveToDead") return batch.ids.map((id) => refused(id, "BullMQ has no dead letters."));
  const problem = operation === "retry" || operation === "promote" ? await pausedProblem(desk, batch.queue) : null;
  if (problem) return batch.ids.map((id) => refused(id, problem));
  const outcomes: Outcome[] = [];
  if (operation === "retry") {
    for (let at = 0; at < batch.ids.length; at += RETRY_AT_ONCE) outcomes.push(...(await retryAll(desk, { queue: batch.queue, ids: batch.ids.slice(at, at + RETRY_AT_ONCE) })));
    return outcomes;
  }
  const queue = await desk.queue(batch.queue);
  for (let at = 0; at < batch.ids.length; at += IN_FLIGHT) {
    const ids = batch.ids.slice(at, at + IN_FLIGHT);
    const places = await desk.redis.seaworthyPlaces(baseOf(desk, batch.queue), ...ids);
    const known = places.map((place) => (stateOfPlace(place) ? place : ""));
    outcomes.push(...(await Promise.all(ids.map((id, index) => PERFORM[operation]({ queue, id, place: known[index] ?? "", priority: batch.priority ?? 0 })))));
  }
  return outcomes;
}
