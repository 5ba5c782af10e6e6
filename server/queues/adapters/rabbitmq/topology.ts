/**
 * Which queues hold dead letters and which hold messages that wait for a time. RabbitMQ does not say so; it follows from
 * where queues dead-letter to. A queue with a message time-out and no consumer is a waiting room: what it dead-letters
 * goes on, it did not die. A queue that others dead-letter into, and that itself dead-letters nowhere, holds dead letters.
 * Source: rabbitmq.com/docs/dlx. Pure.
 */
import type { JobState } from "../../schema/index.ts";
import type { RawBinding, RawQueue } from "./management.ts";

export type Role = "work" | "delay" | "dead";
export type Topology = Map<string, Role>;

const settingOf = (queue: RawQueue, name: string): unknown => queue.arguments?.[`x-${name}`] ?? queue.effective_policy_definition?.[name];
const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** The exchange a queue dead-letters to; null when it drops its dead letters. */
export const deadLetterExchange = (queue: RawQueue): string | null => textOf(settingOf(queue, "dead-letter-exchange"));

/** How often a quorum queue delivers a message before it dies; null without a limit. RabbitMQ 4 has one of 20 by default. */
export function deliveryLimit(queue: RawQueue, brokerVersion: string): number | null {
  if (queue.type !== "quorum") return null;
  const limit = settingOf(queue, "delivery-limit");
  if (typeof limit === "number") return limit < 0 ? null : limit;
  return Number(brokerVersion.split(".")[0]) >= 4 ? 20 : null;
}

const isWaitingRoom = (queue: RawQueue) => settingOf(queue, "message-ttl") !== undefined && deadLetterExchange(queue) !== null && (queue.consumers ?? 0) === 0;

/** Works out the role of each queue. */
export function topologyOf(queues: readonly RawQueue[], bindings: readonly RawBinding[]): Topology {
  const targets = new Set<string>();
  const bySource = Map.groupBy(bindings.filter((binding) => binding.destination_type === "queue"), (binding) => binding.source);
  for (const queue of queues) {
    const exchange = deadLetterExchange(queue);
    if (exchange === null || isWaitingRoom(queue)) continue;
    if (exchange === "") targets.add(textOf(settingOf(queue, "dead-letter-routing-key")) ?? queue.name);
    else for (const binding of bySource.get(exchange) ?? []) targets.add(binding.destination);
  }
  const roleOf = (queue: RawQueue): Role => (isWaitingRoom(queue) ? "delay" : targets.has(queue.name) && deadLetterExchange(queue) === null ? "dead" : "work");
  return new Map(queues.map((queue) => [queue.name, roleOf(queue)]));
}

/** The state of the messages that lie ready in a queue of a role. */
export const READY_STATE: Record<Role, JobState> = { work: "waiting", delay: "delayed", dead: "dead" };
