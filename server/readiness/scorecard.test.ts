/** The rules as a table of what takes each down, and the arithmetic of the score as properties. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { BackupFacts } from "../backups/queries/index.ts";
import type { CheckFacts, ServiceFacts } from "../services/queries/index.ts";
import { CHECKLISTS } from "./checklist/catalogue.ts";
import type { Facts } from "./facts.ts";
import { judgeService } from "./judge.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules/registry.ts";
import { CAP, CATEGORIES, DEFAULT_WEIGHTS, fleetScore, levelOf, scoreOf, staleCredit, supposeHeld, type Judged } from "./schema/index.ts";
import { scoreService } from "./scorecard.ts";
import { backup, check, facts, NOW, service } from "./testing/facts.ts";

const DAY_MS = 86_400_000;
const score = (own: Facts, waived: string[] = []) => scoreService(own, { rules: RULES, weights: DEFAULT_WEIGHTS, waived: new Set(waived), now: NOW });
const lineOf = (own: Facts, rule: string, now = NOW) => judgeService(own, { rules: RULES, now, waived: new Set() }).find((line) => line.rule === rule);
const withService = (part: Partial<ServiceFacts>) => facts({ service: service(part) });
const withCheck = (part: Partial<CheckFacts>) => withService({ checks: [check(part)] });
const withCoverage = (part: Partial<NonNullable<NonNullable<Facts["coverage"]>["latest"]>>) => facts({ coverage: { ...facts().coverage!, latest: { ...facts().coverage!.latest!, ...part } } });
const withPlan = (part: Partial<BackupFacts>) => facts({ backups: [backup(part)] });
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const HOUR_MS = 3_600_000;
const header = (detail: Record<string, string>) => facts({ observed: { ...facts().observed, headers: { ...facts().observed.headers!, detail } } });

describe("the registry", () => {
  test("names every file of the folder, each rule once", () => {
    const files = readdirSync(path.join(import.meta.dirname, "rules")).filter((name) => !["registry.ts", "words.ts", "backup-words.ts", "coverage-words.ts"].includes(name)).map((name) => name.replace(/\.ts$/, ""));
    expect(RULES.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
    expect(RULES.length).toBeGreaterThanOrEqual(40);
  });

  test("has rules in every area and words for people (SRV-129)", () => {
    expect(new Set(RULES.map(({ category }) => category)).size).toBeGreaterThanOrEqual(10);
    for (const rule of RULES) {
      expect(rule.title).not.toMatch(/[.!]$/);
      expect(rule.why).toMatch(/\.$/);
      expect(rule.fix).toMatch(/\.$/);
      expect(rule.weight).toBeGreaterThan(0);
    }
  });

  test("has the 171 questions, each once, with areas that exist (C45)", () => {
    const items = CHECKLISTS.flatMap((list) => list.items);
    expect(items).toHaveLength(171);
    expect(new Set(items.map(({ id }) => id)).size).toBe(171);
    expect(items.every(({ category }) => CATEGORIES.includes(category))).toBe(true);
    expect(items.filter(({ isBlocking }) => isBlocking)).toHaveLength(8);
  });
});

describe("rules", () => {
  test("all hold for a service that is well", () => {
    const card = score(facts());
    expect(card.lines.filter((line) => line.outcome !== "pass").map((line) => [line.rule, line.outcome, line.value])).toEqual([]);
    expect(card).toMatchObject({ score: 100, isCapped: false, level: "gold", blocking: 0 });
  });

  test.each<[string, Facts, "fail" | "unknown" | "stale"]>([
    ["watched", withService({ checks: [] }), "fail"],
    ["second-check", withCheck({}), "fail"],
    ["up-now", withCheck({ state: "down" }), "fail"],
    ["up-now", withCheck({ state: "unknown" }), "unknown"],
    ["uptime-30-days", withService({ uptime30d: { ratio: 0.9989, knownShare: 1 } }), "fail"],
    ["uptime-30-days", withService({ uptime30d: { ratio: 1, knownShare: 0.01 } }), "unknown"],
    ["uptime-7-days", withService({ uptime7d: { ratio: 0.99, knownShare: 1 } }), "fail"],
    ["no-long-outage", withService({ longestOutageMs: 31 * 60_000 }), "fail"],
    ["checked-often", withCheck({ intervalSeconds: 61 }), "fail"],
    ["liveness-answers", withCheck({}), "fail"],
    ["readiness-answers", withCheck({ url: "https://pay.example.com/" }), "fail"],
    ["readiness-answers", withCheck({ state: "unknown" }), "unknown"],
    ["health-covers-dependencies", withService({ checks: [check()], components: [] }), "fail"],
    ["components-well", withService({ components: [{ ...service().components[0]!, verdict: "degraded" }] }), "fail"],
    ["components-reported", withService({ components: [{ ...service().components[0]!, isGone: true }] }), "fail"],
    ["steady", withService({ falls7d: 4 }), "fail"],
    ["confirmed-alarms", withCheck({ failuresBeforeDown: 1 }), "fail"],
    ["https-only", withCheck({ url: "http://pay.example.com/health/ready" }), "fail"],
    ["tls-days", withCheck({ certificateExpiresAt: new Date(NOW.getTime() + 13 * DAY_MS) }), "fail"],
    ["tls-days", withCheck({ certificateExpiresAt: null }), "unknown"],
    ["tls-verified", withCheck({ ignoresCertificateErrors: true }), "fail"],
    ["header-hsts", header({ "strict-transport-security": "max-age=300" }), "fail"],
    ["header-content-type", header({}), "fail"],
    ["header-framing", header({}), "fail"],
    ["header-csp", header({ "content-security-policy": "default-src * 'unsafe-eval'" }), "fail"],
    ["header-referrer", header({ "referrer-policy": "unsafe-url" }), "fail"],
    ["header-no-version", header({ server: "nginx/1.25.3" }), "fail"],
    ["header-csp", facts({ observed: {} }), "unknown"],
    ["redirects-to-https", facts({ observed: { ...facts().observed, redirect: { ...facts().observed.redirect!, status: 200, detail: {} } } }), "fail"],
    ["no-credentials-in-links", withService({ links: [{ label: "Docs", url: "https://a.example.com/?token=abcdef123" }] }), "fail"],
    ["check-secrets-sealed", withCheck({ plainCredentials: ["Authorization"] }), "fail"],
    ["facts-fresh", withCheck({ isStale: true }), "fail"],
    ["latency-measured", withService({ latency7d: { p50: null, p95: null, p99: null, count: 0 } }), "fail"],
    ["p95-within-objective", withService({ latency1d: { p50: 300, p95: 640, p99: 900, count: 100 } }), "fail"],
    ["p95-within-objective", withService({ latency1d: { p50: null, p95: null, p99: null, count: 0 } }), "unknown"],
    ["p99-under-a-second", withService({ latency7d: { p50: 300, p95: 640, p99: 1_400, count: 1_000 } }), "fail"],
    ["latency-steady", withService({ latency1d: { p50: 100, p95: 400, p99: 500, count: 100 } }), "fail"],
    ["load-profile-passed", facts({ load: { ...facts().load!, highestPassed: { id: "l", scenario: "s", profile: "basic", users: 100, at: NOW } } }), "fail"],
    ["load-profile-passed", facts({ load: null }), "unknown"],
    ["load-green", facts({ load: { ...facts().load!, latest: { ...facts().load!.latest!, verdict: "failed", reasons: ["p95 is 900 ms"] } } }), "fail"],
    ["load-error-rate", facts({ load: { ...facts().load!, latest: { ...facts().load!.latest!, errorRate: 0.2 } } }), "fail"],
    ["load-no-regression", facts({ load: { ...facts().load!, regression: { runId: "l", isRegression: true, words: "p95", at: NOW } } }), "fail"],
    ["load-tested-lately", facts({ load: { ...facts().load!, latest: { ...facts().load!.latest!, at: new Date(NOW.getTime() - 40 * DAY_MS) } } }), "stale"],
    ["described", withService({ description: "pay" }), "fail"],
    ["docs-answer", withService({ links: [] }), "fail"],
    ["runbook-answers", facts({ observed: { ...facts().observed, runbook: { ...facts().observed.runbook!, status: 404 } } }), "fail"],
    ["runbook-answers", facts({ observed: { ...facts().observed, runbook: { ...facts().observed.runbook!, observedAt: new Date(NOW.getTime() - 8 * DAY_MS) } } }), "stale"],
    ["has-owner", withService({ owner: "" }), "fail"],
    ["repository-answers", withService({ repositoryUrl: null }), "fail"],
    ["classified", withService({ domain: "", tags: [] }), "fail"],
    ["database-well", withCheck({ kind: "postgres", url: null, state: "down" }), "fail"],
    ["tests-green", facts({ coverage: { ...facts().coverage!, tests: { ...facts().coverage!.tests!, isGreen: false, failed: 2 } } }), "fail"],
    ["tests-green", facts({ coverage: null }), "unknown"],
    ["tests-steady", facts({ coverage: { ...facts().coverage!, tests: { ...facts().coverage!.tests!, flaky: 40 } } }), "fail"],
    ["coverage-lines", withCoverage({ percent: { ...facts().coverage!.latest!.percent, lines: 69.9 } }), "fail"],
    ["coverage-lines", facts({ coverage: { ...facts().coverage!, latest: null } }), "unknown"],
    ["coverage-branches", withCoverage({ percent: { ...facts().coverage!.latest!.percent, branches: 60 } }), "fail"],
    ["coverage-gate", withCoverage({ outcome: "fail" }), "fail"],
    ["coverage-gate", withCoverage({ outcome: "incomplete", missing: ["e2e"] }), "unknown"],
    ["coverage-complete", withCoverage({ missing: ["e2e"] }), "fail"],
    ["suite-unit", withCoverage({ flags: [] }), "unknown"],
    ["suite-integration", withCoverage({ flags: facts().coverage!.latest!.flags.map((flag) => ({ ...flag, percent: { ...flag.percent, lines: 20 } })) }), "fail"],
    ["evidence-from-pipeline", facts({ load: null }), "unknown"],
    ["backup-planned", facts({ backups: [] }), "fail"],
    ["backup-planned", withPlan({ isLive: false, isPaused: true }), "fail"],
    ["backup-planned", withPlan({ isLive: false }), "fail"],
    ["backup-recent", withPlan({ good: { ...backup().good!, dataAsOf: ago(8 * HOUR_MS) } }), "fail"],
    ["backup-recent", withPlan({ good: null }), "fail"],
    ["backup-recent", withPlan({ good: null, createdAt: ago(HOUR_MS) }), "unknown"],
    ["backup-recent", facts({ backups: [backup(), backup({ name: "ledger-db", good: null })] }), "fail"],
    ["backup-recent", facts({ backups: [backup(), backup({ name: "ledger-db", good: null, createdAt: NOW })] }), "unknown"],
    ["backup-verified", withPlan({ verified: { dataAsOf: ago(9 * DAY_MS), verifiedAt: ago(HOUR_MS) } }), "fail"],
    ["backup-verified", withPlan({ verified: null }), "fail"],
    ["backup-verified", withPlan({ verified: null, lastDrill: null }), "unknown"],
    ["backup-drilled", withPlan({ verified: { dataAsOf: ago(36 * DAY_MS), verifiedAt: ago(35 * DAY_MS) } }), "fail"],
    ["backup-drilled", withPlan({ lastDrill: { state: "failed", at: NOW } }), "fail"],
    ["backup-drilled", withPlan({ verified: null, lastDrill: null }), "fail"],
    ["backup-drilled", withPlan({ verified: null, lastDrill: null, createdAt: ago(DAY_MS) }), "unknown"],
    ["backup-encrypted", withPlan({ isEncrypted: false }), "fail"],
    ["backup-encrypted", withPlan({ good: { ...backup().good!, isEncrypted: false } }), "fail"],
    ["backup-encrypted", withPlan({ good: null }), "unknown"],
    ["backup-off-site", withPlan({ good: { ...backup().good!, offSite: [] } }), "fail"],
    ["backup-off-site", withPlan({ good: null }), "unknown"],
  ])("%s can be %#", (rule, own, outcome) => {
    const line = lineOf(own, rule);
    expect([line?.rule, line?.outcome]).toEqual([rule, outcome]);
    expect(line?.value).not.toBe("");
    expect(line?.target).not.toBe("");
  });

  test("about backups do not apply without a plan, name the plan that fails among many, and let a paused one beside a running one be", () => {
    expect(lineOf(facts({ backups: [] }), "backup-recent")).toBeUndefined();
    expect(lineOf(facts({ backups: [backup(), backup({ name: "ledger-db", slug: "ledger-db", isEncrypted: false })] }), "backup-encrypted")).toMatchObject({ outcome: "fail", value: "ledger-db: the plan does not encrypt", evidence: { href: "/backups/ledger-db" } });
    expect(lineOf(facts({ backups: [backup(), backup({ isLive: false, isPaused: true, good: null })] }), "backup-recent")).toMatchObject({ outcome: "pass" });
    expect(lineOf(withPlan({ verified: { dataAsOf: ago(7 * DAY_MS), verifiedAt: ago(7 * DAY_MS) } }), "backup-verified")).toMatchObject({ outcome: "pass" });
    expect(lineOf(withPlan({ verified: { dataAsOf: ago(16 * DAY_MS), verifiedAt: ago(HOUR_MS) } }), "backup-verified")).toMatchObject({ outcome: "fail", credit: 0.5 });
  });

  test("that throw are unknown, never a pass, and are told once", () => {
    const broken: Rule = { ...RULES.find(({ id }) => id === "watched")!, id: "broken", judge: () => { throw new Error("boom"); } };
    const told: string[] = [];
    const lines = judgeService(facts(), { rules: [broken, ...RULES], now: NOW, waived: new Set(), onBroken: (rule) => told.push(rule) });
    expect(lines[0]).toMatchObject({ rule: "broken", outcome: "unknown", credit: 0 });
    expect(lines).toHaveLength(judgeService(facts(), { rules: RULES, now: NOW, waived: new Set() }).length + 1);
    expect(told).toEqual(["broken"]);
  });

  test("open to what was seen", () => {
    for (const line of score(facts()).lines) {
      expect(line.evidence?.seen.length, line.rule).toBeGreaterThan(0);
      expect(line.observedAt, line.rule).not.toBeNull();
    }
  });
});

describe("questions", () => {
  const answer = (item: string, part: object = {}) => new Map([[item, { item, answer: "yes" as const, note: "", evidenceUrl: null, reviewer: "Maya", answeredAt: NOW, expiresAt: null, ...part }]]);

  test("of an adopted list are unknown until somebody answers", () => {
    const lines = judgeService(facts({ lists: ["predeploy-code"] }), { rules: RULES, now: NOW, waived: new Set() });
    expect(lines.filter((line) => line.rule.startsWith("item.")).every((line) => line.outcome === "unknown")).toBe(true);
  });

  test.each([
    ["pass", answer("predeploy-code.3"), NOW],
    ["fail", answer("predeploy-code.3", { answer: "no" }), NOW],
    ["stale", answer("predeploy-code.3", { expiresAt: new Date(NOW.getTime() - DAY_MS) }), NOW],
    ["stale", answer("predeploy-code.3"), new Date(NOW.getTime() + 200 * DAY_MS)],
  ])("answered count as %s", (outcome, answers, now) => {
    expect(lineOf(facts({ lists: ["predeploy-code"], answers }), "item.predeploy-code.3", now)?.outcome).toBe(outcome);
  });

  test("that do not apply cost nothing, and those a rule answers are not counted twice", () => {
    const own = facts({ lists: ["predeploy-code", "predeploy-tests"], answers: answer("predeploy-code.3", { answer: "notApplicable" }) });
    expect(lineOf(own, "item.predeploy-code.3")).toBeUndefined();
    expect(lineOf(own, "item.predeploy-tests.2")).toBeUndefined();
    expect(lineOf(own, "item.predeploy-tests.1")?.outcome).toBe("unknown");
  });
});

describe("the score (C72)", () => {
  const line = (part: Partial<Judged> & { rule: string }) => ({ category: "security" as const, severity: "medium" as const, weight: 1, isBlocking: false, outcome: "pass" as const, credit: 1, isWaived: false, ...part });

  test("gives each area its weight, scaled to what applies, and adds up to 100", () => {
    const card = scoreOf([line({ rule: "a" }), line({ rule: "b", category: "testing", weight: 3 }), line({ rule: "c", category: "testing", outcome: "fail", credit: 0 })], DEFAULT_WEIGHTS, 2);
    expect(card.lines.reduce((sum, each) => sum + each.points, 0)).toBeCloseTo(100, 1);
    expect(card.categories.map(({ category, points }) => [category, points])).toEqual([["security", 52], ["testing", 48]]);
    expect(card.earned).toBe(88);
  });

  test("is capped at 79 while a blocking rule fails or is unknown; a waiver lifts that", () => {
    const own = facts({ service: service({ checks: [check({ state: "down" }), ...service().checks.slice(1)] }) });
    expect(score(own)).toMatchObject({ score: CAP, isCapped: true, level: "none", blocking: 1 });
    expect(score(own, ["up-now"])).toMatchObject({ isCapped: false, blocking: 0 });
    expect(score(own, ["up-now"]).score).toBeGreaterThan(CAP);
  });

  test("of what-if is what an evaluation would give", () => {
    const own = facts({ load: null });
    const before = score(own);
    const supposed = scoreOf(supposeHeld(before.lines, new Set(["load-profile-passed"])), DEFAULT_WEIGHTS, 1);
    expect(supposed.earned).toBeCloseTo(before.earned + (before.lines.find((each) => each.rule === "load-profile-passed")?.points ?? 0), 1);
  });

  test.each([[1, "none"], [60, "none"], [70, "bronze"], [85, "silver"], [95, "gold"]])("%i points of tier 1 are %s when everything important holds", (points, level) => {
    expect(levelOf(points, [line({ rule: "a" })], 1)).toBe(level);
  });

  test("needs less for a lower tier, and critical rules for silver", () => {
    expect(levelOf(64, [line({ rule: "a" })], 3)).toBe("silver");
    expect(levelOf(99, [line({ rule: "a", severity: "critical", outcome: "stale", credit: 0.5 })], 1)).toBe("bronze");
    expect(levelOf(99, [line({ rule: "a", severity: "high", outcome: "fail", credit: 0 })], 1)).toBe("silver");
  });

  test("decays in quarters and is gone at twice the time", () => {
    expect([0, 1, 1.1, 1.3, 1.6, 1.8, 2, 9].map((times) => staleCredit(times * DAY_MS, DAY_MS))).toEqual([1, 1, 0.75, 0.5, 0.25, 0, 0, 0].map((credit, index) => (index === 6 ? 0 : credit)));
  });

  test("of all services weighs by tier and is capped by tier 1 alone", () => {
    expect(fleetScore([])).toBeNull();
    expect(fleetScore([{ earned: 100, tier: 1, blocking: 0 }, { earned: 60, tier: 3, blocking: 2 }])).toMatchObject({ score: 90, isCapped: false });
    expect(fleetScore([{ earned: 100, tier: 1, blocking: 1 }, { earned: 60, tier: 3, blocking: 0 }])).toMatchObject({ score: CAP, isCapped: true, heldBack: 1 });
  });
});
