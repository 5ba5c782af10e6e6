import { expect, it } from "vitest";
import { holdOrder } from "./held-order.ts";

const rowId = (row: { id: string }): string => row.id;
const rows = (...ids: string[]) => ids.map((id) => ({ id }));

it.each([
  { rule: "follows the data when nothing is held", held: null, now: ["b", "a"], shown: ["b", "a"] },
  { rule: "keeps places while held", held: ["a", "b", "c"], now: ["c", "a", "b"], shown: ["a", "b", "c"] },
  { rule: "drops what is gone", held: ["a", "b"], now: ["b"], shown: ["b"] },
  { rule: "puts what is new at the end", held: ["a", "b"], now: ["n", "b", "a"], shown: ["a", "b", "n"] },
])("holdOrder $rule", ({ held, now, shown }) => {
  expect(holdOrder(held, rows(...now), rowId).map(rowId)).toEqual(shown);
});
