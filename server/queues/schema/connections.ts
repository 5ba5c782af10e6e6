import * as z from "zod";

export const CONNECTION_KINDS = ["own"] as const;
export const ConnectionKind = z.enum(CONNECTION_KINDS);
export type ConnectionKind = z.infer<typeof ConnectionKind>;

/** The console's own queue: always there, never removed. */
export const OWN_CONNECTION = "own";

const ID_MAX = 40;
/** A short word made from the name. It stands in addresses and figures and does not change. */
export const ConnectionId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Use lower-case letters, digits and single dashes")
  .max(ID_MAX);

/** Systems name queues as they like: slashes, spaces and emoji included. */
const QUEUE_NAME_MAX = 255;
export const QueueName = z.string().min(1).max(QUEUE_NAME_MAX);

/** Names one queue everywhere: in calls, in addresses (`/queues/<connection>/<queue>`) and in figures. */
export const QueueRef = z.object({ connection: ConnectionId, queue: QueueName });
export type QueueRef = z.infer<typeof QueueRef>;
