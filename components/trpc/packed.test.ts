import { describe, expect, it } from "vitest";
import { pack, unpack } from "./packed.ts";

const there = (data: unknown): unknown => unpack(pack(data));

describe("what the first HTML carries", () => {
  it("arrives as it was: dates are dates, texts are texts", () => {
    const at = new Date("2026-11-17T06:00:00.123Z");
    const data = { pages: [{ items: [{ at, name: "Search", p95: null, bars: [{ at, up: 3_600 }] }], nextCursor: null }], pageParams: [undefined] };
    expect(there(data)).toStrictEqual(data);
    expect(pack(data)).toMatch(/^p(?!.*2026-)/);
  });

  it.each([["2026-11-17T06:00:00.123Z"], ["~d1793000000000"], ["~u"], ["~~"], ["~"], ["\u2028</script>"], [""]])("a text that looks like something else stays a text: %j", (text) => {
    expect(there({ text, list: [text] })).toEqual({ text, list: [text] });
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [12n], [new Map([["a", new Date(0)]])], [new Set([1])]])("keeps what JSON would lose: %s", (value) => {
    expect(there({ value, at: new Date(5) })).toEqual({ value, at: new Date(5) });
  });

  it("keeps a bare answer, and one that is not a valid date", () => {
    expect([there(null), there(7), there("x"), there(new Date(9))]).toEqual([null, 7, "x", new Date(9)]);
    expect(there({ at: new Date(Number.NaN) })).toEqual({ at: new Date(Number.NaN) });
  });
});
