/** Files as rows and as folders. */
import { describe, expect, test } from "vitest";
import type { Entry } from "./manifest.ts";
import { NO_TOTALS } from "./schema/index.ts";
import { childrenOf, firstFork, linesOf, sortFiles, toFileRow } from "./tree.ts";

const entry = (path: string, covered: number | null, total = 10): Entry => ({ path, record: null, totals: { ...NO_TOTALS, lines: covered === null ? null : { covered, total } } });
const CHANGES = new Map([["src/b.ts", 4]]);

describe("sorting", () => {
  const all = [entry("src/a.ts", 2), entry("src/b.ts", 5), entry("src/c.ts", null), entry("src/d.ts", 2)];

  test.each([
    ["path", ["src/a.ts", "src/b.ts", "src/c.ts", "src/d.ts"]],
    ["uncovered", ["src/a.ts", "src/d.ts", "src/b.ts", "src/c.ts"]],
    // Five lines that changed four times outweigh eight that rest.
    ["risk", ["src/b.ts", "src/a.ts", "src/d.ts", "src/c.ts"]],
    // What nothing is known of comes last.
    ["percent", ["src/a.ts", "src/d.ts", "src/b.ts", "src/c.ts"]],
  ] as const)("by %s", (sort, paths) => {
    expect(sortFiles(all.toReversed(), sort, CHANGES).map(({ path }) => path)).toEqual(paths);
  });
});

test("a row says what a file would gain", () => {
  expect(toFileRow(entry("src/b.ts", 5), CHANGES, 50)).toMatchObject({ uncovered: 5, gain: 10, risk: 25, changes: 4, percent: { lines: 50, branches: null } });
  expect(toFileRow(entry("src/c.ts", null), CHANGES, 0)).toMatchObject({ uncovered: 0, gain: 0, risk: 0, changes: 0, percent: { lines: null } });
  expect(linesOf([entry("a", 1), entry("b", null)])).toBe(10);
});

describe("folders", () => {
  const all = [entry("src/app/a.ts", 5), entry("src/app/b.ts", null), entry("src/app/deep/c.ts", 10, 30), entry("src/app/even.ts", 1, 30), entry("srcs/d.ts", 1)];

  test("add up what is in them, the largest first, by name where equal", () => {
    expect(childrenOf(all, "").map(({ name, files, lines, isFolder }) => [name, files, lines.total, isFolder])).toEqual([["src", 4, 70, true], ["srcs", 1, 10, true]]);
    expect(childrenOf(all, "src/app").map(({ path, percent, isFolder }) => [path, percent === null ? null : Math.round(percent), isFolder])).toEqual([
      ["src/app/deep", 33, true],
      ["src/app/even.ts", 3, false],
      ["src/app/a.ts", 50, false],
      ["src/app/b.ts", null, false],
    ]);
    expect(childrenOf(all, "nowhere")).toEqual([]);
  });

  test("that hold nothing but one folder are passed through", () => {
    expect(firstFork(all, "src")).toBe("src/app");
    expect(firstFork(all, "")).toBe("");
    expect(firstFork([entry("only/one/file.ts", 1)], "")).toBe("only/one");
    expect(firstFork([], "gone")).toBe("gone");
  });
});
