/**
 * Limits that processes share: @upstash/ratelimit over plain Redis (REDIS_URL) or over Upstash (UPSTASH_*). Without
 * either there is no shared store and each process counts for itself. The window's edge comes from each process's
 * clock, as the library has it, so machines should keep time.
 */
import { createRequire } from "node:module";
import { Ratelimit } from "@upstash/ratelimit";
import type { Redis as UpstashRedis } from "@upstash/redis";
import type { Config } from "../config.ts";
import { logger } from "../logger.ts";
import { openRedis } from "../redis/connection.ts";
import { upstashCommands, type UpstashCommands } from "../redis/upstash-commands.ts";
import { createGate, STORE_TIMEOUT_MS } from "./gate.ts";
import type { SharedStore } from "./limiter.ts";
import type { OpenWindow } from "./memory.ts";

const KEY_PREFIX = "seaworthy:limit";

/**
 * Windows in a Redis that speaks Upstash's commands: the library's algorithm and scripts, without the class around them,
 * all of whose additions are off here. Its time limit is the gate's work, its cache of refused callers grows without
 * bounds and forgets that figures change, and deny lists and analytics are not ours.
 */
export function redisWindows(redis: UpstashCommands, keyPrefix = KEY_PREFIX): OpenWindow {
  const store = { redis: redis as UpstashRedis, prefix: keyPrefix };
  return ({ name, max, windowMs }) => {
    const algorithm = Ratelimit.slidingWindow(max, `${windowMs} ms`)();
    const keyOf = (caller: string): string => `${keyPrefix}:${name}:${caller}`;
    return {
      // At the window's end a full one still weighs; one more call fits when the first share of it has left.
      limit: (caller, request) =>
        algorithm.limit(store, keyOf(caller), request?.rate).then((answer) => (answer.success ? answer : { ...answer, reset: answer.reset + Math.ceil(windowMs / max) })),
      getRemaining: (caller) => algorithm.getRemaining(store, keyOf(caller)),
    };
  };
}

type Address = Pick<Config, "REDIS_URL" | "UPSTASH_REDIS_REST_URL" | "UPSTASH_REDIS_REST_TOKEN">;

/** Opens the store that the environment names; undefined when it names none. */
export function openShared(values: Address): SharedStore | undefined {
  const log = logger().child({ part: "limiter" });
  if (values.REDIS_URL) {
    const connection = openRedis({ url: values.REDIS_URL, name: "limits", log });
    const { redis } = connection;
    const gate = createGate({ isReady: () => redis.status === "ready", ping: () => redis.ping(), onSilence: connection.renew, log });
    return {
      open: redisWindows(upstashCommands(redis)),
      gate,
      close: () => {
        gate.close();
        return connection.close();
      },
    };
  }
  if (!values.UPSTASH_REDIS_REST_URL) return undefined;
  // Loaded where it is configured, for the memory of those who have no use for it.
  const { Redis } = createRequire(import.meta.url)("@upstash/redis") as typeof import("@upstash/redis");
  const redis = new Redis({
    url: values.UPSTASH_REDIS_REST_URL,
    token: values.UPSTASH_REDIS_REST_TOKEN ?? "",
    retry: false,
    enableTelemetry: false,
    // A request that nobody waits for any more is not kept open.
    signal: () => AbortSignal.timeout(2 * STORE_TIMEOUT_MS),
  });
  const gate = createGate({ isReady: () => true, ping: () => redis.ping(), log });
  return {
    open: redisWindows(redis),
    gate,
    close: () => {
      gate.close();
      return Promise.resolve();
    },
  };
}
