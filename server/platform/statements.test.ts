import { expect, test } from "vitest";
import { createStatementNames } from "./statements.ts";

const times = (n: number, name: () => string) => Array.from({ length: n }, name).at(-1);

test("a statement gets a name when it came ten times, and keeps it", () => {
  const nameOf = createStatementNames();
  expect(times(9, () => nameOf({ sql: "SELECT 1" }))).toBe("");
  const name = nameOf({ sql: "SELECT 1" });
  expect(name).not.toBe("");
  expect(times(5, () => nameOf({ sql: "SELECT 1" }))).toBe(name);
  expect(times(10, () => nameOf({ sql: "SELECT 2" }))).not.toBe(name);
});

test("connections never keep more than a bounded number, however many texts come", () => {
  const nameOf = createStatementNames();
  const names = new Set(Array.from({ length: 5_000 }, (_, index) => times(10, () => nameOf({ sql: `SELECT ${index}` }))));
  expect(names.size).toBe(121);
  expect(names.has("")).toBe(true);
});
