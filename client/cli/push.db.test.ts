import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeApiKey } from "../../server/platform/auth/api-key.ts";
import { trpcEndpoint } from "../../server/platform/edge/trpc-endpoint.ts";
import { restEndpoint } from "../../server/platform/rest/endpoint.ts";
import { testDatabase } from "../../server/platform/testing/database.ts";
import { testServer } from "../../server/platform/testing/http.ts";
import { appRouter } from "../../server/root.ts";
import { answerLine } from "./main.ts";

const database = testDatabase();
const rest = restEndpoint(appRouter);
/** How many of the next uploads a gateway in front of the console swallows. */
let swallowed = 0;
const shaky = (request: Request) => {
  if (swallowed === 0 || request.method !== "POST") return rest(request);
  swallowed -= 1;
  return new Response("bad gateway", { status: 502 });
};
const server = testServer(database, { "/api/trpc": trpcEndpoint(appRouter), "/api/v1": shaky });
const folder = mkdtempSync(path.join(os.tmpdir(), "seaworthy-push-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each has an allowance of uploads of its own. */
const keys = { ci: makeApiKey(), second: makeApiKey(), third: makeApiKey(), reader: makeApiKey() };

beforeAll(async () => {
  const now = new Date();
  await database.db.user.create({ data: { id: "usr_1", email: "a@example.com", name: "Ada", role: "editor", createdAt: now, updatedAt: now } });
  const row = (id: string, key: typeof keys.ci, scopes: string[]) => ({ id, name: id, prefix: key.prefix, hash: key.hash, ownerId: "usr_1", scopes, createdAt: now });
  await database.db.apiKey.createMany({ data: [row("key_1", keys.ci, ["*"]), row("key_3", keys.second, ["*"]), row("key_4", keys.third, ["*"]), row("key_2", keys.reader, ["coverage:read", "services:read"])] });
  await run(["services", "add", "https://shop.example/health", "--name", "Shop"]);
});

const CI = { GITHUB_ACTIONS: "true", GITHUB_SHA: "c0ffee1234567890", GITHUB_REF: "refs/heads/main", GITHUB_REF_NAME: "main" };
const run = (line: string[], as: keyof typeof keys = "ci") => answerLine(line, { ...CI, XDG_CONFIG_HOME: folder, SEAWORTHY_URL: server.origin, SEAWORTHY_API_KEY: keys[as].plain }, folder);

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return name;
}

/** A report of two files, `covered` of ten lines each. */
const lcov = (covered: number) =>
  ["src/a.ts", "src/b.ts"].map((name) => `SF:${folder}/${name}\n${Array.from({ length: 10 }, (_, line) => `DA:${line + 1},${line < covered ? 1 : 0}`).join("\n")}\nLF:10\nLH:${covered}\nend_of_record\n`).join("");

describe("coverage push", () => {
  test("sends the report, packed, with what the CI system says, and answers with figures", async () => {
    const answer = await run(["coverage", "push", file("lcov.info", lcov(9)), "--service", "shop"]);
    expect(answer.exitCode).toBe(0);
    expect(answer.lines[0]).toBe("lcov.info: lcov, 2 files, lines 90.00 %");
    expect(answer.lines.at(-1)).toContain(`${server.origin}/coverage/`);
    expect(answer.output).toMatchObject({ pushed: [{ commit: CI.GITHUB_SHA, flag: "unit", isNew: true }] });
  });

  test("twice is once", async () => {
    expect((await run(["coverage", "push", "lcov.info", "--service", "shop"])).lines[0]).toBe("lcov.info: lcov, 2 files, lines 90.00 %, sent before");
  });

  test("goes on when a gateway swallows it", async () => {
    swallowed = 1;
    const answer = await run(["coverage", "push", file("other.info", lcov(8)), "--service", "shop", "--flag", "integration"]);
    expect(answer).toMatchObject({ exitCode: 0, output: { pushed: [{ flag: "integration", isNew: true }] } });
    expect(swallowed).toBe(0);
  });

  test("with a change tells how much of it is covered, and marks the rest", async () => {
    const diff = "diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -8,0 +9,2 @@\n+one\n+two\n";
    const answer = await run(["coverage", "push", "lcov.info", "--service", "shop", "--diff", file("change.diff", diff)]);
    expect(answer.lines).toContain("The change: 1 of 2 new lines covered (50.00 %)");
    expect(answer.annotations).toEqual([{ level: "warning", title: "Not covered", message: "New lines that no test runs: 10", file: "src/a.ts", line: 10 }]);
  });

  test.each([
    [["coverage", "push", "nowhere.info", "--service", "shop"], 2, "nowhere.info does not exist."],
    [["coverage", "push", "lcov.info"], 2, "--service is missing."],
    [["coverage", "push", "lcov.info", "--service", "no-such"], 1, "There is no"],
    [["coverage", "push", file("empty.info", ""), "--service", "shop"], 2, "empty.info is empty."],
    [["coverage", "push", file("odd.info", "hello"), "--service", "shop"], 1, "The file is no coverage report"],
  ])("%j exits with %d", async (line, exitCode, wanted) => {
    const answer = await run(line, "second");
    expect(answer.exitCode).toBe(exitCode);
    expect(answer.lines[0]).toContain(wanted);
  });

  test("a key that may only read is told so, and nothing is kept", async () => {
    const before = await run(["coverage", "push", "lcov.info", "--service", "shop"], "reader");
    expect(before).toMatchObject({ exitCode: 3 });
  });
});

describe("junit push", () => {
  const junit = (failures: string) => `<testsuites><testsuite name="s" tests="3"><testcase classname="c" name="works" time="0.1"/><testcase classname="c" name="also" time="0.2"/>${failures}</testsuite></testsuites>`;

  test("sends results and marks what failed", async () => {
    const answer = await run(["junit", "push", file("junit.xml", junit('<testcase classname="c" name="breaks"><failure message="1 is not 2">at x.ts:3</failure></testcase>')), "--service", "shop"], "third");
    expect(answer).toMatchObject({ exitCode: 0, lines: ["junit.xml: 3 tests, 1 failed, 0 skipped"] });
    expect(answer.annotations).toMatchObject([{ level: "error", title: expect.stringContaining("breaks"), message: expect.stringContaining("1 is not 2") }]);
  });

  test("refuses a document that declares entities", async () => {
    const answer = await run(["junit", "push", file("bomb.xml", '<!DOCTYPE x [<!ENTITY a "b">]><testsuites/>'), "--service", "shop"], "third");
    expect(answer.exitCode).toBe(1);
  });
});

/** What autocannon writes with --json. */
const autocannon = (p97: number) => JSON.stringify({
  url: "http://127.0.0.1:3000/health", connections: 10, pipelining: 1, duration: 10, errors: 0, timeouts: 0, non2xx: 0, "2xx": 5_000, start: "2026-11-26T10:00:00.000Z", finish: "2026-11-26T10:00:10.000Z",
  requests: { average: 500, mean: 500, total: 5_000, sent: 5_010 }, throughput: { average: 1, total: 10 },
  latency: { average: 10, mean: 10, min: 1, max: 90, p50: 8, p75: 10, p90: 15, p97_5: p97, p99: p97 + 10, p99_9: 80 },
});

describe("loadtest push", () => {
  test("sends a report and says how it was judged", async () => {
    const answer = await run(["loadtest", "push", file("load.json", autocannon(20)), "--service", "shop", "--scenario", "health", "--profile", "smoke"], "third");
    expect(answer.lines[0]).toMatch(/^health, smoke: passed/);
    expect(answer.lines.at(-1)).toMatch(/\/loadtests\/\S+$/);
    expect(answer.exitCode).toBe(0);
  });
});

describe("gate", () => {
  const verdicts = (answer: { output: object }) => (answer.output as { gates: { name: string; passed: boolean }[] }).gates.map(({ name, passed }) => `${name} ${passed}`);

  test("passes where the evidence holds, and leaves a summary for the run", async () => {
    await run(["services", "add", "https://till.example/health", "--name", "Till"]);
    await run(["coverage", "push", file("whole.info", lcov(10)), "--service", "till"], "second");
    await run(["loadtest", "push", "load.json", "--service", "till"], "third");
    const answer = await run(["gate", "coverage", "loadtests", "--service", "till"]);
    expect(verdicts(answer)).toEqual(["coverage true", "loadtests true"]);
    expect(answer.exitCode).toBe(0);
    expect(answer.summary).toContain("%");
  });

  test("says no with reasons, marks them, and exits with 1", async () => {
    await run(["coverage", "push", file("low.info", lcov(3)), "--service", "till", "--commit", "badc0de123456789"], "second");
    const answer = await run(["gate", "coverage", "--service", "till", "--commit", "badc0de123456789"]);
    expect(answer.exitCode).toBe(1);
    expect(answer.lines[0]).toBe("✗ coverage");
    expect(answer.lines.join("\n")).toMatch(/30(\.0+)? ?%/);
    expect(answer.annotations?.[0]).toMatchObject({ level: "error", title: "coverage gate" });
  });

  test("evidence that is absent is no pass", async () => {
    const answer = await run(["gate", "coverage", "--service", "shop", "--commit", "0000000123456789"]);
    expect(answer).toMatchObject({ exitCode: 1, output: { passed: false } });
  });

  test("a score below what is wanted fails, with what is missing", async () => {
    const answer = await run(["gate", "readiness", "--service", "shop", "--min-score", "100"]);
    expect(answer).toMatchObject({ exitCode: 1 });
    expect(answer.lines[1]).not.toBe("");
  });

  test.each([
    [["gate", "smell", "--service", "shop"], "smell is not a gate."],
    [["gate"], "--service is missing."],
    [["gate", "--service", "shop", "--min-score", "high"], "--min-score must be a number"],
  ])("%j is wrong use", async (line, wanted) => {
    const answer = await run(line);
    expect(answer.exitCode).toBe(2);
    expect(answer.lines[0]).toContain(wanted);
  });
});

describe("a newcomer", () => {
  test("has a first score after an import and two pushes, from a repository whose main line is master", async () => {
    const kuma = JSON.stringify({ version: "1.23.0", monitorList: [{ id: 1, name: "Bakery", type: "http", url: "https://bakery.example/health", interval: 60 }] });
    expect((await run(["import", "uptime-kuma", file("kuma.json", kuma), "--yes"])).lines.at(-1)).toBe("2 changes done.");
    const of = ["--service", "bakery", "--branch", "master"];
    const before = await run(["score", "bakery", "--json"]);
    const pushed = await run(["coverage", "push", file("bakery.info", lcov(9)), ...of], "third");
    expect(pushed.lines).toContain("Gate: passes");
    await run(["junit", "push", file("bakery.xml", '<testsuite name="oven"><testcase name="bakes" time="0.1"/></testsuite>'), ...of], "third");
    const after = await run(["score", "bakery", "--json"]);
    const lineOf = (answer: { output: object }, rule: string) => (answer.output as { lines: { rule: string; outcome: string; earned: number }[] }).lines.find((line) => line.rule === rule);
    expect([lineOf(before, "coverage-lines"), lineOf(before, "tests-green")]).toMatchObject([{ outcome: "unknown", earned: 0 }, { outcome: "unknown", earned: 0 }]);
    expect([lineOf(after, "coverage-lines"), lineOf(after, "tests-green"), lineOf(after, "coverage-gate")]).toMatchObject([{ outcome: "pass" }, { outcome: "pass" }, { outcome: "pass" }]);
    expect((after.output as { score: number }).score).toBeGreaterThan((before.output as { score: number }).score);
  });
});

test("a build's coverage gate judges the build's own commit", async () => {
  const answer = await run(["gate", "coverage", "--service", "bakery"]);
  expect(answer).toMatchObject({ exitCode: 0 });
  await run(["coverage", "push", file("worse.info", lcov(2)), "--service", "bakery", "--commit", "badbadbad1234567", "--branch", "fix"], "third");
  expect((await answerLine(["gate", "coverage", "--service", "bakery"], { ...CI, GITHUB_SHA: "badbadbad1234567", XDG_CONFIG_HOME: folder, SEAWORTHY_URL: server.origin, SEAWORTHY_API_KEY: keys.ci.plain }, folder)).exitCode).toBe(1);
});

test("score shows what is missing most first", async () => {
  const answer = await run(["score", "shop"]);
  expect(answer.lines[0]).toMatch(/^Shop: \d+ of 100, /);
  const points = answer.lines.flatMap((line) => /^ {2}\S+ +([\d.]+) points/.exec(line)?.[1] ?? []).map(Number);
  expect(points.length).toBeGreaterThan(2);
  expect(points).toEqual(points.toSorted((a, b) => b - a));
});
