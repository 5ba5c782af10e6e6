/** Messages as jobs. A message has no id of its own, so it is named by a fingerprint of all that does not change. Pure. */
import { createHash } from "node:crypto";
import type { GetMessage } from "amqplib";
import { showBytes } from "../../payload/show-bytes.ts";
import type { Attempt, Job, JobDetail, JobState, TimelineEntry } from "../../schema/index.ts";

/** Counts how often the console sent a message back. */
export const REDRIVES_HEADER = "x-seaworthy-redrives";

const FINGERPRINT_LENGTH = 32;

type Death = { queue: string; reason: string; count: number; at: Date | null };
type RawDeath = { queue?: unknown; reason?: unknown; count?: unknown; time?: { value?: unknown } | number };

const headersOf = (message: GetMessage): Record<string, unknown> => message.properties.headers ?? {};

/** Its deaths, the last one first: `x-death`, as the broker writes it (rabbitmq.com/docs/dlx#effects). */
export function deathsOf(message: GetMessage): Death[] {
  const raw = headersOf(message)["x-death"];
  if (!Array.isArray(raw)) return [];
  return (raw as RawDeath[]).map(({ queue, reason, count, time }) => {
    const seconds = typeof time === "number" ? time : typeof time?.value === "number" ? time.value : null;
    return { queue: String(queue), reason: String(reason), count: Number(count ?? 1), at: seconds === null ? null : new Date(seconds * 1_000) };
  });
}

/** The queue where it first died; null when it never did. */
export function originOf(message: GetMessage): string | null {
  const first = headersOf(message)["x-first-death-queue"];
  return typeof first === "string" ? first : (deathsOf(message).at(-1)?.queue ?? null);
}

export const redrivesOf = (message: GetMessage): number => Number(headersOf(message)[REDRIVES_HEADER] ?? 0) || 0;

/** How often it was delivered and given back, where the queue counts. */
export const deliveriesOf = (message: GetMessage): number => Number(headersOf(message)["x-delivery-count"] ?? 0) || 0;

/** The same for the same message however often it is looked at; two messages alike in everything share it. */
export function fingerprint(message: GetMessage): string {
  const { "x-delivery-count": _deliveries, "x-acquired-count": _acquired, ...headers } = headersOf(message);
  const { messageId, timestamp, correlationId, type, appId } = message.properties;
  const facts = JSON.stringify([message.fields.exchange, message.fields.routingKey, messageId, timestamp, correlationId, type, appId, headers]);
  return createHash("sha256").update(facts).update(message.content).digest("hex").slice(0, FINGERPRINT_LENGTH);
}

const REASONS: Record<string, string> = {
  rejected: "A consumer rejected it.",
  expired: "It waited longer than it may.",
  maxlen: "The queue was full.",
  delivery_limit: "It was delivered too often without being done.",
};
const reasonOf = ({ reason, queue }: Death) => `${REASONS[reason] ?? `It died: ${reason}.`.slice(0, 200)} (${queue})`;

const sentAt = (message: GetMessage): Date | null => (typeof message.properties.timestamp === "number" ? new Date(message.properties.timestamp * 1_000) : null);

/** What is told of a message in lists. */
export function toJob(queue: string, state: JobState, message: GetMessage): Omit<Job, "connection"> {
  const { properties, fields } = message;
  const [death] = deathsOf(message);
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
  return {
    id: fingerprint(message),
    queue,
    name: text(properties.type) ?? (fields.routingKey || queue),
    state,
    priority: typeof properties.priority === "number" ? properties.priority : null,
    key: text(properties.messageId) ?? text(properties.correlationId),
    attempt: Math.max(1, deliveriesOf(message) + (death?.count ?? 0)),
    maxAttempts: null,
    createdAt: sentAt(message),
    startAfter: null,
    startedAt: null,
    finishedAt: state === "dead" ? (death?.at ?? null) : null,
    durationMs: null,
    error: death ? reasonOf(death) : null,
  };
}

function attemptsOf(message: GetMessage): Attempt[] {
  return deathsOf(message).map((death) => ({ number: death.count, startedAt: null, endedAt: death.at, error: reasonOf(death), cause: null, stack: null, worker: null }));
}

function timelineOf(message: GetMessage): TimelineEntry[] {
  const sent = sentAt(message);
  const deaths = deathsOf(message).flatMap(({ at, queue }) => (at ? [{ at, what: `Became a dead letter of ${queue}` }] : []));
  return [...(sent ? [{ at: sent, what: "Sent" }] : []), ...deaths].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Everything that is told of a message. */
export function toDetail(queue: string, state: JobState, message: GetMessage): Omit<JobDetail, "connection"> {
  const { properties, fields } = message;
  const named = { exchange: fields.exchange || "(default)", "routing key": fields.routingKey, "content type": properties.contentType, encoding: properties.contentEncoding, "message id": properties.messageId, "correlation id": properties.correlationId, "reply to": properties.replyTo, expiration: properties.expiration, app: properties.appId, redelivered: fields.redelivered };
  const headers = Object.entries(headersOf(message)).filter(([name]) => name !== "x-death");
  const facts = [...Object.entries(named), ...headers].filter(([, value]) => value !== undefined && value !== null && value !== "");
  return {
    ...toJob(queue, state, message),
    data: showBytes(message.content),
    options: facts.map(([label, value]) => ({ label, value: typeof value === "string" ? value : JSON.stringify(value) })),
    attempts: attemptsOf(message),
    attemptsNote: "RabbitMQ tells why a message died, not what the consumer said.",
    timeline: timelineOf(message),
    logs: [],
    heartbeatAt: null,
    sourceQueue: originOf(message),
    redrives: redrivesOf(message),
    relatedId: null,
  };
}
