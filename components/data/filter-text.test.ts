import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatFilter, parseFilter } from "./filter-text.ts";

const NAMES = ["state", "owner"];

describe("filter text", () => {
  it("separates qualifiers from words in any order", () => {
    expect(parseFilter('api state:down owner:"data platform" v2', NAMES)).toEqual({
      words: "api v2",
      qualifiers: [
        { name: "state", value: "down" },
        { name: "owner", value: "data platform" },
      ],
    });
  });

  it("keeps unknown names, addresses and half-typed qualifiers as words", () => {
    expect(parseFilter("https://host:80 nope:1 state:", NAMES)).toEqual({ words: "https://host:80 nope:1 state:", qualifiers: [] });
  });

  it("reads back what it writes", () => {
    const value = fc.stringMatching(/^[a-z0-9][a-z0-9 -]*$/);
    fc.assert(
      fc.property(fc.array(fc.record({ name: fc.constantFrom(...NAMES), value })), fc.stringMatching(/^[a-z0-9]{0,8}$/), (qualifiers, words) => {
        expect(parseFilter(formatFilter({ words, qualifiers }), NAMES)).toEqual({ words, qualifiers });
      }),
    );
  });
});
