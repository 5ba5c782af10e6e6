import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseFilter } from "./filter.ts";

describe("the filter", () => {
  test.each([
    ["env:production", { environment: { any: ["production"], none: [] } }],
    ["environment:production", { environment: { any: ["production"], none: [] } }],
    ["ENV:Production", { environment: { any: ["production"], none: [] } }],
    ["tier:1 tier:2", { tier: { any: [1, 2], none: [] } }],
    ["-tier:3", { tier: { any: [], none: [3] } }],
    ["owner:payments tag:x", { owner: { any: ["payments"], none: [] }, tag: { any: ["x"], none: [] } }],
    ['owner:"site reliability"', { owner: { any: ["site reliability"], none: [] } }],
    ["state:down", { state: { any: ["down"], none: [] } }],
    ["state:slow status:ok", { state: { any: ["degraded", "up"], none: [] } }],
    ["state:stale", { state: { any: ["unknown"], none: [] } }],
    ["is:archived", { isArchived: true }],
    ["-is:archived", { isArchived: false }],
    ["payments api", { text: ["payments", "api"] }],
    ['"payments api"', { text: ["payments api"] }],
    ["env:production checkout", { environment: { any: ["production"], none: [] }, text: ["checkout"] }],
    ["state:purple", { text: ["state:purple"], state: { any: [], none: [] } }],
    ["tier:one", { text: ["tier:one"] }],
    ["colour:red", { text: ["colour:red"] }],
    ["env:", { text: ["env:"] }],
    ["https://x.example", { text: ["https://x.example"] }],
    ["", { text: [] }],
  ])("%s", (text, expected) => expect(parseFilter(text)).toMatchObject(expected));

  it("reads anything in linear time and never throws", () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => {
      expect(parseFilter(text).text.length).toBeLessThanOrEqual(20);
    }));
    const started = performance.now();
    parseFilter('"'.repeat(300) + "a:".repeat(3_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
