import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { decodeCursor, encodeCursor, toPage } from "./page.ts";

const Key = z.tuple([z.string(), z.number()]);

describe("cursor", () => {
  it("comes back as it went, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer(), (text, number) => {
        expect(decodeCursor(encodeCursor([text, number]), Key)).toEqual([text, number]);
      }),
    );
  });

  it.each(["%%%", "abc", btoa("{}"), btoa('["a","b"]')])("refuses %s", (cursor) => {
    expect(() => decodeCursor(cursor, Key)).toThrow("The cursor is not one of this list");
  });

  it("is absent on the first page", () => {
    expect(decodeCursor(undefined, Key)).toBeNull();
  });
});

describe("toPage", () => {
  it("names the last row only when there is more", () => {
    expect(toPage([1, 2, 3], 2, (row) => ["", row])).toEqual({ items: [1, 2], nextCursor: encodeCursor(["", 2]) });
    expect(toPage([1, 2], 2, (row) => ["", row]).nextCursor).toBeNull();
  });
});
