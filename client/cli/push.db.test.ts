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
