import { describe, expect, test } from "vitest";
import { addPoint, newPoints } from "../lines/points.ts";
import type { FileCoverage } from "../lines/record.ts";
import { DEFAULT_GATE, NO_TOTALS, type Completeness, type GatePolicy, type Totals } from "../schema/index.ts";
import { filesBelow, globPattern } from "./floors.ts";
import { judge, type GateFacts } from "./judge.ts";
import { noiseBand } from "./noise.ts";
import { addedLines, patchOfFile } from "./patch.ts";

const COMPLETE: Completeness = { present: ["unit"], carried: [], missing: [] };
const of = (percent: number) => ({ covered: Math.round(percent * 100), total: 10_000 });
const totals = (lines: number, ...[branches = 90, functions = 90, statements = 90]: number[]): Totals => ({ lines: of(lines), branches: of(branches), functions: of(functions), statements: of(statements) });
const facts = (some: Partial<GateFacts>): GateFacts => ({ totals: totals(90), flags: [], completeness: COMPLETE, below: [], patch: null, before: null, noise: 0, ...some });
const gate = (some: Partial<GatePolicy> = {}): GatePolicy => ({ ...DEFAULT_GATE, ...some });
const texts = (some: Partial<GateFacts>, policy = gate()) => judge(facts(some), policy).findings.filter(({ outcome }) => outcome !== "pass").map(({ text }) => text);

describe("levels: block 70, warn 80, target 85, branches 80 (C01, MDL3-010)", () => {
  test.each([
    [90, 90, "pass"],
    [85, 80, "pass"],
    [84.99, 80, "warn"],
    [85, 79.99, "warn"],
    [70, 70, "warn"],
    [69.99, 90, "fail"],
    [90, 69.99, "fail"],
  ])("%d %% of lines and %d %% of branches: %s", (lines, branches, outcome) => {
    expect(judge(facts({ totals: totals(lines, branches) }), gate()).outcome).toBe(outcome);
  });

  test("says by how many points (MDL3-011)", () => {
    expect(texts({ totals: totals(84.2, 76.8, 88.1, 83.9) })).toEqual(["Lines are 84.2 %, 0.8 points under target 85.", "Branches are 76.8 %, 3.2 points under target 80.", "Statements are 83.9 %, 1.1 points under target 85."]);
    expect(texts({ totals: totals(65.53, 55.37, 65.38, 65.36) })[0]).toBe("Lines are 65.5 %, 4.5 points under block 70.");
    expect(texts({ totals: totals(84.96) })).toEqual(["Lines are 84.9 %, 0.1 points under target 85."]);
  });

  test("a build may be held to the target, or only be told", () => {
    expect(judge(facts({ totals: totals(84) }), gate({ failBelow: "target" })).outcome).toBe("fail");
    expect(judge(facts({ totals: totals(79) }), gate({ failBelow: "warn" })).outcome).toBe("fail");
    expect(judge(facts({ totals: totals(10) }), gate({ isInformational: true })).outcome).toBe("warn");
  });

  test("a flag has levels of its own: integration 70 (MDL2-069)", () => {
    const flags = [{ flag: "integration", totals: totals(61, 72, 72, 72) }, { flag: "unit", totals: totals(20) }];
    expect(texts({ flags })).toEqual(["Lines of integration are 61.0 %, 9 points under target 70."]);
    expect(judge(facts({ flags: [{ flag: "integration", totals: totals(59) }] }), gate()).outcome).toBe("fail");
  });

  test("what a report does not know is not judged", () => {
    expect(judge(facts({ totals: { ...NO_TOTALS, lines: of(90) } }), gate()).findings).toHaveLength(1);
    expect(judge(facts({ totals: NO_TOTALS }), gate()).outcome).toBe("unknown");
  });
});

describe("falls", () => {
  const before = { commit: "abcdef0123", lines: 90 };

  test.each([
    [90, 0, "pass"],
    [89, 0, "pass"],
    [88.9, 0, "fail"],
    [88.9, 0.2, "pass"],
    [95, 0, "pass"],
  ])("from 90 to %d %% with a band of %d points: %s", (lines, noise, outcome) => {
    expect(judge(facts({ totals: totals(lines), before, noise }), gate()).outcome).toBe(outcome);
  });

  test("a fall is reported although all levels hold (SRV-006)", () => {
    expect(texts({ totals: totals(86), before })).toEqual(["Lines fell 4 points since abcdef0; at most 1 point may be lost."]);
  });

  test("a gap within the band warns and does not fail", () => {
    expect(judge(facts({ totals: totals(69.9), noise: 0.2 }), gate()).outcome).toBe("warn");
    expect(judge(facts({ totals: totals(69.7), noise: 0.2 }), gate()).outcome).toBe("fail");
  });

  test("a missing upload is incomplete and never a fall", () => {
    const completeness: Completeness = { present: ["unit"], carried: [{ flag: "e2e", commit: "1234567890", at: new Date(0) }], missing: ["e2e", "client"] };
    const verdict = judge(facts({ totals: totals(71), before, completeness }), gate());
    expect(verdict.outcome).toBe("incomplete");
    expect(verdict.findings.filter(({ kind }) => kind === "drop")).toEqual([]);
    expect(verdict.findings.filter(({ kind }) => kind === "missing").map(({ text }) => text)).toEqual(["e2e has no upload for this commit; its coverage of 1234567 is carried forward.", "client has no upload for this commit and none before."]);
  });

  test("what is carried forward says so", () => {
    const completeness: Completeness = { present: ["unit"], carried: [{ flag: "e2e", commit: "1234567890", at: new Date(0) }], missing: [] };
    expect(judge(facts({ completeness }), gate()).findings.at(-1)).toMatchObject({ kind: "carried", outcome: "pass", text: "e2e is carried forward from 1234567." });
  });
});

describe("the noise band", () => {
  test.each([
    ["too little is known", [80, 81, 80], 0],
    ["nothing moves", Array.from({ length: 20 }, () => 84), 0],
    ["it grows steadily", Array.from({ length: 20 }, (_, i) => 60 + i), 0],
    ["every step is a tenth", Array.from({ length: 20 }, (_, i) => 84 + (i % 2) / 10), 0.297],
    ["one large step among quiet ones", [...Array.from({ length: 20 }, () => 84), 60, ...Array.from({ length: 20 }, () => 84)], 0],
    ["everything jumps", Array.from({ length: 20 }, (_, i) => 50 + (i % 2) * 20), 0.8],
  ])("%s", (_, history, band) => {
    expect(noiseBand(history)).toBeCloseTo(band, 3);
  });
});

describe("floors of files (C01: 70 for the cache service, others 85, the user store 80)", () => {
  const file = (path: string, percent: number) => ({ path, totals: { ...NO_TOTALS, lines: of(percent) } });
  const floors = [
    { glob: "src/**", measure: "lines" as const, percent: 85 },
    { glob: "src/cache/**", measure: "lines" as const, percent: 70 },
    { glob: "src/users/store.ts", measure: "lines" as const, percent: 80 },
  ];

  test("the last glob that matches decides; furthest below comes first", () => {
    const below = filesBelow(floors, [file("src/app.ts", 84), file("src/cache/redis.ts", 71), file("src/cache/deep/lru.ts", 60), file("src/users/store.ts", 79), file("test/a.ts", 0)]);
    expect(below.map(({ path, floor }) => [path, floor.percent])).toEqual([["src/cache/deep/lru.ts", 70], ["src/app.ts", 85], ["src/users/store.ts", 80]]);
  });

  test("each is named by the gate with its points (MDL3-016)", () => {
    const below = filesBelow(floors, [file("src/users/store.ts", 31)]);
    expect(texts({ below })).toEqual(["src/users/store.ts has 31.0 % of its lines, 49 points under its floor of 80 %."]);
    expect(judge(facts({ below: Array.from({ length: 30 }, (_, i) => ({ path: `${i}.ts`, floor: floors[0]!, value: 1 })) }), gate()).findings.at(-1)?.text).toBe("10 more files are under their floor.");
  });

  test.each([
    ["*.ts", "a.ts", true],
    ["*.ts", "src/a.ts", false],
    ["**/*.ts", "a.ts", true],
    ["**/*.ts", "src/x/a.ts", true],
    ["src/**", "src/a/b.ts", true],
    ["src/**/b.ts", "src/b.ts", true],
    ["src/?.{ts,tsx}", "src/a.tsx", true],
    ["src/?.{ts,tsx}", "src/ab.ts", false],
    ["a+b(c).ts", "a+b(c).ts", true],
    ["src/[x].ts", "src/[x].ts", true],
    ["a,b.ts", "a,b.ts", true],
  ])("%s and %s: %j", (glob, path, isMatch) => {
    expect(new RegExp(globPattern(glob)).test(path)).toBe(isMatch);
  });
});

describe("patch coverage", () => {
  const DIFF = [
    "diff --git a/src/a.ts b/src/a.ts",
    "--- a/src/a.ts",
    "+++ b/src/a.ts",
    "@@ -1,3 +1,5 @@",
    " one",
    "+two",
    "+three",
    " four",
    "-five",
    "+++ six",
    "@@ -20 +22,2 @@ function",
    " x",
    "+y",
    "\\ No newline at end of file",
    "diff --git a/gone.ts b/gone.ts",
    "--- a/gone.ts",
    "+++ /dev/null",
    "@@ -1 +0,0 @@",
    "-x",
    "--- a/same.ts\t2026-11-26",
    '+++ "b/with space.ts"\t2026-11-26',
    "@@ -0,0 +1 @@",
    "+z",
  ].join("\n");

  test("finds the lines that a diff adds", () => {
    expect([...addedLines(DIFF)]).toEqual([["src/a.ts", [{ from: 2, to: 3 }, { from: 5, to: 5 }, { from: 23, to: 23 }]], ["with space.ts", [{ from: 1, to: 1 }]]]);
    expect(addedLines("no diff\n+++").size).toBe(0);
  });

  test("counts only added lines that hold code", () => {
    const lines = newPoints();
    for (const [line, hits] of [[1, 1], [2, 1], [3, 0], [5, 0], [6, 0], [23, 4]] as const) addPoint(lines, line, hits);
    const file: FileCoverage = { lines, branches: null, functions: null, statements: null };
    expect(patchOfFile(file, addedLines(DIFF).get("src/a.ts")!)).toEqual({ count: { covered: 2, total: 4 }, uncovered: [{ from: 3, to: 3 }, { from: 5, to: 5 }] });
  });

  test.each([
    [{ covered: 8, total: 10 }, "pass"],
    [{ covered: 7, total: 10 }, "fail"],
    [{ covered: 0, total: 0 }, "pass"],
  ])("%j against 80: %s", (patch, outcome) => {
    expect(judge(facts({ patch }), gate()).outcome).toBe(outcome);
    expect(judge(facts({ patch }), gate({ patch: null })).outcome).toBe("pass");
  });
});
