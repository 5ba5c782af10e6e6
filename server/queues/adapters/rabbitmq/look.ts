/**
 * Looking at messages. RabbitMQ has no way to look without taking: messages are taken from the head and put back in their
 * place, marked as redelivered. A quorum queue counts that and lets a message die when it was delivered too often, so
 * looking stops well before.
 */
import type { ChannelModel, GetMessage } from "amqplib";
import * as z from "zod";
import { AppError } from "../../../platform/errors.ts";
import { decodeCursor, encodeCursor } from "../../../platform/page.ts";
import type { Job, JobState } from "../../schema/index.ts";
import type { FoundIds, FoundJobs, JobQuery } from "../adapter.ts";
import { isEmptyFilter, matches } from "../matches.ts";
import { onChannel, takeMessages, type Bounds } from "./channel.ts";
import type { TakeLook } from "./kept-looks.ts";
import { deliveriesOf, fingerprint, toJob } from "./messages.ts";

/** What one look takes: enough for a page, little enough not to starve consumers. */
const LIST: Bounds = { most: 1_000, mostBytes: 32 * 1_048_576 };
const BULK: Bounds = { most: 10_000, mostBytes: 128 * 1_048_576 };
/** Deliveries that are left to consumers. */
const KEPT_DELIVERIES = 5;

/** What a look must know of the queue: the state of its ready messages, how many there are, and its delivery limit. */
export type Look = { state: JobState; total: number; limit: number | null; now: Date };

const NOTE = "RabbitMQ shows the head of a queue, oldest first. Looking takes messages and puts them back, so consumers see them as redelivered.";

/** Takes and puts back. Throws `precondition` when looking would let messages of a quorum queue die. */
export async function peek(model: ChannelModel, queue: string, bounds: Bounds & { deliveryLimit: number | null }): Promise<GetMessage[]> {
  const limit = bounds.deliveryLimit;
  return onChannel(model, async (channel) => {
    const isWorn = (message: GetMessage) => limit !== null && deliveriesOf(message) >= limit - KEPT_DELIVERIES;
    const taken = await takeMessages(channel, queue, { ...bounds, isEnough: isWorn });
    const worn = taken.some(isWorn);
    // In reverse, so that each finds its place again.
    for (const message of taken.toReversed()) channel.nack(message, false, true);
    if (worn && taken.length === 1) throw new AppError("precondition", `This quorum queue lets a message be delivered ${limit} times, and its first message is near that. Looking again could let it die, so it is not shown.`);
    return taken;
  });
}

const ListCursor = z.tuple([z.number().int().min(0).max(LIST.most)]);

/** A page from the head; `looked` tells how far a filter saw. */
export async function listMessages(look: TakeLook, query: JobQuery, facts: Look): Promise<FoundJobs> {
  const { queue, state, filter, limit } = query;
  if (state !== facts.state) return { items: [], nextCursor: null, scan: null };
  const [skip] = decodeCursor(query.cursor, ListCursor) ?? [0];
  const isOpen = isEmptyFilter(filter);
  // One more than the page tells that there is more; the count of the broker comes seconds later.
  const most = isOpen ? Math.min(LIST.most, skip + limit + 1) : LIST.most;
  const messages = await look(queue, { ...LIST, most, deliveryLimit: facts.limit, total: facts.total });
  const fit = messages.map((message) => ({ job: toJob(queue, state, message), message })).filter(({ job, message }) => isOpen || matches(filter, { job, data: message.content.toString() }, facts.now));
  const items = fit.slice(skip, skip + limit).map(({ job }) => job);
  const isMore = fit.length > skip + limit;
  return { items, nextCursor: isMore ? encodeCursor([skip + limit]) : null, scan: { looked: messages.length, total: facts.total, note: NOTE } };
}

const BulkCursor = z.tuple([z.number().int().min(0), z.string()]);

/** True for messages that died or were sent after `until`; who sends without a time is not found out. */
const isLate = ({ finishedAt, createdAt }: Pick<Job, "finishedAt" | "createdAt">, until: Date | undefined) => until !== undefined && (finishedAt ?? createdAt ?? until) > until;

/**
 * Ids from the head. What is acted on leaves, so the cursor counts only what did not fit the filter, and remembers the
 * last one given out in case it stayed.
 */
export async function findMessages(look: TakeLook, query: JobQuery, facts: Look): Promise<FoundIds> {
  const { queue, state, filter, limit, until } = query;
  if (state !== facts.state) return { ids: [], nextCursor: null, looked: 0 };
  const [skip, last] = decodeCursor(query.cursor, BulkCursor) ?? [0, ""];
  const most = Math.min(BULK.most, skip + limit * 2);
  const messages = (await look(queue, { ...BULK, most, deliveryLimit: facts.limit, total: facts.total })).slice(skip).map((message) => ({ id: fingerprint(message), message }));
  const stayed = last === "" ? -1 : messages.findIndex(({ id }) => id === last);
  const window = messages.slice(stayed + 1, stayed + 1 + limit);
  const fits = (message: GetMessage) => {
    const job = toJob(queue, state, message);
    return !isLate(job, until) && matches(filter, { job, data: message.content.toString() }, facts.now);
  };
  const ids = window.filter(({ message }) => fits(message)).map(({ id }) => id);
  const kept = skip + stayed + 1 + (window.length - ids.length);
  return { ids: [...new Set(ids)], nextCursor: window.length > 0 ? encodeCursor([kept, ids.at(-1) ?? ""]) : null, looked: window.length };
}
