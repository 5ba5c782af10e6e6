import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Slug } from "./schema.ts";
import { freeSlug, slugOf } from "./slug.ts";

describe("slugs", () => {
  test.each([
    ["Payments API", "payments-api"],
    ["Crème Brûlée", "creme-brulee"],
    ["  -- a --  b ", "a-b"],
    ["支付", "service"],
    ["!", "service"],
    ["7", "service-7"],
    ["x".repeat(99), "x".repeat(55)],
    [`${"a".repeat(54)} b`, "a".repeat(54)],
  ])("%s", (name, slug) => expect(slugOf(name)).toBe(slug));

  it("always fit the schema", () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (name) => {
      expect(Slug.safeParse(freeSlug(slugOf(name), new Set([slugOf(name)]))).success).toBe(true);
    }));
  });

  it("take the first free number", () => {
    expect(freeSlug("api", new Set())).toBe("api");
    expect(freeSlug("api", new Set(["api", "api-2", "api-4"]))).toBe("api-3");
  });
});
