/** RabbitMQ's management plugin over the guarded client: what queues there are and how they stand. */
import { MINUTE_MS, monotonicMs } from "../../../platform/clock.ts";
import type { Context } from "../../../platform/context.ts";
import { AppError } from "../../../platform/errors.ts";
import type { ConfigOf } from "../../schema/index.ts";
import { virtualHostOf } from "../../connection-secrets.ts";
import { STEP_MS } from "../trail.ts";
import type { Topology } from "./topology.ts";

/** A thousand queues with their figures are about a megabyte. */
const MAX_BODY_BYTES = 32 * 1_048_576;
/** How queues dead-letter to each other changes rarely. */
const TOPOLOGY_MS = MINUTE_MS;

type Stats = { publish?: number; ack?: number; deliver_no_ack?: number; get_no_ack?: number };
export type RawQueue = {
  name: string;
  type?: string;
  state?: string;
  durable?: boolean;
  messages_ready?: number;
  messages_unacknowledged?: number;
  consumers?: number;
  head_message_timestamp?: number | null;
  arguments?: Record<string, unknown>;
  effective_policy_definition?: Record<string, unknown>;
  message_stats?: Stats;
};
export type RawBinding = { source: string; destination: string; destination_type: string };
export type RawConsumer = { consumer_tag: string; active?: boolean; queue: { name: string }; channel_details?: { peer_host?: string; connection_name?: string; user?: string } };

const COLUMNS = "name,type,state,durable,messages_ready,messages_unacknowledged,consumers,head_message_timestamp,arguments,effective_policy_definition,message_stats";

export type Management = {
  get: <T>(ctx: Context, path: string) => Promise<T>;
  queues: (ctx: Context) => Promise<RawQueue[]>;
  queue: (ctx: Context, name: string) => Promise<RawQueue | null>;
  bindings: (ctx: Context) => Promise<RawBinding[]>;
  consumers: (ctx: Context, queue: string) => Promise<RawConsumer[]>;
};

function credentials(config: ConfigOf<"rabbitmq">): string {
  const own = new URL(config.managementUrl);
  const from = own.username ? own : new URL(config.url);
  const text = `${decodeURIComponent(from.username) || "guest"}:${from.username || from.password ? decodeURIComponent(from.password) : "guest"}`;
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

function problemOf(status: number, path: string): AppError {
  if (status === 401) return new AppError("unavailable", "the management plugin refused the name or password");
  if (status === 403) return new AppError("unavailable", "the user may not look there: it needs the tag monitoring");
  if (status === 404) return new AppError("not_found", "RabbitMQ knows no such queue or virtual host.");
  return new AppError("unavailable", `the management plugin answered ${status} to ${path.split("?")[0]}`);
}

/** Asks the plugin; every call has its own deadline. Throws `unavailable`, or `not_found` for 404. */
export function managementOf(config: ConfigOf<"rabbitmq">): Management {
  const base = new URL(config.managementUrl);
  [base.username, base.password, base.search, base.hash] = ["", "", "", ""];
  const root = base.href.replace(/\/+$/, "").replace(/\/api$/, "");
  const authorization = credentials(config);
  const host = encodeURIComponent(virtualHostOf(config.url));
  const get = async <T>(ctx: Context, path: string): Promise<T> => {
    const answer = await ctx.http.request({ url: `${root}/api${path}`, headers: { authorization, accept: "application/json" }, timeoutMs: STEP_MS, maxBodyBytes: MAX_BODY_BYTES });
    if (answer.status !== 200) throw problemOf(answer.status, path);
    if (answer.isTruncated) throw new AppError("unavailable", `the management plugin's answer to ${path.split("?")[0]} is longer than 32 MiB`);
    return JSON.parse(Buffer.from(answer.body).toString()) as T;
  };
  return {
    get,
    queues: (ctx) => get<RawQueue[]>(ctx, `/queues/${host}?columns=${COLUMNS}`),
    queue: async (ctx, name) => {
      try {
        return await get<RawQueue>(ctx, `/queues/${host}/${encodeURIComponent(name)}`);
      } catch (error) {
        if (error instanceof AppError && error.code === "not_found") return null;
        throw error;
      }
    },
    bindings: (ctx) => get<RawBinding[]>(ctx, `/bindings/${host}`),
    consumers: async (ctx, queue) => (await get<RawConsumer[]>(ctx, `/consumers/${host}`)).filter((consumer) => consumer.queue.name === queue),
  };
}

/** Keeps what was worked out for a minute, unless it is asked for a queue that was made since. */
export function keptTopology(read: (ctx: Context) => Promise<Topology>): (ctx: Context, names: readonly string[]) => Promise<Topology> {
  let kept: { topology: Topology; atMs: number } | null = null;
  return async (ctx, names) => {
    const known = kept;
    if (known && monotonicMs() - known.atMs < TOPOLOGY_MS && names.every((name) => known.topology.has(name))) return known.topology;
    const topology = await read(ctx);
    kept = { topology, atMs: monotonicMs() };
    return topology;
  };
}
