import { beforeAll, describe, expect, test } from "vitest";
import { OutboundError, type Outbound } from "../../platform/http/outbound.ts";
import { asActor, manualClock, testContext, testDatabase } from "../../platform/testing/database.ts";
import { pruneCoverage } from "../mutations/index.ts";
import { addService, callerOf, commitOf, push, tenLines } from "../testing/fixtures.ts";
import { sample } from "../testing/samples.ts";
import { latestCoverageFacts } from "./index.ts";

const database = testDatabase();
const clock = manualClock("2026-11-01T08:00:00Z");
let network: Outbound["request"] = () => Promise.reject(new OutboundError("blocked", "closed"));
const http: Outbound = { request: (request) => network(request), resolve: () => Promise.reject(new OutboundError("dns", "none")) };
const worldOf = (kind: Parameters<typeof asActor>[0]) => ({ now: clock, http, actor: asActor(kind) });
const system = () => callerOf(database.db, worldOf("system")).coverage;
let ids: string[] = [];

const HEAD = { "src/app/main.ts": tenLines(9), "src/app/cart.ts": tenLines(4), "src/cache/lru.ts": { ...tenLines(1), 11: 0, 12: 0 }, "docs/run.ts": tenLines(10) };

beforeAll(async () => {
  ids = [await addService(database.db, "shop", { repositoryUrl: "https://github.com/northpier/shop" }), await addService(database.db, "silent"), await addService(database.db, "ledger")];
  const caller = callerOf(database.db, worldOf("system"));
  await push(caller, { service: "shop", files: { "src/app/main.ts": tenLines(7), "src/app/cart.ts": tenLines(6), "src/app/gone.ts": tenLines(2), "docs/run.ts": tenLines(10) } });
  clock.advance(60_000);
  await push(caller, { service: "shop", commit: commitOf(2), files: HEAD });
  await push(caller, { service: "ledger", files: { "a.go": tenLines(10) } });
});

describe("lists", () => {
  test("services come worst first, those without a report last", async () => {
    const { items } = await system().list({});
    expect(items.map(({ slug, outcome, gap }) => [slug, outcome, gap && Math.round(gap)])).toEqual([["shop", "fail", -28], ["ledger", "pass", 15], ["silent", "unknown", null]]);
    expect(items[0]).toMatchObject({ worst: "lines", commit: commitOf(2) });
    expect(items[0]!.sparkline.map(Math.round)).toEqual([63, 57]);
    expect((await system().list({ search: "SIL" })).items).toHaveLength(1);
    expect((await system().list({ outcome: "fail" })).items).toHaveLength(1);
    const first = await system().list({ limit: 1 });
    expect((await system().list({ limit: 1, cursor: first.nextCursor! })).items[0]?.slug).toBe("ledger");
  });

  test("the card counts verdicts and shows the worst", async () => {
    expect(await system().summary({})).toMatchObject({ services: 2, outcomes: { pass: 1, warn: 0, fail: 1, incomplete: 0 }, own: { slug: "shop" }, points: [{ commit: commitOf(1) }, { commit: commitOf(2) }] });
  });

  test("files are sorted by uncovered lines, share, risk or path, and searched", async () => {
    const files = await system().files({ service: "shop" });
    expect(files.items.map(({ path, uncovered }) => [path, uncovered])).toEqual([["src/cache/lru.ts", 11], ["src/app/cart.ts", 6], ["src/app/main.ts", 1], ["docs/run.ts", 0]]);
    expect(files.items[0]!.gain).toBeCloseTo((100 * 11) / 42);
    expect((await system().files({ service: "shop", sort: "path", search: "APP" })).items.map(({ path }) => path)).toEqual(["src/app/cart.ts", "src/app/main.ts"]);
    expect((await system().files({ service: "shop", sort: "percent", limit: 1 })).items[0]?.path).toBe("src/cache/lru.ts");
    expect((await system().files({ service: "shop", sort: "risk" })).items.map(({ path, changes }) => [path, changes]).slice(0, 2)).toEqual([["src/app/cart.ts", 1], ["src/cache/lru.ts", 0]]);
    expect(await system().files({ service: "shop", commit: commitOf(1), folder: "src/app" })).toMatchObject({ total: 3 });
    expect(await system().files({ service: "silent" })).toMatchObject({ items: [], total: 0, commit: null });
    await expect(system().files({ service: "shop", commit: commitOf(9) })).rejects.toThrow("Nothing was pushed for shop");
  });

  test("folders are one level at a time", async () => {
    expect((await system().tree({ service: "shop" })).nodes).toMatchObject([{ name: "src", isFolder: true, files: 3, lines: { covered: 14, total: 32 } }, { name: "docs", files: 1 }]);
    expect((await system().tree({ service: "shop", folder: "src" })).nodes.map(({ path }) => path)).toEqual(["src/app", "src/cache"]);
    expect(await system().tree({ service: "ledger" })).toMatchObject({ folder: "", nodes: [{ name: "a.go", isFolder: false }] });
  });

  test("commits are paged, newest first", async () => {
    const first = await system().commits({ service: "shop", limit: 1 });
    expect(first.items[0]?.commit).toBe(commitOf(2));
    expect((await system().commits({ service: "shop", limit: 5, cursor: first.nextCursor! })).items.map(({ commit }) => commit)).toEqual([commitOf(1)]);
  });

  test("the worklist names the files that gain most, up to their goal (MDL3-017 to MDL3-026)", async () => {
    const { items, total } = await system().worklist({});
    expect(items.map(({ slug, path, goal }) => [slug, path, goal])).toEqual([["shop", "src/cache/lru.ts", 85], ["shop", "src/app/cart.ts", 85]]);
    expect(items[0]!.gain).toBeCloseTo(((85 - 100 / 12) * 12) / 42);
    expect(total).toBe(2);
    expect((await system().worklist({ service: "ledger" })).items).toEqual([]);
  });
});

test("two commits beside each other", async () => {
  const comparison = await system().compare({ service: "shop" });
  expect(comparison).toMatchObject({ head: { commit: commitOf(2) }, changed: 4 });
  expect(comparison.base).toMatchObject({ commit: commitOf(1) });
  expect(comparison.files.map(({ path, change, newlyUncovered }) => [path, change, newlyUncovered])).toEqual([["src/cache/lru.ts", "added", 11], ["src/app/cart.ts", "worse", 2], ["src/app/main.ts", "better", -2], ["src/app/gone.ts", "removed", -8]]);
  expect(comparison.delta.lines).toBeCloseTo((100 * 24) / 42 - 62.5);
});

describe("a file", () => {
  test("is shown with the text of the repository", async () => {
    const asked: string[] = [];
    network = async (request) => {
      asked.push(request.url);
      return { status: 200, headers: {}, body: Buffer.from("one\ntwo\n"), isTruncated: false, finalUrl: request.url, redirects: 0, remoteAddress: "192.0.2.1", timings: { resolveMs: 1, connectMs: 1, tlsMs: 1, firstByteMs: 1, totalMs: 1 }, certificate: null };
    };
    const file = await system().file({ service: "shop", path: "src/app/main.ts" });
    expect(asked).toEqual([`https://raw.githubusercontent.com/northpier/shop/${commitOf(2)}/src/app/main.ts`]);
    expect(file).toMatchObject({ source: "repository", lines: [{ line: 1, hits: 1, text: "one", isAtLeast: false }, { line: 2, hits: 1, text: "two" }] });
  });

  test("is shown without text when nobody has it, and says why", async () => {
    network = () => Promise.reject(new OutboundError("blocked", "This address is private."));
    expect(await system().file({ service: "shop", path: "src/app/main.ts" })).toMatchObject({ source: "none", sourceProblem: "The repository could not be asked: This address is private." });
    expect(await system().file({ service: "ledger", path: "a.go" })).toMatchObject({ source: "none", lines: { length: 10 } });
    await expect(system().file({ service: "shop", path: "src/none.ts" })).rejects.toThrow("No report of this commit names the file");
  });

  test("is shown with the text that was pushed", async () => {
    expect(await system().sources({ service: "shop", commit: commitOf(2), files: [{ path: "docs/run.ts", text: "pushed\n" }] })).toEqual({ stored: 1 });
    expect(await system().file({ service: "shop", path: "docs/run.ts" })).toMatchObject({ source: "pushed", lines: [{ text: "pushed", hits: 1 }] });
    await expect(system().sources({ service: "shop", commit: commitOf(2), files: [{ path: "../x", text: "" }] })).rejects.toThrow("outside the repository");
  });
});

describe("a badge", () => {
  test("is for keys and people, and for everybody once the service allows it", async () => {
    const stranger = callerOf(database.db, worldOf("anonymous")).coverage;
    await expect(stranger.badge({ service: "shop" })).rejects.toThrow("There is no such badge, or it is not public");
    await expect(stranger.badge({ service: "nobody" })).rejects.toThrow("There is no such badge, or it is not public");
    expect(await system().badge({ service: "shop" })).toEqual({ schemaVersion: 1, label: "coverage", message: "57.1 %", color: "red" });
    const { revision, ...policy } = await system().policy({ service: "shop" });
    await system().setPolicy({ service: "shop", revision, ...policy, isBadgePublic: true });
    expect(await stranger.badge({ service: "shop", flag: "unit" })).toMatchObject({ label: "unit coverage", message: "57.1 %" });
    expect(await stranger.badge({ service: "shop", measure: "branches" })).toMatchObject({ message: "unknown", color: "lightgrey" });
  });
});

describe("test results", () => {
  const pushTests = (content: string, commit = commitOf(2)) => system().pushTests({ service: "shop", commit, content });

  test("are counted, and failures are named", async () => {
    const result = await pushTests(sample("surefire.junit.xml").toString());
    expect(result).toMatchObject({ isNew: true, isGreen: false, totals: { tests: 5, passed: 2, failed: 2, skipped: 1, flaky: 1, durationMs: 1_204 }, failures: [{ name: "refusesNegativeAmounts", message: "expected: 0 but was: -1" }, { name: "readsPrices" }] });
    expect(await pushTests(sample("surefire.junit.xml").toString())).toMatchObject({ isNew: false });
  });

  test("a test that failed and then passed on one commit is flaky", async () => {
    clock.advance(60_000);
    const result = (inner: string) => `<testsuite name="s"><testcase classname="s" name="races" time="2">${inner}</testcase></testsuite>`;
    await pushTests(result('<failure message="late"/>'), commitOf(5));
    clock.advance(1_000);
    await pushTests(result(""), commitOf(5));
    clock.advance(1_000);
    await pushTests(result("<failure/>"), commitOf(6));
    const tests = await system().tests({ service: "shop" });
    expect(tests.flaky.map(({ name, flakes, runs }) => [name, flakes, runs])).toEqual([["races", 1, 3], ["clearsTheCart", 1, 1]]);
    expect(tests.slowest[0]).toMatchObject({ name: "races", meanMs: 2_000 });
    expect(tests.runs).toHaveLength(4);
    expect((await system().get({ service: "shop" })).tests).toMatchObject({ tests: 1, failed: 1 });
  });
});

test("facts for readiness: values, verdicts, ages and tests of many services", async () => {
  const facts = await latestCoverageFacts(testContext({ db: database.db, now: clock }), [...ids, "svc_none"]);
  const of = (slug: string) => facts.find((one) => one.slug === slug);
  expect(facts).toHaveLength(3);
  expect(of("silent")).toMatchObject({ latest: null, tests: null });
  expect(of("shop")).toMatchObject({ latest: { commit: commitOf(2), outcome: "fail", missing: [], flags: [{ flag: "unit", isCarried: false }], url: `/coverage/shop?commit=${commitOf(2)}` }, tests: { isGreen: false, flags: [{ flag: "unit", isGreen: false }] } });
});

test("old commits lose their files and keep their figures; the newest keep both, whatever their age", async () => {
  clock.advance(200 * 86_400_000);
  const caller = callerOf(database.db, worldOf("system"));
  await push(caller, { service: "shop", commit: commitOf(3), files: HEAD });
  clock.advance(400 * 86_400_000);
  const ctx = testContext({ db: database.db, now: clock, actor: asActor("system") });
  expect(await pruneCoverage(ctx)).toMatchObject({ commits: 2 });
  expect(await system().files({ service: "shop", commit: commitOf(1) })).toMatchObject({ items: [], hasDetail: false });
  expect((await system().files({ service: "shop" })).items).toHaveLength(4);
  expect((await system().file({ service: "shop", path: "src/cache/lru.ts" })).lines).toHaveLength(12);
  expect((await system().files({ service: "ledger" })).items).toHaveLength(1);
  expect((await system().trend({ service: "shop" })).points).toHaveLength(3);
  expect(await pruneCoverage(ctx)).toMatchObject({ commits: 0, content: 0 });
});
