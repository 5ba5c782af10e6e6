/** Readiness from the outside: scores that follow the evidence, waivers between two people, answers, history, gate, report. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../platform/context.ts";
import { forgetAudit } from "../platform/testing/audit.ts";
import { asActor, manualClock, testContext, testDatabase } from "../platform/testing/database.ts";
import { OutboundError, type Outbound, type OutboundRequest } from "../platform/http/outbound.ts";
import { createCaller } from "../root.ts";
import { addBackupRow, addPlanRow, addStoreRow } from "../backups/testing/rows.ts";
import { forgetCatalogue } from "../backups/testing/fixtures.ts";
import { addService, answer, networkOf } from "../services/testing/fixtures.ts";
import { evaluate, follow, observe } from "./mutations/index.ts";

const database = testDatabase();
const DAY_MS = 86_400_000;
let clock = manualClock();
let round = 0;
let http: Outbound = networkOf(() => answer(200, "ok"));
const person = (name: string, role: "viewer" | "editor" | "admin"): Actor => ({ ...asActor(role), id: `usr_${name}_${round}`, name } as Actor);
const contextOf = (actor: Actor) => testContext({ db: database.db, actor, now: clock, http });
const system = () => contextOf({ kind: "system", name: "test" });
const as = (actor: Actor) => createCaller(contextOf(actor)).readiness;
const [admin, second, editor, viewer] = [() => person("Ada", "admin"), () => person("Bea", "admin"), () => person("Eve", "editor"), () => person("Vic", "viewer")];
const lastAudit = () => database.db.auditEntry.findFirst({ orderBy: { id: "desc" } });
const inDays = (days: number) => new Date(clock().getTime() + days * DAY_MS);
const REASON = "The team forms in December.";

beforeEach(async () => {
  round += 1;
  clock = manualClock();
  http = networkOf(() => answer(200, "ok"));
  await forgetCatalogue(database.db);
  await database.db.service.deleteMany();
  for (const table of ["readinessChange", "readinessPoint", "readinessRisk", "readinessWorkstream", "readinessMilestone", "readinessDeferred", "readinessPolicy", "readinessProgress"] as const) await (database.db[table] as { deleteMany: () => Promise<unknown> }).deleteMany();
  await forgetAudit(database.pool);
});

describe("a score", () => {
  test("opens every point to what was seen, worst first", async () => {
    const { id, slug } = await addService(system());
    const card = await as(viewer()).get({ id: slug });
    expect(card).toMatchObject({ serviceId: id, level: "none", goal: 85 });
    expect(card.lines.reduce((sum, line) => sum + line.points, 0)).toBeCloseTo(100, 0);
    expect(card.lines[0]).toMatchObject({ isBlocking: true });
    expect(card.lines.find((line) => line.rule === "has-owner")).toMatchObject({ outcome: "fail", value: "nobody", evidence: { href: "/services/payments-api?tab=settings", seen: [{ label: "Owner", value: "none" }] } });
  });

  test("of an unknown or archived service is not found", async () => {
    await expect(as(viewer()).get({ id: "nothing" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const { id } = await addService(system());
    await createCaller(contextOf(admin())).services.archive({ id });
    await expect(as(viewer()).get({ id })).rejects.toMatchObject({ code: "NOT_FOUND", message: expect.stringContaining("archived") });
  });

  test("follows the evidence and says what changed and why", async () => {
    const { id } = await addService(system());
    await evaluate(system());
    clock.advance(DAY_MS);
    await createCaller(contextOf(editor())).services.update({ id, revision: 1, owner: "Payments" });
    expect(await follow(system())).toMatchObject({ changed: 1 });
    const { items } = await as(viewer()).changes({ id });
    expect(items).toMatchObject([{ rule: "has-owner", from: "fail", to: "pass", why: "Payments", serviceName: "Payments API" }]);
    expect(items[0]!.points).toBeGreaterThan(0);
    const { points } = await as(viewer()).history({ id });
    expect(points.length).toBeGreaterThanOrEqual(1);
    expect((await as(viewer()).changes({ id, to: inDays(-1) })).items).toEqual([]);
  });

  test("that did not change writes nothing", async () => {
    await addService(system());
    expect(await evaluate(system())).toEqual({ services: 1, changed: 1 });
    const before = await database.db.readinessScore.findFirst();
    clock.advance(60_000);
    expect(await evaluate(system())).toEqual({ services: 1, changed: 0 });
    const after = await database.db.readinessScore.findFirst();
    expect(after).toEqual({ ...before, evaluatedAt: clock() });
    expect(await database.db.readinessChange.count()).toBe(0);
  });

  test("is evaluated by many at once without doubling anything", async () => {
    for (const name of ["One", "Two", "Three"]) await addService(system(), { name });
    await Promise.all(Array.from({ length: 6 }, () => evaluate(system())));
    expect(await database.db.readinessScore.count()).toBe(3);
    expect(await database.db.readinessPoint.count({ where: { serviceId: { not: null } } })).toBe(3);
  });

  test("of all services is listed lowest first, with a summary", async () => {
    await addService(system(), { name: "Good", owner: "Team", description: "Does something useful for people.", tags: ["a"], tier: 3 });
    await addService(system(), { name: "Bad" });
    await evaluate(system());
    const { items } = await as(viewer()).list({});
    expect(items.map(({ name }) => name)).toEqual(["Bad", "Good"]);
    expect(items[0]).toMatchObject({ level: "none", trend: expect.arrayContaining([items[0]!.score]) });
    expect((await as(viewer()).list({ search: "good" })).items).toHaveLength(1);
    const first = await as(viewer()).list({ limit: 1 });
    expect((await as(viewer()).list({ limit: 1, cursor: first.nextCursor! })).items[0]?.name).toBe("Good");
    expect(await as(viewer()).summary({})).toMatchObject({ services: 2, levels: { none: 2 }, goal: 85, score: expect.any(Number) });
  });

  test("of the past is never rewritten", async () => {
    await addService(system());
    await database.db.readinessChange.create({ data: { at: clock(), serviceId: "svc", rule: "r", title: "t", points: 1, why: "" } });
    await expect(database.db.readinessChange.updateMany({ data: { points: 9 } })).rejects.toThrow(/append only/);
  });

  test("can be stated for the past with its source (C72, SRV-001)", async () => {
    await as(editor()).stateScore({ score: 55, at: inDays(-60), note: "Review of October" });
    await as(editor()).stateScore({ score: 68, at: inDays(-30), note: "Review of November" });
    expect((await as(viewer()).history({})).points).toMatchObject([{ score: 55, note: "Review of October", isStated: true }, { score: 68, isStated: true }]);
    await expect(as(editor()).stateScore({ score: 1, at: inDays(1), note: "Tomorrow" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });
});

describe("backups", () => {
  const linesOf = async (id: string) => Object.fromEntries((await as(viewer()).get({ id })).lines.filter(({ rule }) => rule.startsWith("backup-")).map(({ rule, outcome }) => [rule, outcome]));

  test("count for the service that a plan names, as soon as something happens", async () => {
    const { id } = await addService(system());
    await follow(system());
    expect(await linesOf(id)).toEqual({ "backup-planned": "fail" });
    const storeId = await addStoreRow(system());
    const planId = await addPlanRow(system(), storeId, { serviceId: id });
    expect(await linesOf(id)).toEqual({ "backup-planned": "pass", "backup-recent": "unknown", "backup-verified": "unknown", "backup-drilled": "unknown", "backup-encrypted": "unknown", "backup-off-site": "unknown" });
    const runId = await addBackupRow(system(), { planId, storeId });
    expect(await linesOf(id)).toMatchObject({ "backup-recent": "pass", "backup-encrypted": "pass", "backup-off-site": "pass", "backup-verified": "unknown" });
    await database.db.backupRun.update({ where: { id: runId }, data: { verifiedAt: clock() } });
    await database.db.backupDrill.create({ data: { id: `drl_${runId}`, planId, runId, storeId, trigger: "manual", state: "passed", requestedBy: "test", requestedAt: clock(), finishedAt: clock() } });
    expect(await follow(system())).toMatchObject({ changed: 1 });
    expect(Object.values(await linesOf(id))).toEqual(Array.from({ length: 6 }, () => "pass"));
    clock.advance(2 * DAY_MS);
    expect(await linesOf(id)).toMatchObject({ "backup-recent": "fail", "backup-verified": "pass", "backup-drilled": "pass" });
    clock.advance(7 * DAY_MS);
    expect(await linesOf(id)).toMatchObject({ "backup-verified": "fail", "backup-drilled": "pass" });
    await database.db.backupPlan.update({ where: { id: planId }, data: { archivedAt: clock() } });
    expect(await linesOf(id)).toEqual({ "backup-planned": "fail" });
  });

  test("of the console's own plan count for the console; a copy on its own machine is not another place", async () => {
    const { id } = await addService(system());
    await database.db.service.update({ where: { id }, data: { isSelf: true } });
    const storeId = await addStoreRow(system(), { kind: "local", folder: "/var/backups" });
    const planId = await addPlanRow(system(), storeId, { source: { kind: "self" }, sourceKind: "self" });
    await addBackupRow(system(), { planId, storeId }, { cipher: "none" });
    expect(await linesOf(id)).toMatchObject({ "backup-planned": "pass", "backup-recent": "pass", "backup-encrypted": "fail", "backup-off-site": "fail" });
  });
});

describe("what-if and gate", () => {
  test("tell the score with rules held, step by step, and save nothing", async () => {
    const { id } = await addService(system());
    const { score, lines } = await as(viewer()).get({ id });
    const rules = lines.filter((line) => line.outcome !== "pass").slice(0, 3).map((line) => line.rule);
    const answered = await as(viewer()).whatIf({ id, rules });
    expect(answered).toMatchObject({ before: score, steps: rules.map((rule) => expect.objectContaining({ rule })) });
    expect(answered.after).toBeGreaterThan(score);
    expect(answered.steps.at(-1)?.score).toBe(answered.after);
    expect((await as(viewer()).get({ id })).score).toBe(score);
    await expect(as(viewer()).whatIf({ id, rules: ["two-admins"] })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  test("refuse with reasons and pass when asked for less", async () => {
    const { id } = await addService(system(), { tier: 3 });
    const gate = await as(viewer()).gate({ id });
    expect(gate).toMatchObject({ passed: false, minScore: 85, reasons: expect.arrayContaining([expect.stringMatching(/^The score is \d+, \d+ below 85\.$/), expect.stringMatching(/^Blocking: It is up\. Found: no fresh result\.$/)]) });
    expect(await as(viewer()).gate({ id, minScore: 0, allowBlocking: "true" })).toMatchObject({ passed: true, reasons: [] });
    expect(await as(viewer()).gate({ id, minScore: 0, allowBlocking: "true", level: "gold" })).toMatchObject({ passed: false, reasons: ["The level is none, gold is asked."] });
  });
});

describe("a badge", () => {
  const stranger: Actor = { kind: "anonymous" };

  test("is shown to strangers once somebody says so, and an unknown service looks like a hidden one", async () => {
    const { id, slug } = await addService(system());
    await evaluate(system());
    expect(await as(viewer()).badge({ id: slug })).toMatchObject({ label: "readiness", color: "red", message: expect.stringMatching(/^\d+ of 100, held back$/) });
    const hidden = await as(stranger).badge({ id: slug }).catch((error: unknown) => error);
    const absent = await as(stranger).badge({ id: "nothing" }).catch((error: unknown) => error);
    expect(String(hidden)).toBe(String(absent));
    await expect(as(viewer()).shareBadge({ id, isPublic: true })).rejects.toMatchObject({ code: "FORBIDDEN" });

    await as(editor()).shareBadge({ id, isPublic: true });
    await as(editor()).shareBadge({ id, isPublic: true });
    expect(await database.db.auditEntry.count({ where: { action: "readiness.shareBadge" } })).toBe(1);
    expect(await as(stranger).badge({ id: slug })).toMatchObject({ label: "readiness" });
    expect(await as(viewer()).get({ id })).toMatchObject({ isBadgePublic: true });

    await as(editor()).shareBadge({ id, isPublic: false });
    await expect(as(stranger).badge({ id: slug })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("stated scores", () => {
  test("are listed with their source and taken back, and computed ones are safe", async () => {
    const { id } = await addService(system());
    await evaluate(system());
    await as(editor()).stateScore({ score: 55, at: inDays(-60), note: "Review by hand" });
    await as(editor()).stateScore({ id, score: 68, at: inDays(-30), note: "Second review" });
    const { items } = await as(viewer()).stated({});
    expect(items.map(({ score, serviceName, note, statedBy }) => [score, serviceName, note, statedBy])).toEqual([[68, "Payments API", "Second review", "Eve"], [55, null, "Review by hand", "Eve"]]);
    expect((await as(viewer()).stated({ id })).items).toHaveLength(1);

    const computed = await database.db.readinessPoint.findFirstOrThrow({ where: { statedBy: null } });
    await expect(as(editor()).removeStated({ point: computed.id.toString() })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await as(editor()).removeStated({ point: items[1]!.point });
    expect(await lastAudit()).toMatchObject({ action: "readiness.removeStated", before: expect.objectContaining({ score: 55 }) });
    await expect(as(editor()).removeStated({ point: items[1]!.point })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await as(viewer()).stated({})).items).toHaveLength(1);
  });
});

describe("waivers", () => {
  const ask = async (by: Actor, days = 30) => {
    const { id } = await addService(system());
    return as(by).requestWaiver({ id, rule: "has-owner", reason: REASON, expiresAt: inDays(days) });
  };
  const earned = async (id: string) => (await as(viewer()).get({ id })).lines.find((line) => line.rule === "has-owner");

  test("hold a rule once another administrator agrees, and end by themselves", async () => {
    const asked = await ask(editor());
    expect(asked).toMatchObject({ state: "asked", requestedBy: "Eve" });
    expect(await earned(asked.serviceId)).toMatchObject({ isWaived: false });
    expect(await as(admin()).decideWaiver({ waiver: asked.id, decision: "approve", note: "Until then." })).toMatchObject({ state: "inForce", decidedBy: "Ada" });
    expect(await lastAudit()).toMatchObject({ action: "readiness.decideWaiver", summary: "Approved the waiver of “Somebody owns it” on Payments API" });
    expect(await earned(asked.serviceId)).toMatchObject({ isWaived: true, outcome: "fail" });
    clock.advance(31 * DAY_MS);
    expect(await earned(asked.serviceId)).toMatchObject({ isWaived: false });
    expect(await follow(system())).toMatchObject({ changed: 1 });
    expect((await as(viewer()).waivers({})).items[0]).toMatchObject({ state: "expired" });
    expect(await lastAudit()).toMatchObject({ action: "readiness.endWaiver", actorLabel: "test" });
    expect((await as(viewer()).changes({})).items[0]).toMatchObject({ rule: "has-owner", why: "no longer waived" });
  });

  test("stay over when the clock steps back", async () => {
    const asked = await ask(editor(), 2);
    await as(admin()).decideWaiver({ waiver: asked.id, decision: "approve" });
    clock.advance(3 * DAY_MS);
    await evaluate(system());
    clock.advance(-3 * DAY_MS);
    await evaluate(system());
    expect(await earned(asked.serviceId)).toMatchObject({ isWaived: false });
    expect((await as(viewer()).waivers({})).items[0]).toMatchObject({ state: "expired" });
    // A clock that leaps ahead ends it too, and asking again is possible.
    clock.advance(400 * DAY_MS);
    await as(editor()).requestWaiver({ id: asked.serviceId, rule: "has-owner", reason: REASON, expiresAt: inDays(5) });
    expect((await as(viewer()).waivers({ state: "asked" })).items).toHaveLength(1);
  });

  test("are never decided by who asked, by no key and by no detour", async () => {
    const asked = await ask(admin());
    await expect(as(admin()).decideWaiver({ waiver: asked.id, decision: "approve" })).rejects.toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining("Who asks") });
    const ownKey: Actor = { kind: "apiKey", id: "key_1", name: "ci", ownerId: asked.requestedById, role: "admin", scopes: ["*"] };
    await expect(as(ownKey).decideWaiver({ waiver: asked.id, decision: "approve" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(as(editor()).decideWaiver({ waiver: asked.id, decision: "approve" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(database.db.readinessWaiver.update({ where: { id: asked.id }, data: { state: "approved", decidedById: asked.requestedById } })).rejects.toThrow(/two_people/);
    expect(await as(second()).decideWaiver({ waiver: asked.id, decision: "approve" })).toMatchObject({ state: "inForce", decidedBy: "Bea" });
  });

  test("asked by a key belong to its owner", async () => {
    const { id } = await addService(system());
    const key: Actor = { kind: "apiKey", id: "key_1", name: "ci", ownerId: (admin() as { id: string }).id, role: "admin", scopes: ["*"] };
    const asked = await as(key).requestWaiver({ id, rule: "has-owner", reason: REASON, expiresAt: inDays(5) });
    await expect(as(admin()).decideWaiver({ waiver: asked.id, decision: "approve" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("are decided once, also in a race, and refuse nonsense", async () => {
    const asked = await ask(editor());
    const decided = await Promise.allSettled([as(admin()), as(second())].map((by) => by.decideWaiver({ waiver: asked.id, decision: "approve" })));
    expect(decided.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const again = { id: asked.serviceId, rule: "has-owner", reason: REASON, expiresAt: inDays(5) };
    await expect(as(editor()).requestWaiver(again)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(as(editor()).requestWaiver({ ...again, rule: "classified", expiresAt: inDays(-1) })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(as(editor()).requestWaiver({ ...again, rule: "classified", expiresAt: inDays(93) })).rejects.toMatchObject({ code: "BAD_REQUEST", message: expect.stringContaining("92 days") });
    await expect(as(editor()).requestWaiver({ ...again, rule: "two-admins" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(as(viewer()).requestWaiver(again)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(as(admin()).decideWaiver({ waiver: "wvr_none", decision: "approve" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("can be denied and taken back", async () => {
    const asked = await ask(editor());
    expect(await as(admin()).decideWaiver({ waiver: asked.id, decision: "deny", note: "Name somebody." })).toMatchObject({ state: "denied", decisionNote: "Name somebody." });
    const next = await as(editor()).requestWaiver({ id: asked.serviceId, rule: "has-owner", reason: REASON, expiresAt: inDays(5) });
    expect(await as(editor()).withdrawWaiver({ waiver: next.id })).toMatchObject({ state: "withdrawn" });
    await expect(as(editor()).withdrawWaiver({ waiver: next.id })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await earned(asked.serviceId)).toMatchObject({ isWaived: false });
  });
});

describe("questions", () => {
  test("are adopted, answered with evidence, fade and can be taken back", async () => {
    const { id } = await addService(system());
    const set = await as(editor()).adoptList({ id, list: "predeploy-code", isAdopted: true });
    expect(set.lists).toHaveLength(19);
    expect(set.lists[0]).toMatchObject({ list: "predeploy-code", isAdopted: true, total: 6 });
    const before = (await as(viewer()).get({ id })).score;
    const answered = await as(editor()).answerItem({ id, item: "predeploy-code.3", answer: "yes", note: "Run 1204", evidenceUrl: "https://ci.example.com/1204", revision: 0 });
    expect(answered.lists[0]?.items[2]).toMatchObject({ answer: "yes", reviewer: "Eve", revision: 1, isExpired: false });
    expect((await as(viewer()).get({ id })).lines.find((line) => line.rule === "item.predeploy-code.3")).toMatchObject({ outcome: "pass", evidence: { href: "https://ci.example.com/1204", label: "Run 1204" } });
    expect((await as(viewer()).get({ id })).score).toBeGreaterThanOrEqual(before);
    await expect(as(editor()).answerItem({ id, item: "predeploy-code.3", answer: "no", revision: 0 })).rejects.toMatchObject({ code: "CONFLICT" });
    clock.advance(200 * DAY_MS);
    expect((await as(viewer()).checklists({ id })).lists[0]?.items[2]).toMatchObject({ isExpired: true });
    await as(editor()).answerItem({ id, item: "predeploy-code.3", answer: null, revision: 1 });
    expect((await as(viewer()).checklists({ id })).lists[0]?.items[2]).toMatchObject({ answer: null, revision: 0 });
    await as(editor()).adoptList({ id, list: "predeploy-code", isAdopted: false });
    await expect(as(editor()).adoptList({ id, list: "predeploy-code", isAdopted: false })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(as(viewer()).answerItem({ id, item: "predeploy-code.3", answer: "yes", revision: 0 })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(as(editor()).answerItem({ id, item: "nothing.1", answer: "yes", revision: 0 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("that a rule answers say so, and show when a person disagrees (C45)", async () => {
    const { id } = await addService(system());
    await as(editor()).adoptList({ id, list: "predeploy-documents", isAdopted: true });
    const set = await as(editor()).answerItem({ id, item: "predeploy-documents.3", answer: "yes", revision: 0 });
    expect(set.lists[0]?.items[2]).toMatchObject({ rule: "runbook-answers", measured: "fail", isDisputed: true });
    expect(set.lists[0]?.done).toBe(0);
  });
});

describe("looking at addresses", () => {
  test("keeps headers and links, and never a cookie", async () => {
    http = networkOf((request: OutboundRequest) => ({ ...answer(200, "ok"), headers: { "content-security-policy": "default-src 'self'", "set-cookie": "session=secret" }, finalUrl: request.url }));
    const { id } = await addService(system(), { address: "https://pay.example.com/health", repositoryUrl: "https://git.example.com/pay", links: [{ label: "Runbook", url: "https://wiki.example.com/pay" }] });
    expect(await observe(system(), [id])).toBe(1);
    const rows = await database.db.readinessObservation.findMany({ orderBy: { kind: "asc" } });
    expect(rows.map(({ kind, url }) => [kind, url])).toEqual([["headers", "https://pay.example.com/health"], ["redirect", "http://pay.example.com/health"], ["repository", "https://git.example.com/pay"], ["runbook", "https://wiki.example.com/pay"]]);
    expect(JSON.stringify(rows)).not.toContain("secret");
    const card = await as(viewer()).get({ id });
    expect(card.lines.find((line) => line.rule === "header-csp")).toMatchObject({ outcome: "pass" });
    expect(card.lines.find((line) => line.rule === "runbook-answers")).toMatchObject({ outcome: "pass", evidence: { href: "https://wiki.example.com/pay" } });
  });

  test("takes no answer as an observation", async () => {
    http = { ...networkOf(() => answer(200)), request: () => Promise.reject(new OutboundError("refused", "connection refused")) };
    const { id } = await addService(system(), { links: [{ label: "Docs", url: "https://docs.example.com" }] });
    await observe(system());
    expect((await as(viewer()).get({ id })).lines.find((line) => line.rule === "docs-answer")).toMatchObject({ outcome: "fail", value: "no answer: connection refused" });
    expect(await observe(system())).toBe(0);
  });
});

describe("the plan", () => {
  test("holds risks with their distance on either scale (C71)", async () => {
    const risk = await as(editor()).createRisk({ title: "One zone", category: "availability", likelihood: "medium", impact: "high", previous: "high", current: "high", target: "low" });
    expect(risk.distance).toBe(2);
    const moved = await as(editor()).updateRisk({ risk: risk.id, revision: 1, current: "medium" });
    expect(moved).toMatchObject({ previous: "high", current: "medium", distance: 1, revision: 2 });
    expect(await as(editor()).createRisk({ title: "Docs", category: "documentation", likelihood: "low", impact: "low", previous: "low", current: "medium", target: "high", targetKind: "quality" })).toMatchObject({ distance: 1 });
    await expect(as(editor()).updateRisk({ risk: risk.id, revision: 1, current: "low" })).rejects.toMatchObject({ code: "CONFLICT" });
    await as(editor()).updateRisk({ risk: risk.id, revision: 2, isClosed: true });
    expect((await as(viewer()).risks({})).items.map(({ title }) => title)).toEqual(["Docs"]);
    await expect(as(viewer()).createRisk({ title: "No", category: "security", likelihood: "low", impact: "low", previous: "low", current: "low", target: "low" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("measures workstreams by their rules and disputes what is only said to be done (MDL3-002, C45)", async () => {
    await addService(system(), { owner: "Team" });
    await addService(system(), { name: "Other" });
    await evaluate(system());
    const made = await as(editor()).createWorkstream({ name: "Owners", priority: "P0", rules: ["has-owner"] });
    expect(made).toMatchObject({ held: 1, total: 2, progress: 0.5, isDisputed: false });
    expect(await as(editor()).updateWorkstream({ workstream: made.id, revision: 1, state: "done" })).toMatchObject({ isDisputed: true });
    expect((await as(viewer()).workstreams({})).items).toHaveLength(1);
    expect(await as(editor()).removeWorkstream({ workstream: made.id })).toEqual({ ok: true });
  });

  test("sets milestones beside the score of today and lists what was put off (MDL3-007)", async () => {
    await addService(system());
    await evaluate(system());
    const made = await as(editor()).createMilestone({ name: "Launch", dueOn: inDays(-1), goal: 90 });
    expect(made).toMatchObject({ isReached: false, isLate: true });
    expect(await as(editor()).updateMilestone({ milestone: made.id, revision: 1, isDone: true })).toMatchObject({ isDisputed: true });
    expect(await as(editor()).updateMilestone({ milestone: made.id, revision: 2, goal: 0 })).toMatchObject({ isReached: true, isDisputed: false });
    await as(editor()).removeMilestone({ milestone: made.id });
    const { deferred } = await as(editor()).createDeferred({ title: "Second region", reason: "No need before 2028.", lookAgainOn: inDays(-1) });
    expect((await as(viewer()).deferred({})).items).toMatchObject([{ title: "Second region", isDue: true }]);
    await as(editor()).removeDeferred({ deferred });
    await expect(as(editor()).removeDeferred({ deferred })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("lets administrators change weights and goal", async () => {
    const { weights } = await as(viewer()).policy({});
    await expect(as(editor()).updatePolicy({ goal: 70, revision: 0 })).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await as(admin()).updatePolicy({ goal: 70, weights: { ...weights, documentation: 40 }, revision: 0 })).toMatchObject({ goal: 70, revision: 1, updatedBy: "Ada" });
    await expect(as(admin()).updatePolicy({ goal: 71, revision: 0 })).rejects.toMatchObject({ code: "CONFLICT" });
    const { id } = await addService(system());
    const card = await as(viewer()).get({ id });
    expect(card.goal).toBe(70);
    expect(card.categories.find(({ category }) => category === "documentation")!.points).toBeGreaterThan(20);
    expect((await as(viewer()).rules({})).items.length).toBeGreaterThanOrEqual(40);
  });
});

test("the report says everything on one date, in Markdown and JSON", async () => {
  const { id } = await addService(system(), { name: "Pay | now" });
  await as(editor()).adoptList({ id, list: "go-live", isAdopted: true });
  await as(editor()).requestWaiver({ id, rule: "has-owner", reason: REASON, expiresAt: inDays(5) });
  const markdown = await as(viewer()).report({ id });
  expect(markdown.fileName).toBe("readiness-pay-now-2027-01-15.md");
  expect(markdown.text).toContain("# Pre-production review: Pay | now");
  expect(markdown.text).toContain("As of 2027-01-15 12:00 UTC.");
  expect(markdown.text).toMatch(/\*\*Not ready: \d+ blocking rules do not hold/);
  for (const part of ["## Areas", "## What does not hold", "## Waivers", "### Refusals of going live, 0 of 4", "## Risks", "## What changed"]) expect(markdown.text).toContain(part);
  const json = JSON.parse((await as(viewer()).report({ id, format: "json" })).text) as { version: number; card: { lines: unknown[] } };
  expect(json).toMatchObject({ version: 1, kind: "seaworthy.readiness-report", verdict: { isReady: false } });
  expect(json.card.lines.length).toBeGreaterThan(20);
});

test("a person has a service judged again, which is recorded", async () => {
  const { id } = await addService(system());
  expect(await as(editor()).evaluate({ id })).toEqual({ services: 1, changed: 1 });
  expect(await lastAudit()).toMatchObject({ action: "readiness.evaluate" });
  await expect(as(viewer()).evaluate({ id })).rejects.toMatchObject({ code: "FORBIDDEN" });
});
