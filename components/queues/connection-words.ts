/** Connections in words. Pure. */
import type { ConnectionKind, ConnectionState, TrialStep } from "../../server/queues/schema/index.ts";
import type { State } from "../data/status.tsx";

export const KIND_WORDS: Record<ConnectionKind, string> = { own: "Own queue", pgboss: "pg-boss", bullmq: "BullMQ", rabbitmq: "RabbitMQ" };

export const CONNECTION_WORDS: Record<ConnectionState, { word: string; state: State }> = {
  up: { word: "Connected", state: "ok" },
  down: { word: "Does not answer", state: "fail" },
  unknown: { word: "Not tried yet", state: "unknown" },
};

export const STEP_WORDS: Record<TrialStep, string> = {
  name: "Find the server's address",
  reach: "Reach the server",
  signIn: "Sign in",
  version: "Check the version",
  rights: "Check the rights",
  found: "Read the queues",
};
