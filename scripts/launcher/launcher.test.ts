import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { COMMANDS } from "../../client/cli/commands.ts";
import { CONSOLE_COMMANDS, isForConsole } from "./console-commands.mjs";
import { whyInstall } from "./packages.mjs";
import { countPlaywright, countVitest } from "./results.mjs";
import { pinnedNode } from "./run.mjs";
import { fingerprint, readStamp, whatChanged, writeStamp } from "./sources.mjs";

let dir = "";
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-launcher-"));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const report = (content: object): string => {
  const file = path.join(dir, "report.json");
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
};

describe("the launcher", () => {
  test("finds what is installed here to be what the lockfile says", () => {
    expect(whyInstall()).toBeNull();
  });

  test("knows which commands talk to a running console", () => {
    const first = new Set(COMMANDS.map(({ name }) => name.split(" ")[0] ?? ""));
    expect([...first].filter((word) => !CONSOLE_COMMANDS.includes(word))).toEqual(["doctor"]);
    expect([["doctor"], ["doctor", "--url=http://x"], ["services", "list"], ["audit", "verify"]].map(isForConsole)).toEqual([false, true, true, false]);
  });

  test("runs everything by the pinned Node", () => {
    expect(pinnedNode()).toBe(fs.realpathSync(process.execPath));
    expect(process.version).toBe("v26.10.0");
  });

  test.each([
    { before: { a: "1" }, now: { a: "1" }, why: null },
    { before: { a: "1", b: "1" }, now: { a: "2", b: "1" }, why: "a changed" },
    { before: {}, now: { "app/page.tsx": "1" }, why: "app/page.tsx is new" },
    { before: { a: "1" }, now: {}, why: "a is gone" },
    { before: { a: "1", b: "1" }, now: { a: "2", c: "1" }, why: "a changed and 2 more" },
  ])("says why it builds: $why", ({ before, now, why }) => {
    expect(whatChanged(before, now)).toBe(why);
  });

  test("looks at sources, not at tests", () => {
    const files = Object.keys(fingerprint(["scripts/launcher", "package.json", "no-such-folder"]));
    expect(files).toContain("scripts/launcher/sources.mjs");
    expect(files).toContain("package.json");
    expect(files).not.toContain("scripts/launcher/launcher.test.ts");
  });

  test("keeps a stamp and forgives a missing one", () => {
    const file = path.join(dir, "deep/stamp.json");
    expect(readStamp(file)).toBeNull();
    writeStamp(file, { a: "1" });
    expect(readStamp(file)).toEqual({ a: "1" });
  });
});

describe("the summary", () => {
  test("counts vitest's tests, and a file that could not run as one failure", () => {
    const broken = { status: "failed", assertionResults: [] };
    const red = { status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] };
    const file = report({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, testResults: [broken, red] });
    expect(countVitest(file)).toEqual({ passed: 5, failed: 2, skipped: 2 });
  });

  test("counts playwright's tests; a flaky one passed in the end", () => {
    const file = report({ stats: { expected: 7, flaky: 1, unexpected: 2, skipped: 0 }, errors: [{ message: "setup" }] });
    expect(countPlaywright(file)).toEqual({ passed: 8, failed: 3, skipped: 0 });
  });

  test("a runner without a report failed", () => {
    expect([countVitest(path.join(dir, "none")).failed, countPlaywright(path.join(dir, "none")).failed]).toEqual([1, 1]);
  });
});
