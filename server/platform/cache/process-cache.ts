/** The process's cache, one for all bundles, and what a web process hears of drops by others. */
import type { PulseOptions } from "../breaker/pulse.ts";
import { config } from "../config.ts";
import { logger } from "../logger.ts";
import { openRedis } from "../redis/connection.ts";
import { CACHE_CHANNEL, createCache, TTL_MS, type Cache } from "./cache.ts";
import { sharedCache } from "./shared.ts";

const holder = globalThis as { seaworthyCache?: Cache };

function openCache(): Cache {
  const url = config().REDIS_URL;
  if (!url) return createCache();
  const log = logger().child({ part: "cache" });
  const connection = openRedis({ url, name: "cache", log });
  return createCache({ shared: sharedCache({ redis: connection.redis, ttlMs: TTL_MS, log, close: connection.close }) });
}

/** The process's cache, opened on first use. */
export function cache(): Cache {
  holder.seaworthyCache ??= openCache();
  return holder.seaworthyCache;
}

/** For the pulse's connection: drops that others tell, and silence while it is lost. */
export const cacheListener: NonNullable<PulseOptions["listen"]> = {
  channel: CACHE_CHANNEL,
  onMessage: (group) => void cache().drop(group),
  onConnect: () => cache().setHearing(true),
  onLoss: () => cache().setHearing(false),
};
