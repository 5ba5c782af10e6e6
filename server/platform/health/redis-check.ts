/** Redis, when configured: write a key and read it back. */
import type { Redis } from "ioredis";
import { config } from "../config.ts";
import { loadRedis } from "../redis/connection.ts";
import { CHECK_TIMEOUT_MS, type Check } from "./run-check.ts";

const KEY = "health-check";
const KEY_SECONDS = 10;

const holder = globalThis as { seaworthyHealthRedis?: Redis };

function connection(url: string): Redis {
  if (!holder.seaworthyHealthRedis) {
    const redis = new (loadRedis().Redis)(url, { lazyConnect: true, connectTimeout: CHECK_TIMEOUT_MS, commandTimeout: CHECK_TIMEOUT_MS, maxRetriesPerRequest: 0, enableOfflineQueue: true });
    // Without a listener a lost connection would end the process; the check itself reports it.
    redis.on("error", () => undefined);
    holder.seaworthyHealthRedis = redis;
  }
  return holder.seaworthyHealthRedis;
}

/** The check, or null when no Redis is configured. */
export function redisCheck(): Check | null {
  const url = config().REDIS_URL;
  if (!url) return null;
  return async () => {
    const value = String(process.hrtime.bigint());
    const redis = connection(url);
    await redis.set(KEY, value, "EX", KEY_SECONDS);
    const read = await redis.get(KEY);
    return read === null ? { status: "degraded", error: "Redis took a value and gave none back." } : { status: "up" };
  };
}
