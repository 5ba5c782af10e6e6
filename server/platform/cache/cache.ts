/**
 * Answers that are asked for often and change rarely, kept for five minutes: in Redis when REDIS_URL is set, else in this
 * process. A group is dropped when what it is made of changes, in the change's own transaction, and every process hears
 * of it; a process that cannot hear keeps nothing. An answer that was being made while its group was dropped is not kept.
 * A cache that fails is a miss (SRV-054): nobody sees it.
 */
import superjson from "superjson";
import { monotonicMs, SECOND_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import { countLookup } from "./figures.ts";
import { memoryCache } from "./memory.ts";
import type { SharedCache } from "./shared.ts";

/** C40. */
export const TTL_MS = 300 * SECOND_MS;
export const MAX_ITEMS = 1_000;

/** The channel on which drops are told, and the word for every group. */
export const CACHE_CHANNEL = "seaworthy_cache";
const EVERYTHING = "*";

export type CacheFacts = {
  /** Where answers are kept; `off` in a process that does not hear of changes. */
  layer: "redis" | "memory" | "off";
  /** Answers in this process; null when Redis has them. */
  items: number | null;
  hits: number;
  misses: number;
};

export type Cache = {
  /** The kept answer, else what `load` makes, which is then kept. Rejects only as `load` does. */
  through: <T>(group: string, key: string, load: () => Promise<T>) => Promise<T>;
  /** Forgets a group now, in this process and in Redis; `*` forgets all. Returns how many this process had. */
  drop: (group: string) => Promise<number>;
  /** True while this process hears when something is dropped; false forgets everything. */
  setHearing: (isHearing: boolean) => void;
  facts: () => CacheFacts;
  close: () => Promise<void>;
};

export type CacheOptions = { shared?: SharedCache; ttlMs?: number; maxItems?: number; clock?: () => number };

const prefixOf = (group: string) => (group === EVERYTHING ? "" : `${group}\n`);

export function createCache(options: CacheOptions = {}): Cache {
  const { shared, ttlMs = TTL_MS, maxItems = MAX_ITEMS, clock = monotonicMs } = options;
  const memory = memoryCache({ ttlMs, maxItems, clock });
  const drops = new Map<string, number>();
  let isHearing = false;
  let hits = 0;
  let misses = 0;

  /** Changes whenever a drop made answers of the group old. */
  const stampOf = (group: string) => `${drops.get(EVERYTHING) ?? 0}/${drops.get(group) ?? 0}`;
  const find = async (group: string, key: string) => {
    if (!shared) return isHearing ? memory.get(prefixOf(group) + key) : null;
    const text = await shared.get(group, key);
    return text === null ? null : { value: superjson.parse(text) };
  };
  const seen = (group: string, isHit: boolean) => {
    if (isHit) hits += 1;
    else misses += 1;
    countLookup(group, isHit);
  };
  return {
    through: async <T>(group: string, key: string, load: () => Promise<T>) => {
      const found = await find(group, key);
      seen(group, found !== null);
      if (found) return found.value as T;
      const stamp = stampOf(group);
      const generation = await shared?.generation(group);
      const value = await load();
      if (stampOf(group) !== stamp) return value;
      if (shared) await shared.set({ group, key, generation: generation ?? null, text: superjson.stringify(value) });
      else if (isHearing) memory.set(prefixOf(group) + key, value);
      return value;
    },
    drop: async (group) => {
      drops.set(group, (drops.get(group) ?? 0) + 1);
      await shared?.drop(group);
      return memory.drop(prefixOf(group));
    },
    setHearing: (next) => {
      isHearing = next;
      if (!next) memory.drop("");
    },
    facts: () => ({ layer: shared ? "redis" : isHearing ? "memory" : "off", items: shared ? null : memory.size, hits, misses }),
    close: () => shared?.close() ?? Promise.resolve(),
  };
}

/** Inside a transaction that changes what `group` is made of: when it commits, every process drops the group. */
export async function invalidate(ctx: Context, group: string): Promise<void> {
  await ctx.db.$executeRaw`SELECT pg_notify(${CACHE_CHANNEL}, ${group})`;
}
