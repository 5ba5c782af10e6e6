/** Every kind of queue system the console can reach: one exhaustive map. */
import type { ConnectionKind } from "../schema/index.ts";
import type { Adapter } from "./adapter.ts";
import { bullmqAdapter } from "./bullmq/bullmq.ts";
import { ownAdapter } from "./own/own.ts";
import { pgbossAdapter } from "./pgboss/pgboss.ts";
import { rabbitmqAdapter } from "./rabbitmq/rabbitmq.ts";

export const ADAPTERS: Record<ConnectionKind, Adapter> = {
  own: ownAdapter,
  pgboss: pgbossAdapter,
  bullmq: bullmqAdapter,
  rabbitmq: rabbitmqAdapter,
};
