import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCache } from "./cache.ts";
import { memoryCache } from "./memory.ts";
import type { SharedCache } from "./shared.ts";

function scene(options: { maxItems?: number } = {}) {
  let at = 0;
  const cache = createCache({ ...options, clock: () => at });
  cache.setHearing(true);
  let loads = 0;
  const load = (value: unknown) => async () => {
    loads += 1;
    return value;
  };
  return { cache, load, loads: () => loads, pass: (ms: number) => (at += ms) };
}

describe("in the process", () => {
  test("makes an answer once in 300 s (C40)", async () => {
    const { cache, load, loads, pass } = scene();
    expect(await cache.through("g", "k", load({ n: 1 }))).toEqual({ n: 1 });
    pass(299_999);
    expect(await cache.through("g", "k", load({ n: 2 }))).toEqual({ n: 1 });
    pass(1);
    expect(await cache.through("g", "k", load({ n: 3 }))).toEqual({ n: 3 });
    expect([loads(), cache.facts()]).toEqual([2, { layer: "memory", items: 1, hits: 1, misses: 2 }]);
  });

  test("keeps 1,000, the latest asked for (C40)", async () => {
    const { cache, load } = scene();
    for (let n = 0; n < 1_000; n++) await cache.through("g", `k${n}`, load(n));
    await cache.through("g", "k0", load("again"));
    await cache.through("g", "k1000", load(1_000));
    expect(cache.facts().items).toBe(1_000);
    expect(await cache.through("g", "k0", load("made again"))).toBe(0);
    expect(await cache.through("g", "k1", load("made again"))).toBe("made again");
  });

  test("drops a group and no other; `*` drops all", async () => {
    const { cache, load } = scene();
    for (const group of ["a", "ab", "b"]) await cache.through(group, "k", load(group));
    expect(await cache.drop("a")).toBe(1);
    expect(await cache.through("ab", "k", load("new"))).toBe("ab");
    expect(await cache.through("a", "k", load("new"))).toBe("new");
    expect(await cache.drop("*")).toBe(3);
  });

  test("an answer that was being made during a drop is given, not kept", async () => {
    const { cache, load } = scene();
    for (const dropped of ["g", "*"]) {
      const gate = Promise.withResolvers<string>();
      const running = cache.through("g", "k", () => gate.promise);
      await Promise.resolve();
      await cache.drop(dropped);
      gate.resolve("old");
      expect(await running).toBe("old");
      expect(await cache.through("g", "k", load("new"))).toBe("new");
      await cache.drop("*");
    }
  });

  test("a process that does not hear of drops keeps nothing", async () => {
    const { cache, load, loads } = scene();
    await cache.through("g", "k", load(1));
    cache.setHearing(false);
    await cache.through("g", "k", load(2));
    await cache.through("g", "k", load(3));
    expect([loads(), cache.facts().layer]).toEqual([3, "off"]);
  });

  test("what fails to be made fails, and is tried again", async () => {
    const { cache, load } = scene();
    await expect(cache.through("g", "k", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await cache.through("g", "k", load(1))).toBe(1);
  });
});

describe("with a shared store", () => {
  const broken: SharedCache = {
    get: () => Promise.resolve(null),
    generation: () => Promise.resolve(null),
    set: () => Promise.resolve(),
    drop: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };

  test("that never answers, everything is a miss and nothing an error (SRV-054)", async () => {
    const cache = createCache({ shared: broken });
    expect(await cache.through("g", "k", async () => 1)).toBe(1);
    expect(await cache.through("g", "k", async () => 2)).toBe(2);
    expect(cache.facts()).toEqual({ layer: "redis", items: null, hits: 0, misses: 2 });
  });
});

test("never contradicts what was last stored, whatever the order (PDF-033)", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), key: fc.constantFrom("a", "b", "c"), value: fc.integer() }),
    fc.record({ kind: fc.constant("drop" as const), key: fc.constantFrom("a", "b", "c"), value: fc.constant(0) }),
    fc.record({ kind: fc.constant("pass" as const), key: fc.constant("a"), value: fc.integer({ min: 0, max: 200 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      let at = 0;
      const truth = new Map<string, number>();
      const memory = memoryCache({ ttlMs: 100, maxItems: 2, clock: () => at });
      for (const { kind, key, value } of steps) {
        if (kind === "pass") at += value;
        if (kind === "drop") memory.drop(key);
        if (kind === "set") {
          truth.set(key, value);
          memory.set(key, value);
        }
        for (const name of ["a", "b", "c"]) {
          const found = memory.get(name) ?? { value: truth.get(name) };
          expect(found.value).toBe(truth.get(name));
        }
        expect(memory.size).toBeLessThanOrEqual(2);
      }
    }),
  );
});
