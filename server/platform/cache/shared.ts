/**
 * The cache in Redis. Each group has a generation in its keys; dropping a group moves it to the next one, so that what a
 * slow process still writes for the old one is never read. Behind a breaker of its own and with a short time limit:
 * whatever Redis does, callers lose at most a tenth of a second, once.
 */
import type { Redis } from "ioredis";
import { createBreaker } from "../breaker/breaker.ts";
import { DEFAULT_POLICY } from "../breaker/circuit.ts";
import { ownCircuits } from "../breaker/store.ts";
import { SECOND_MS } from "../clock.ts";
import type { Logger } from "../logger.ts";

const PREFIX = "seaworthy:cache";
/** An answer from PostgreSQL is about as fast; waiting longer for a shortcut is none. */
const PATIENCE_MS = 100;
/** One failure is enough: the next caller should not wait for a cache either. */
const POLICY = { ...DEFAULT_POLICY, inARow: 1, openMs: 5 * SECOND_MS, leaseMs: SECOND_MS };
const EVERYTHING = "*";

export type SharedCache = {
  get: (group: string, key: string) => Promise<string | null>;
  /** Ask before the answer is made; null when it cannot be known, and then nothing is kept. */
  generation: (group: string) => Promise<string | null>;
  set: (item: { group: string; key: string; generation: string | null; text: string }) => Promise<void>;
  drop: (group: string) => Promise<void>;
  close: () => Promise<void>;
};

export type SharedCacheOptions = { redis: Redis; ttlMs: number; log: Logger; close: () => Promise<void> };

export function sharedCache({ redis, ttlMs, log, close }: SharedCacheOptions): SharedCache {
  const breaker = createBreaker({ name: "redis:cache", store: ownCircuits(), policy: POLICY });

  /** What `work` resolves to, in time; null when Redis fails, is slow or rests. */
  const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    });
    late.catch(() => undefined);
    try {
      return await breaker.run(() => Promise.race([work(), late]));
    } catch (error) {
      // A cache that fails is a miss; the breaker counts it.
      log.debug({ err: error }, "the cache in Redis did not answer");
      return null;
    } finally {
      clearTimeout(timer);
    }
  };
  const generations = async (group: string) => (await redis.mget(`${PREFIX}:${EVERYTHING}`, `${PREFIX}:${group}`)).map((value) => value ?? "0").join(".");
  const keyOf = (group: string, generation: string, key: string) => `${PREFIX}:${group}:${generation}:${key}`;
  return {
    generation: (group) => attempt(() => generations(group)),
    get: (group, key) => attempt(async () => redis.get(keyOf(group, await generations(group), key))),
    set: async ({ group, key, generation, text }) => {
      if (generation !== null) await attempt(() => redis.set(keyOf(group, generation, key), text, "PX", ttlMs));
    },
    drop: async (group) => {
      await attempt(() => redis.incr(`${PREFIX}:${group}`));
    },
    close,
  };
}
