/** Goes through the jobs of one state, newest or oldest first, from a cursor on. */
import * as z from "zod";
import { decodeCursor, encodeCursor } from "../../../platform/page.ts";
import type { JobState } from "../../schema/index.ts";
import { baseOf, type BullDesk } from "./desk.ts";

type Part = { key: "wait" | "paused" | "active"; kind: "list" } | { key: "prioritized" | "delayed" | "waiting-children" | "failed" | "completed"; kind: "set" };

/** Where jobs of a state lie, in the order they are shown. */
const PARTS: Record<JobState, readonly Part[]> = {
  waiting: [
    { key: "wait", kind: "list" },
    { key: "paused", kind: "list" },
    { key: "prioritized", kind: "set" },
  ],
  active: [{ key: "active", kind: "list" }],
  delayed: [
    { key: "delayed", kind: "set" },
    { key: "waiting-children", kind: "set" },
  ],
  failed: [{ key: "failed", kind: "set" }],
  completed: [{ key: "completed", kind: "set" }],
  dead: [],
};

/** Part, score (or '' in a list), and the member that the next step begins after (a set) or with (a list), or its index. */
const Cursor = z.tuple([z.number().int().min(0).max(PARTS.waiting.length), z.string(), z.string(), z.number().int().min(0)]);
type Place = z.infer<typeof Cursor>;
const START: Place = [0, "", "", 0];

type At = { key: string; place: Place };

/** `scores`: of jobs that lie in a sorted set, by place in `ids`. */
export type Step = { ids: string[]; scores: number[]; next: string | null };
export type Walk = { queue: string; state: JobState; cursor: string | undefined; count: number; order: "newest" | "oldest" };

type Taken = { ids: string[]; scores: number[]; next: Place | null };

async function stepOfSet(desk: BullDesk, { key, place }: At, wanted: Walk): Promise<Taken> {
  const found = await desk.redis.seaworthyPage(key, place[1], place[2], wanted.count, wanted.order === "newest" ? "desc" : "asc");
  const ids = found.filter((_value, index) => index % 2 === 0);
  const scores = found.filter((_value, index) => index % 2 === 1).map(Number);
  const isLast = ids.length < wanted.count;
  return { ids, scores, next: isLast ? null : [place[0], found.at(-1) ?? "", ids.at(-1) ?? "", 0] };
}

/**
 * Lists grow at their head and are worked off at their tail. The next step begins with a job that was seen but not given
 * out, so acting on what was given out moves nothing; when that job is gone too, its old index serves.
 */
async function stepOfList(desk: BullDesk, { key, place }: At, wanted: Walk): Promise<Taken> {
  const isNewest = wanted.order === "newest";
  let start = place[3];
  if (place[2] !== "") {
    const at = await desk.redis.lpos(key, place[2]);
    if (at !== null) start = isNewest ? at : (await desk.redis.llen(key)) - 1 - at;
    else if (!isNewest) start = Math.max(0, start - wanted.count);
  }
  const range = isNewest ? await desk.redis.lrange(key, start, start + wanted.count) : (await desk.redis.lrange(key, -(start + wanted.count) - 1, -1 - start)).toReversed();
  const anchor = range[wanted.count];
  return { ids: range.slice(0, wanted.count), scores: [], next: anchor === undefined ? null : [place[0], "", anchor, start + wanted.count] };
}

/** The next ids of a state. Throws `invalid` for a cursor of another list. */
export async function step(desk: BullDesk, wanted: Walk): Promise<Step> {
  const parts = PARTS[wanted.state];
  let place: Place | null = decodeCursor(wanted.cursor, Cursor) ?? START;
  const ids: string[] = [];
  const scores: number[] = [];
  while (place && ids.length < wanted.count) {
    const part: Part | undefined = parts[place[0]];
    if (!part) return { ids, scores, next: null };
    const key = `${baseOf(desk, wanted.queue)}${part.key}`;
    const rest = { ...wanted, count: wanted.count - ids.length };
    const found: Taken = part.kind === "list" ? await stepOfList(desk, { key, place }, rest) : await stepOfSet(desk, { key, place }, rest);
    ids.push(...found.ids);
    scores.push(...found.scores);
    place = found.next ?? [place[0] + 1, "", "", 0];
  }
  return { ids, scores, next: place && place[0] < parts.length ? encodeCursor(place) : null };
}

/** How many jobs are in a state. */
export async function countState(desk: BullDesk, queue: string, state: JobState): Promise<number> {
  const counts = await Promise.all(PARTS[state].map(({ key, kind }) => (kind === "list" ? desk.redis.llen(`${baseOf(desk, queue)}${key}`) : desk.redis.zcard(`${baseOf(desk, queue)}${key}`))));
  return counts.reduce((sum, count) => sum + count, 0);
}
