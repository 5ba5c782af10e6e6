import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashApiKey, makeApiKey, matchesKeyHash, prefixOfKey, randomText } from "./api-key.ts";

describe("API key (G18)", () => {
  it("has an id, 256 random bits and a checksum", () => {
    const key = makeApiKey();
    expect(key.plain).toMatch(/^sw_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(prefixOfKey(key.plain)).toBe(key.prefix);
    expect(key.hash).toBe(hashApiKey(key.plain));
    expect(matchesKeyHash(key.plain, key.hash)).toBe(true);
  });

  it("does not repeat", () => {
    expect(new Set(Array.from({ length: 500 }, () => makeApiKey().plain)).size).toBe(500);
  });

  it("finds any change of one character by its checksum", () => {
    const { plain } = makeApiKey();
    fc.assert(
      fc.property(fc.integer({ min: 3, max: plain.length - 1 }), fc.constantFrom("0", "a", "Z", "9", "x", "Q", "_"), (at, char) => {
        fc.pre(plain[at] !== char);
        expect(prefixOfKey(plain.slice(0, at) + char + plain.slice(at + 1))).toBeNull();
      }),
    );
  });

  it("says null to any other text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(prefixOfKey(text)).toBeNull();
      }),
    );
  });

  it("compares with damaged stored hashes without throwing", () => {
    expect(matchesKeyHash(makeApiKey().plain, "")).toBe(false);
    expect(matchesKeyHash(makeApiKey().plain, "zz")).toBe(false);
  });
});

it("random text uses the whole alphabet evenly", () => {
  const counts = new Map<string, number>();
  for (const char of randomText(62_000)) counts.set(char, (counts.get(char) ?? 0) + 1);
  expect(counts.size).toBe(62);
  expect(Math.min(...counts.values())).toBeGreaterThan(800);
  expect(Math.max(...counts.values())).toBeLessThan(1_200);
});
