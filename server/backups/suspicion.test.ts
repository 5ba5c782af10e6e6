import { describe, expect, it } from "vitest";
import type { Content } from "./schema/manifest.ts";
import { median, suspicionsOf, type Expectation, type Look } from "./suspicion.ts";

const MIB = 1_048_576;

function database(tables: Record<string, number>): Content {
  return {
    kind: "database", database: "shop", consistency: "exact", encoding: "UTF8", collation: "C",
    tables: Object.entries(tables).map(([name, rows]) => ({ schema: "public", name, rows, bytes: rows * 100, hash: null })),
    sequences: [], largeObjects: { count: 0, sum: "0" }, extensions: [], objects: {},
  };
}
const folder = (files: number): Content => ({ kind: "folder", files, bytes: files * 10, folders: 1, links: 0, sum: "0", listed: [], leftOut: [] });
const look = (content: Content, bytes = 100 * MIB): Look => ({ bytes, plainBytes: bytes * 4, content });
const shop = database({ orders: 1_000, items: 5_000 });
const usual = (bytes: number[] = [100, 100, 100], content: Content = shop): Expectation => ({ before: bytes.map((size) => look(content, size * MIB)), expectedBytes: null, volatileTables: [] });
const codes = (now: Look, expectation: Expectation) => suspicionsOf(now, expectation).map(({ code }) => code);

describe("a backup stands out", () => {
  it.each<[string, Look, Expectation, string[]]>([
    ["never when it is like the others", look(shop), usual(), []],
    ["never as the first one", look(shop), usual([]), []],
    ["when it is 21 % smaller (MDL3-073)", look(shop, 79 * MIB), usual(), ["size"]],
    ["when it is 21 % larger", look(shop, 121 * MIB), usual(), ["size"]],
    ["not at 20 %", look(shop, 80 * MIB), usual(), []],
    ["against the median, not the last one", look(shop, 100 * MIB), usual([50, 100, 101, 99, 100]), []],
    ["not against two, which make no median", look(shop, 10 * MIB), usual([100, 100]), []],
    ["against the expected size while there is no median (MDL3-063)", look(shop, 10 * MIB), { ...usual([]), expectedBytes: 50 * MIB }, ["size"]],
    ["not for less than a mebibyte", look(shop, 0.5 * MIB), usual([1, 1, 1]), []],
    ["when it is empty, even as the first", { bytes: 300, plainBytes: 0, content: database({}) }, usual([]), ["empty"]],
    ["when it holds no table", look(database({})), usual(), ["empty"]],
    ["when it holds no file", look(folder(0)), usual([]), ["empty"]],
    ["when a table is gone", look(database({ orders: 1_000 })), usual(), ["lost-tables"]],
    ["when more than half of a table's rows are gone", look(database({ orders: 499, items: 5_000 })), usual(), ["lost-rows"]],
    ["not when exactly half are", look(database({ orders: 500, items: 5_000 })), usual(), []],
    ["not over a handful of rows", look(database({ orders: 1, items: 5_000 })), usual([100], database({ orders: 19, items: 5_000 })), []],
    ["not over tables that come and go", look(database({ orders: 1_000 })), { ...usual(), volatileTables: ["public.it*"] }, []],
    ["not by a new table", look(database({ orders: 1_000, items: 5_000, more: 1 })), usual(), []],
    ["when more than half of the files are gone", look(folder(49)), usual([100], folder(100)), ["lost-files"]],
    ["by several things at once", look(database({ orders: 1 }), 10 * MIB), usual(), ["size", "lost-tables", "lost-rows"]],
  ])("%s", (...[, now, expectation, expected]) => {
    expect(codes(now, expectation)).toEqual(expected);
  });

  it("and says why in words", () => {
    const words = suspicionsOf(look(database({ orders: 10 }), 20 * MIB), usual()).map(({ message }) => message);
    expect(words).toEqual([
      "It is 80 % smaller than the median of the last 3 backups.",
      "A table is gone since the backup before: public.items.",
      "More than half of the rows are gone since the backup before: public.orders (1,000 to 10).",
    ]);
  });

  it("naming at most five tables", () => {
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`t${n}`, 100]));
    const [, lost] = suspicionsOf(look(database({ kept: 1 }), 10 * MIB), usual([100, 100, 100], database(many)));
    expect(lost?.message).toBe("8 tables are gone since the backup before: public.t0, public.t1, public.t2, public.t3, public.t4 and 3 more.");
  });
});

describe("the median", () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
    [[], 0],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
