/** Answers in this process: at most `maxItems`, each for `ttlMs`; the one not asked for longest goes first. */

export type MemoryCache = {
  get: (key: string) => { value: unknown } | null;
  set: (key: string, value: unknown) => void;
  /** Forgets every key that begins so; returns how many. */
  drop: (prefix: string) => number;
  readonly size: number;
};

export function memoryCache(options: { ttlMs: number; maxItems: number; clock: () => number }): MemoryCache {
  const { ttlMs, maxItems, clock } = options;
  const items = new Map<string, { value: unknown; until: number }>();
  return {
    get: (key) => {
      const found = items.get(key);
      if (!found) return null;
      items.delete(key);
      if (clock() >= found.until) return null;
      items.set(key, found);
      return { value: found.value };
    },
    set: (key, value) => {
      items.delete(key);
      items.set(key, { value, until: clock() + ttlMs });
      for (const oldest of items.keys()) {
        if (items.size <= maxItems) break;
        items.delete(oldest);
      }
    },
    drop: (prefix) => {
      let dropped = 0;
      for (const key of items.keys()) if (key.startsWith(prefix) && items.delete(key)) dropped += 1;
      return dropped;
    },
    get size() {
      return items.size;
    },
  };
}
