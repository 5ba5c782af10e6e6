import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import bossPackage from "pg-boss/package.json" with { type: "json" };
import { abilitiesTable } from "./abilities.ts";
import { majorOf, versionProblem } from "./bullmq/desk.ts";
import { NEWEST_SCHEMA } from "./pgboss/pgboss.ts";
import { pauseAfterFailures } from "./sessions.ts";

test("docs/modules/queues.md shows what each adapter can do", () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../../docs/modules/queues.md"), "utf8");
  expect(page).toContain(abilitiesTable());
});

test("the newest schema of pg-boss that is known is the one installed", () => {
  expect(NEWEST_SCHEMA).toBe(bossPackage.pgboss.schema);
});

test.each([
  ["bullmq:5.1.0", 5, null],
  ["bullmq:6.7.0", 6, null],
  ["", null, null],
  ["bullmq:7.0.1", 7, "newer than this console knows"],
  ["bullmq:4.9.0", 4, "older than 5"],
])("keys of %j", (version, major, problem) => {
  expect(majorOf(version)).toBe(major);
  expect(versionProblem("mail", version) ?? "").toContain(problem ?? "");
  expect(versionProblem("mail", version) === null).toBe(problem === null);
});

test("pauses double up to a minute", () => {
  expect([1, 2, 3, 7, 50].map(pauseAfterFailures)).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
});
