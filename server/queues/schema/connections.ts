import * as z from "zod";
import { Abilities } from "./operations.ts";

export const CONNECTION_KINDS = ["own", "pgboss", "bullmq", "rabbitmq"] as const;
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

const TEXT_MAX = 2_000;
const NAME_MAX = 60;
const address = (protocol: RegExp, message: string) => z.url({ protocol, message }).max(TEXT_MAX);

/** Each kind's settings. Passwords inside addresses are secrets: encrypted at rest, masked when shown. */
export const ConnectionConfig = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("pgboss"),
    url: address(/^postgres(ql)?$/, "Must be a postgresql:// address").describe("The database that holds pg-boss's tables."),
    schema: z.string().trim().min(1).max(63).regex(/^[^"]+$/, "Must not contain quotes").default("pgboss"),
  }),
  z.object({
    kind: z.literal("bullmq"),
    url: address(/^rediss?$/, "Must be a redis:// or rediss:// address"),
    prefix: z.string().trim().min(1).max(120).default("bull").describe("The prefix of the keys, as the queues were given it."),
  }),
  z.object({
    kind: z.literal("rabbitmq"),
    url: address(/^amqps?$/, "Must be an amqp:// or amqps:// address").describe("Ends with the virtual host; `/` when absent."),
    managementUrl: address(/^https?$/, "Must be an http or https address").describe("The management plugin. Signs in with the name and password of the AMQP address when it has none."),
  }),
]);
export type ConnectionConfig = z.infer<typeof ConnectionConfig>;
export type ConfigOf<Kind extends ConnectionConfig["kind"]> = Extract<ConnectionConfig, { kind: Kind }>;

export const TRIAL_STEPS = ["name", "reach", "signIn", "version", "rights", "found"] as const;
export const TrialStep = z.enum(TRIAL_STEPS);
export type TrialStep = z.infer<typeof TrialStep>;

/** One step towards a system and how it ended. */
export const TriedStep = z.object({ step: TrialStep, isOk: z.boolean(), detail: z.string() });
export type TriedStep = z.infer<typeof TriedStep>;

export const Diagnosis = z.object({ isOk: z.boolean(), tried: z.array(TriedStep), problem: z.string().nullable() });
export type Diagnosis = z.infer<typeof Diagnosis>;

export const CONNECTION_STATES = ["up", "down", "unknown"] as const;
export const ConnectionState = z.enum(CONNECTION_STATES);
export type ConnectionState = z.infer<typeof ConnectionState>;

export const Connection = z.object({
  id: z.string(),
  kind: ConnectionKind,
  name: z.string(),
  /** Secrets masked; null for the own connection. */
  config: ConnectionConfig.nullable(),
  /** One line without secrets. */
  target: z.string(),
  revision: z.number().int(),
  state: ConnectionState,
  stateSince: z.date(),
  /** What went wrong at the last try. */
  problem: z.string().nullable(),
  tried: z.array(TriedStep),
  /** Product and version found there. */
  found: z.string().nullable(),
  lastReadAt: z.date().nullable(),
  nextReadAt: z.date(),
  queues: z.number().int(),
  can: Abilities,
  createdAt: z.date(),
});
export type Connection = z.infer<typeof Connection>;
export const ConnectionList = z.object({ items: z.array(Connection), nextCursor: z.string().nullable() });
export type ConnectionList = z.infer<typeof ConnectionList>;

export const ByConnection = z.object({ id: ConnectionId });

const name = z.string().trim().min(1, "Give the connection a name").max(NAME_MAX);
export const AddConnection = z.object({ name, config: ConnectionConfig });
export type AddConnection = z.infer<typeof AddConnection>;

export const UpdateConnection = ByConnection.extend({
  revision: z.number().int().min(1).describe("The revision that was edited; another one is refused."),
  name: name.optional(),
  config: ConnectionConfig.optional().describe("Masked passwords that come back unchanged are kept while they lead to the same server."),
});
export type UpdateConnection = z.infer<typeof UpdateConnection>;

export const TestConnection = z.object({ config: ConnectionConfig, id: ConnectionId.optional().describe("An existing connection whose masked passwords are to be used.") });
export type TestConnection = z.infer<typeof TestConnection>;
