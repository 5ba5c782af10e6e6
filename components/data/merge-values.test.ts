import fc from "fast-check";
import { expect, test } from "vitest";
import { isSame, mergeValues, mergeWords } from "./merge-values.ts";

const base = { name: "Shop", goal: 80, weights: { code: 1, docs: 2 }, tags: ["pci", "web"], floors: [{ glob: "src/**", percent: 80 }] };

test.each([
  { what: "a form in which nothing was typed takes what is saved", mine: {}, theirs: { name: "Store", goal: 90 }, merged: { name: "Store", goal: 90 } },
  { what: "what was typed stays where nobody else changed anything", mine: { name: "Store" }, theirs: {}, merged: { name: "Store" } },
  { what: "different fields come together", mine: { name: "Store" }, theirs: { goal: 90 }, merged: { name: "Store", goal: 90 } },
  { what: "of one field that both changed, mine stays", mine: { name: "Mine", goal: 70 }, theirs: { name: "Theirs" }, merged: { name: "Mine", goal: 70 } },
  { what: "fields inside a part come together", mine: { weights: { code: 5, docs: 2 } }, theirs: { weights: { code: 1, docs: 7 } }, merged: { weights: { code: 5, docs: 7 } } },
  { what: "words are added and taken away on both sides", mine: { tags: ["web", "edge"] }, theirs: { tags: ["pci", "web", "eu"] }, merged: { tags: ["web", "eu", "edge"] } },
  { what: "lists of parts are kept whole", mine: { floors: [] }, theirs: { floors: [{ glob: "lib/**", percent: 90 }] }, merged: { floors: [] } },
])("$what", ({ mine, theirs, merged }) => {
  expect(mergeValues<object>({ base, mine: { ...base, ...mine }, theirs: { ...base, ...theirs } })).toEqual({ ...base, ...merged });
});

test("a name that one side took away is gone unless the other changed it", () => {
  const stores = (values: Record<string, { days: number }>) => values;
  const before = stores({ a: { days: 1 }, b: { days: 2 } });
  expect(mergeValues({ base: before, mine: stores({ a: { days: 5 } }), theirs: before })).toEqual({ a: { days: 5 } });
  expect(mergeValues({ base: before, mine: stores({ a: { days: 5 }, b: { days: 2 } }), theirs: stores({ a: { days: 1 }, c: { days: 3 } }) })).toEqual({ a: { days: 5 }, c: { days: 3 } });
  expect(mergeValues({ base: before, mine: stores({ a: { days: 1 }, b: { days: 9 } }), theirs: stores({ a: { days: 7 } }) })).toEqual({ a: { days: 7 }, b: { days: 9 } });
});

const words = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"));

test("no word that either added is lost, none that either took away comes back, none stands twice", () => {
  fc.assert(
    fc.property(words, words, words, (before, mine, theirs) => {
      const merged = mergeWords({ base: before, mine, theirs });
      expect(new Set(merged).size).toBe(merged.length);
      const added = [...mine, ...theirs].filter((word) => !before.includes(word));
      expect(merged).toEqual(expect.arrayContaining(added));
      for (const word of before) expect(merged.includes(word)).toBe(mine.includes(word) && theirs.includes(word));
    }),
  );
});

test("whoever changed nothing changes nothing, and whatever I changed is mine", () => {
  const values = fc.record({ name: fc.string(), goal: fc.oneof(fc.integer(), fc.constant("")), levels: fc.record({ warn: fc.integer({ max: 3 }), block: fc.integer({ max: 3 }) }) });
  fc.assert(
    fc.property(values, values, values, (before, mine, theirs) => {
      expect(mergeValues({ base: before, mine: before, theirs })).toEqual(theirs);
      expect(mergeValues({ base: before, mine, theirs: before })).toEqual(mine);
      const merged = mergeValues({ base: before, mine, theirs });
      expect(merged.name).toBe(mine.name === before.name ? theirs.name : mine.name);
      expect(merged.levels.warn).toBe(mine.levels.warn === before.levels.warn ? theirs.levels.warn : mine.levels.warn);
    }),
  );
});

test("things are the same when all of them is", () => {
  expect(isSame({ a: [1, { b: "x" }], c: null }, { c: null, a: [1, { b: "x" }] })).toBe(true);
  for (const [a, b] of [[1, "1"], [{ a: 1 }, { a: 1, b: undefined }], [[1], [1, 2]], [null, {}], [[], {}]] as const) expect(isSame(a, b)).toBe(false);
});
