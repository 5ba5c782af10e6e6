/** Load tests from the outside: pushed as files by the right keys, kept once, promoted, compared, gated, told to readiness. */
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeApiKey } from "../platform/auth/api-key.ts";
import type { Actor } from "../platform/context.ts";
import { restEndpoint } from "../platform/rest/endpoint.ts";
import { forgetAudit } from "../platform/testing/audit.ts";
import { asActor, manualClock, testContext, testDatabase } from "../platform/testing/database.ts";
import { testServer } from "../platform/testing/http.ts";
import { appRouter, createCaller } from "../root.ts";
import { addService } from "../services/testing/fixtures.ts";
import { pruneRuns } from "./mutations/index.ts";
import { readReport } from "./parsers/read.ts";
import { readLoadFacts } from "./queries/index.ts";
import { AUTOCANNON, K6_EXPORT, K6_SUMMARY, k6Stream } from "./testing/reports.ts";

const database = testDatabase();
const DAY_MS = 86_400_000;
let clock = manualClock();
let round = 0;
const actor = (role: "viewer" | "editor" | "admin"): Actor => ({ ...asActor(role), id: `usr_${role}_${round}` } as Actor);
const contextOf = (who: Actor) => testContext({ db: database.db, actor: who, now: clock });
const as = (role: "viewer" | "editor" | "admin" = "editor") => createCaller(contextOf(actor(role))).loadtests;
const system = () => contextOf({ kind: "system", name: "test" });
type Metrics = typeof K6_SUMMARY.metrics;
const summary = (part: { p95?: number; count?: number; users?: number; errorRate?: number } = {}): string => {
  const metrics = structuredClone(K6_SUMMARY.metrics) as Metrics;
  metrics.http_req_duration.values["p(95)"] = part.p95 ?? 212.7;
  metrics.http_reqs.values.count = part.count ?? 12_000;
  metrics.vus_max.values.max = part.users ?? 100;
  metrics.http_req_failed.values.rate = part.errorRate ?? 0.002;
  return JSON.stringify({ ...K6_SUMMARY, metrics });
};
const push = (input: object, content: string = summary()) => as().push({ service: "payments-api", scenario: "checkout", content, ...input });

beforeEach(async () => {
  round += 1;
  clock = manualClock();
  await database.db.service.deleteMany();
  await forgetAudit(database.pool);
  await addService(system());
});

describe("a pushed report", () => {
  test("is kept with its verdict, and recorded", async () => {
    const { run, isNew } = await push({ commit: "ABCDEF1234", branch: "main" });
    expect(isNew).toBe(true);
    expect(run).toMatchObject({ scenario: "checkout", profile: "basic", format: "k6-summary", verdict: "passed", commit: "abcdef1234", isBaseline: false, figures: { requests: 12_000, p95: 212.7 }, comparison: null });
    expect(run.thresholds).toHaveLength(2);
    expect(await database.db.auditEntry.findFirst({ orderBy: { id: "desc" } })).toMatchObject({ action: "loadtests.push", summary: "Received a load test of Payments API: checkout, basic, passed" });
  });

  test("that comes many times at once is kept once", async () => {
    const pushed = await Promise.all(Array.from({ length: 40 }, () => createCaller(contextOf({ kind: "system", name: "ci" })).loadtests.push({ service: "payments-api", scenario: "checkout", content: summary() })));
    expect(pushed.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(pushed.map(({ run }) => run.id)).size).toBe(1);
    expect(await database.db.loadRun.count()).toBe(1);
  });

  test("fails by a threshold that the export marks as failed", async () => {
    expect((await push({}, JSON.stringify(K6_EXPORT))).run).toMatchObject({ verdict: "failed", reasons: ["Threshold not held: http_req_duration p(90)<100."] });
  });

  test("of an unknown service, of nonsense, of a viewer is refused", async () => {
    await expect(push({ service: "nothing" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(push({}, "hello")).rejects.toMatchObject({ code: "BAD_REQUEST", message: expect.stringContaining("not valid JSON") });
    await expect(push({ commit: "main" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(as("viewer").push({ service: "payments-api", content: summary() })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await createCaller(contextOf(actor("admin"))).services.archive({ id: "payments-api" });
    await expect(push({})).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
  });
});

describe("baselines", () => {
  test("are promoted by hand, and later runs are held against them", async () => {
    const first = await push({});
    const base = await as().promote({ id: first.run.id });
    expect(base.isBaseline).toBe(true);
    clock.advance(DAY_MS);
    const worse = await push({}, summary({ p95: 300 }));
    expect(worse.run.comparison).toMatchObject({ isRegression: true, measure: "p95" });
    expect(await as("viewer").gate({ service: "payments-api" })).toMatchObject({ passed: false, reasons: ["checkout, basic: worse than its baseline."] });
    const facts = await readLoadFacts(system(), [base.serviceId]);
    expect(facts.get(base.serviceId)).toMatchObject({ runs: 2, regression: { isRegression: true, words: "p95 213 ms → 300 ms, +41.0 %" }, highestPassed: { users: 100 } });
    expect((await as("viewer").scenarios({})).items).toMatchObject([{ scenario: "checkout", runs: 2, hasBaseline: true, isRegression: true, p95s: [212.7, 300] }]);
    await as().promote({ id: worse.run.id });
    expect(await as("viewer").gate({ service: "payments-api" })).toMatchObject({ passed: true });
    await expect(as().promote({ id: worse.run.id })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(as().remove({ id: worse.run.id })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    expect(await as().remove({ id: first.run.id })).toEqual({ ok: true });
    await expect(as("viewer").get({ id: first.run.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(as("viewer").promote({ id: worse.run.id })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("are never runs that failed", async () => {
    const { run } = await push({}, summary({ errorRate: 0.5 }).replaceAll('"rate<0.01"', '"count<5"'));
    expect(run.verdict).toBe("failed");
    await expect(as().promote({ id: run.id })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
  });
});

describe("reading", () => {
  test("runs in pages, a trend, two runs side by side", async () => {
    const a = await push({});
    clock.advance(1_000);
    const b = await push({}, summary({ p95: 220 }));
    clock.advance(1_000);
    await push({ scenario: "search" });
    const first = await as("viewer").list({ limit: 2 });
    expect(first.items.map(({ scenario }) => scenario)).toEqual(["search", "checkout"]);
    expect((await as("viewer").list({ limit: 2, cursor: first.nextCursor! })).items).toMatchObject([{ id: a.run.id }]);
    expect((await as("viewer").list({ scenario: "checkout", service: "payments-api" })).items).toHaveLength(2);
    expect((await as("viewer").trend({ service: "payments-api", scenario: "checkout" })).points.map(({ p95 }) => p95)).toEqual([212.7, 220]);
    expect(await as("viewer").compare({ base: a.run.id, now: b.run.id })).toMatchObject({ isRegression: false, deltas: expect.arrayContaining([expect.objectContaining({ metric: "p95", words: "213 ms → 220 ms, +3.4 %" })]) });
    await addService(system(), { name: "Other" });
    const other = await push({ service: "other" });
    await expect(as("viewer").compare({ base: a.run.id, now: other.run.id })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    const page = await as("viewer").scenarios({ limit: 2 });
    expect([...page.items, ...(await as("viewer").scenarios({ limit: 2, cursor: page.nextCursor! })).items].map(({ serviceName, scenario }) => `${serviceName} ${scenario}`)).toEqual(["Other checkout", "Payments API checkout", "Payments API search"]);
  });

  test("the summary names the most that was proven (C20)", async () => {
    await push({ profile: "smoke" }, JSON.stringify(AUTOCANNON));
    await push({ scenario: "sale" }, summary({ users: 500 }));
    await push({ scenario: "broken" }, summary({ users: 1_000, p95: 9_000 }).replaceAll('"p(95)<500":{"ok":true}', '"p(95)<500":{"ok":false}'));
    expect(await as("viewer").summary({})).toMatchObject({ runs: 3, services: 1, servicesInAll: 1, passed: 2, failed: 1, regressions: 0, highest: { profile: "spike", users: 500, serviceName: "Payments API" } });
  });

  test("a gate asks for runs of a commit", async () => {
    await push({ commit: "abcdef1" });
    expect(await as("viewer").gate({ service: "payments-api", commit: "abcdef1" })).toMatchObject({ passed: true, runs: [{ scenario: "checkout" }] });
    expect(await as("viewer").gate({ service: "payments-api", commit: "1234567" })).toMatchObject({ passed: false, reasons: ["No load test of commit 1234567 was pushed."] });
    expect(await as("viewer").gate({ service: "payments-api", scenario: "none" })).toMatchObject({ passed: false, reasons: ["No load test was pushed."] });
  });

  test("rules of a service decide from then on", async () => {
    const { rules, revision } = await as("viewer").rules({ service: "payments-api" });
    expect(revision).toBe(0);
    const content = summary({ p95: 900 }).replaceAll('"p(95)<500"', '"max<9000"');
    expect((await push({}, content)).run.verdict).toBe("failed");
    expect(await as().updateRules({ service: "payments-api", rules: { ...rules, maxP95Ms: 1_000 }, revision: 0 })).toMatchObject({ revision: 1, isDefault: false });
    await expect(as().updateRules({ service: "payments-api", rules, revision: 0 })).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await push({}, `${content} `)).run.verdict).toBe("passed");
  });
});

test("old runs go; baselines and the newest stay", async () => {
  const base = await push({});
  await as().promote({ id: base.run.id });
  clock.advance(1_000);
  await push({}, summary({ p95: 214 }));
  clock.advance(500 * DAY_MS);
  expect(await pruneRuns(system())).toBe(0);
  await push({}, summary({ p95: 215 }));
  expect(await pruneRuns(system())).toBe(1);
  expect(await database.db.loadRun.count()).toBe(2);
});

describe("a file over REST", () => {
  const server = testServer(database, { "/api/v1": restEndpoint(appRouter) });
  const keys: Record<string, string> = {};

  beforeAll(async () => {
    const now = new Date();
    for (const [name, scopes, revokedAt] of [["writer", ["loadtests:write"], null], ["reader", ["loadtests:read"], null], ["revoked", ["*"], now]] as const) {
      const made = makeApiKey();
      await database.db.user.create({ data: { id: `usr_${name}`, email: `${name}@example.com`, name, role: "editor", createdAt: now, updatedAt: now } });
      await database.db.apiKey.create({ data: { id: `key_${name}`, name, prefix: made.prefix, hash: made.hash, ownerId: `usr_${name}`, scopes: [...scopes], createdAt: now, revokedAt } });
      keys[name] = made.plain;
    }
  });

  const send = (body: string, key: string) => fetch(`${server.origin}/api/v1/loadtests/reports?service=payments-api&scenario=stream`, { method: "POST", headers: { authorization: `Bearer ${keys[key]}` }, body });

  test("is taken from a key that may write", async () => {
    const answer = await send(k6Stream(3_000), "writer");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ isNew: true, run: { format: "k6-stream", figures: { requests: 3_000 }, verdict: "failed" } });
  });

  test("is refused from a key that may only read, and from one that was revoked", async () => {
    expect((await send(k6Stream(10), "reader")).status).toBe(403);
    expect((await send(k6Stream(10), "revoked")).status).toBe(401);
    expect(await database.db.loadRun.count()).toBe(0);
  });
});

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += 65_536) yield all.subarray(at, at + 65_536);
}
const read = (text: string) => readReport(bytes(text));

describe("large reports", () => {
  test("a million metrics are read and the first 300 kept", async () => {
    const many = Array.from({ length: 1_000_000 }, (_, index) => `"m${index}":{}`).join(",");
    const parsed = await read(`{"state":{},"metrics":{${many},${JSON.stringify(K6_SUMMARY.metrics).slice(1)}}`);
    expect(parsed.metrics).toHaveLength(300);
    expect(parsed.omittedMetrics).toBe(999_705);
    expect(parsed.figures.requests).toBe(12_000);
  });

  test("a summary beyond 24 MiB and a line beyond 1 MiB are refused", async () => {
    await expect(read(`{"metrics":{"a":"${"x".repeat(25 * 1_024 * 1_024)}"}}`)).rejects.toThrow(/24 MiB/);
    await expect(read(`${k6Stream(1)}${"x".repeat(2 * 1_024 * 1_024)}`)).rejects.toThrow(/1 MiB/);
  });
});
