/** Jobs of BullMQ: lists, ids for bulk operations, one job with all that is known of it. */
import type { Context } from "../../../platform/context.ts";
import { showJson } from "../../payload/json-text.ts";
import type { Attempt, Job, JobDetail, JobState, TimelineEntry } from "../../schema/index.ts";
import type { FoundIds, FoundJobs, JobQuery } from "../adapter.ts";
import { isEmptyFilter, matches } from "../matches.ts";
import { baseOf, type BullDesk } from "./desk.ts";
import { countState, step } from "./walk.ts";

type Listed = Omit<Job, "connection">;

/** Jobs a page looks at when it must search; more would hold the server up. */
const LOOK_MOST = 5_000;
const LOOK_AT_ONCE = 100;
/** Data that is longer is not searched. */
const SEARCHED_BYTES = 262_144;

type Opts = { attempts?: number; delay?: number } & Record<string, unknown>;

function parseOpts(text: string): Opts {
  try {
    return (JSON.parse(text) ?? {}) as Opts;
  } catch {
    // What another program wrote there is shown as unknown rather than not at all.
    return {};
  }
}

const time = (text: string | undefined): Date | null => (text ? new Date(Number(text)) : null);

function toJob({ queue, id, state }: { queue: string; id: string; state: JobState }, fields: string[]): Listed {
  const [name = "", opts = "", timestamp, delay, priority, atm, attemptsMade, processedOn, finishedOn, failedReason = "", deid = ""] = fields;
  const made = Number(atm || attemptsMade || 0);
  const isOver = state === "failed" || state === "completed";
  const [startedAt, finishedAt] = [time(processedOn), time(finishedOn)];
  return {
    id,
    queue,
    name,
    state,
    priority: Number(priority || 0),
    key: deid || null,
    attempt: Math.max(1, isOver ? made : made + 1),
    maxAttempts: Math.max(1, parseOpts(opts).attempts ?? 1),
    createdAt: time(timestamp),
    startAfter: timestamp ? new Date(Number(timestamp) + Number(delay || 0)) : null,
    startedAt,
    finishedAt,
    durationMs: startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : null,
    error: failedReason || null,
  };
}

/** Reads jobs by id, in order; ids whose job is gone are left out. */
async function readJobs(desk: BullDesk, wanted: { queue: string; state: JobState; ids: string[]; data: boolean }): Promise<{ job: Listed; data: string }[]> {
  if (wanted.ids.length === 0) return [];
  const rows = await desk.redis.seaworthyJobs(baseOf(desk, wanted.queue), wanted.data ? SEARCHED_BYTES : 0, ...wanted.ids);
  return rows.flatMap((fields, index) => (fields ? [{ job: toJob({ queue: wanted.queue, id: wanted.ids[index] ?? "", state: wanted.state }, fields), data: fields[11] ?? "" }] : []));
}

/** When a job came into its state, as far as BullMQ tells: when it ended, else when it was added. */
const enteredAt = ({ state, finishedAt, createdAt }: Listed) => (state === "failed" || state === "completed" ? finishedAt : createdAt);

/** Looks through a state until the page is full, the state is at its end, or enough was looked at. */
async function search(desk: BullDesk, ctx: Context, query: JobQuery & { order: "newest" | "oldest" }) {
  const { queue, state, filter, limit, order, until } = query;
  const isOpen = isEmptyFilter(filter);
  const isLate = (job: Listed) => until !== undefined && (enteredAt(job) ?? until) > until;
  // Jobs that ended lie in the order of their end, so behind a late one all are.
  const isOrdered = order === "oldest" && (state === "failed" || state === "completed");
  const found: Listed[] = [];
  let { cursor } = query;
  let looked = 0;
  for (;;) {
    const count = isOpen ? limit - found.length : Math.min(Math.max(LOOK_AT_ONCE, limit), LOOK_MOST - looked);
    const { ids, next } = await step(desk, { queue, state, cursor, count, order });
    const jobs = await readJobs(desk, { queue, state, ids, data: filter.data.length > 0 });
    looked += ids.length;
    found.push(...jobs.filter((one) => !isLate(one.job) && (isOpen || matches(filter, one, ctx.now()))).map(({ job }) => job));
    const last = jobs.at(-1)?.job;
    if (isOrdered && last && isLate(last)) return { found, looked, next: null, isOpen };
    cursor = next ?? undefined;
    // A step is given out whole, so a page may hold more than asked for; otherwise the cursor would stand inside a step.
    if (next === null || found.length >= limit || looked >= LOOK_MOST) return { found, looked, next, isOpen };
  }
}

export async function listJobs(desk: BullDesk, ctx: Context, query: JobQuery): Promise<FoundJobs> {
  const { found, looked, next, isOpen } = await search(desk, ctx, { ...query, order: "newest" });
  const scan = isOpen ? null : { looked, total: await countState(desk, query.queue, query.state), note: null };
  return { items: found, nextCursor: next, scan };
}

/** Ids of ended jobs when none is filtered out: they lie in the order of their end, so no job need be read. */
async function findEnded(desk: BullDesk, { queue, state, cursor, limit, until }: JobQuery): Promise<FoundIds> {
  const { ids, scores, next } = await step(desk, { queue, state, cursor, count: limit, order: "oldest" });
  const end = until === undefined ? -1 : scores.findIndex((score) => score > until.getTime());
  return end === -1 ? { ids, nextCursor: next, looked: ids.length } : { ids: ids.slice(0, end), nextCursor: null, looked: end };
}

/** Oldest first, so that what is added meanwhile comes last. */
export async function findIds(desk: BullDesk, ctx: Context, query: JobQuery): Promise<FoundIds> {
  if (isEmptyFilter(query.filter) && (query.state === "failed" || query.state === "completed")) return findEnded(desk, query);
  const { found, looked, next } = await search(desk, ctx, { ...query, order: "oldest" });
  return { ids: found.map((job) => job.id), nextCursor: next, looked };
}

/** The state that a place in Redis stands for. */
export function stateOfPlace(place: string): JobState | null {
  if (place === "wait" || place === "paused" || place === "prioritized") return "waiting";
  if (place === "waiting-children") return "delayed";
  return place === "failed" || place === "completed" || place === "delayed" || place === "active" ? place : null;
}

const MOST_LOG_LINES = 200;

/** BullMQ keeps one stack a failed attempt, the oldest first; more than the queue's limit are dropped from the front. */
function attemptsOf(hash: Record<string, string>, job: Listed): Attempt[] {
  let stacks: string[] = [];
  try {
    stacks = JSON.parse(hash.stacktrace ?? "[]") as string[];
  } catch {
    // Another program wrote something else there.
  }
  const made = Number(hash.atm || hash.attemptsMade || stacks.length);
  const newest = stacks.toReversed().map((stack, index): Attempt => {
    const message = stack.split("\n")[0]?.replace(/^\w*Error: /, "") ?? "";
    const isLast = index === 0;
    return { number: made - index > 0 ? made - index : null, startedAt: isLast ? job.startedAt : null, endedAt: isLast ? job.finishedAt : null, error: message, cause: null, stack, worker: isLast ? (hash.pb ?? null) : null };
  });
  return newest.length > 0 || !job.error ? newest : [{ number: made || null, startedAt: job.startedAt, endedAt: job.finishedAt, error: job.error, cause: null, stack: null, worker: hash.pb ?? null }];
}

function timelineOf(job: Listed): TimelineEntry[] {
  const entries: (TimelineEntry | null)[] = [
    job.createdAt && { at: job.createdAt, what: "Added" },
    job.startAfter && job.createdAt && job.startAfter > job.createdAt ? { at: job.startAfter, what: "May start" } : null,
    job.startedAt && { at: job.startedAt, what: `Attempt ${job.attempt} started` },
    job.finishedAt && { at: job.finishedAt, what: job.state === "completed" ? "Done" : "Failed for good" },
  ];
  return entries.filter((entry) => entry !== null).sort((a, b) => a.at.getTime() - b.at.getTime());
}

const payload = (text: string | undefined) => showJson(text ?? "null", Buffer.byteLength(text ?? "null"));

/** One job. Null when it is gone, also when its queue removes jobs that are done. */
export async function getJob(desk: BullDesk, { queue, id }: { queue: string; id: string }): Promise<Omit<JobDetail, "connection"> | null> {
  const base = baseOf(desk, queue);
  const [hash, [place = ""], logs] = await Promise.all([desk.redis.hgetall(`${base}${id}`), desk.redis.seaworthyPlaces(base, id), desk.redis.lrange(`${base}${id}:logs`, -MOST_LOG_LINES, -1)]);
  const state = stateOfPlace(place);
  if (!hash.timestamp || !state) return null;
  const fields = ["name", "opts", "timestamp", "delay", "priority", "atm", "attemptsMade", "processedOn", "finishedOn", "failedReason", "deid"].map((name) => hash[name] ?? "");
  const job = toJob({ queue, id, state }, fields);
  const options = Object.entries(parseOpts(hash.opts ?? "{}")).map(([label, value]) => ({ label, value: JSON.stringify(value) }));
  const attempts = attemptsOf(hash, job);
  const isShort = attempts.length < Number(hash.atm || 0) && state !== "completed";
  return {
    ...job,
    data: payload(hash.data),
    options: [...options, ...(hash.returnvalue ? [{ label: "result", value: hash.returnvalue.slice(0, 2_000) }] : []), ...(hash.progress ? [{ label: "progress", value: hash.progress }] : [])],
    attempts,
    attemptsNote: isShort ? "The queue keeps the newest errors only." : null,
    timeline: timelineOf(job),
    logs,
    heartbeatAt: null,
    sourceQueue: null,
    redrives: 0,
    relatedId: null,
  };
}
