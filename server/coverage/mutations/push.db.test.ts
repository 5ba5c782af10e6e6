import { describe, expect, test } from "vitest";
import { asActor, manualClock, testDatabase } from "../../platform/testing/database.ts";
import { DEFAULT_GATE } from "../schema/index.ts";
import { addService, callerOf, commitOf, push, tenLines } from "../testing/fixtures.ts";
import { sample } from "../testing/samples.ts";

const database = testDatabase();
let next = 0;

async function world(some: Parameters<typeof addService>[2] = {}) {
  const slug = `shop-${++next}`;
  const clock = manualClock("2026-11-01T08:00:00Z");
  const id = await addService(database.db, slug, some);
  return { slug, id, clock, caller: callerOf(database.db, { now: clock, actor: asActor("system") }) };
}

describe("a report", () => {
  test("belongs to a service, commit, branch and flag, and is judged at once", async () => {
    const { slug, caller } = await world();
    const result = await caller.coverage.push({ service: slug, commit: commitOf(7), branch: "main", flag: "unit", content: sample("own.lcov").toString() });
    expect(result).toMatchObject({ service: slug, commit: commitOf(7), flag: "unit", format: "lcov", isNew: true, files: 4, isPassing: false, url: `/coverage/${slug}?commit=${commitOf(7)}` });
    expect(result.percent.lines).toBeCloseTo((100 * 52) / 86);
    expect(result.verdict.findings[0]).toMatchObject({ outcome: "fail", measure: "lines", limit: 70, text: "Lines are 60.4 %, 9.6 points under block 70." });
    expect(await caller.coverage.get({ service: slug })).toMatchObject({ latest: { commit: commitOf(7), files: 4, hasDetail: true, flagRows: [{ flag: "unit", formats: ["lcov"], reports: 1, carriedFrom: null }] }, reports: 1 });
  });

  test("of the same commit and flag is joined by line, whatever its format", async () => {
    const { slug, caller } = await world();
    await push(caller, { service: slug, files: { "src/a.ts": { 1: 1, 2: 0, 3: 0 }, "src/b.ts": { 1: 0 } } });
    const second = await push(caller, { service: slug, files: { "src/a.ts": { 1: 0, 2: 2, 4: 0 } } });
    expect(second.percent.lines).toBeCloseTo(100 / 3);
    expect(second.overall.lines).toBeCloseTo(40);
    const file = await caller.coverage.file({ service: slug, path: "src/a.ts" });
    expect(file.lines.map(({ line, hits }) => [line, hits])).toEqual([[1, 1], [2, 2], [3, 0], [4, 0]]);
  });

  test("that is pushed a hundred times at once is one", async () => {
    const { slug, id, caller } = await world();
    const results = await Promise.all(Array.from({ length: 100 }, () => push(caller, { service: slug })));
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(results.map(({ overall }) => overall.lines))).toEqual(new Set([90]));
    expect(await database.db.coverageReport.count({ where: { suite: { serviceId: id } } })).toBe(1);
    expect(await database.db.auditEntry.count({ where: { action: "coverage.push", targetId: id } })).toBe(1);
  });

  test("from a repository whose main line has another name makes that the default branch, unless somebody said otherwise", async () => {
    const { slug, id, caller } = await world();
    await push(caller, { service: slug, branch: "fix/typo" });
    await expect(caller.coverage.gate({ service: slug })).rejects.toThrow("No report of shop");
    await expect(caller.coverage.gate({ service: slug })).rejects.toThrow("the newest came from fix/typo");
    await push(caller, { service: slug, commit: commitOf(2), branch: "master" });
    expect(await caller.coverage.gate({ service: slug })).toMatchObject({ branch: "master", commit: commitOf(2) });
    expect(await database.db.auditEntry.count({ where: { action: "coverage.takeMainline", targetId: id } })).toBe(1);
    await push(caller, { service: slug, commit: commitOf(3), branch: "develop" });
    expect(await caller.coverage.policy({ service: slug })).toMatchObject({ defaultBranch: "master" });
    const usual = await world();
    await push(usual.caller, { service: usual.slug });
    await push(usual.caller, { service: usual.slug, commit: commitOf(2), branch: "develop" });
    expect(await usual.caller.coverage.policy({ service: usual.slug })).toMatchObject({ defaultBranch: "main", revision: 0 });
  });

  test("for an unknown or archived service is refused and leaves nothing", async () => {
    const { caller } = await world();
    await expect(push(caller, { service: "nobody" })).rejects.toThrow("no such service");
    const archived = await world({ archivedAt: new Date() });
    await expect(push(archived.caller, { service: archived.slug })).rejects.toThrow("is archived");
    expect(await database.db.coverageCommit.count({ where: { serviceId: archived.id } })).toBe(0);
  });

  test("with a damaged file leaves nothing", async () => {
    const { slug, id, caller } = await world();
    await expect(push(caller, { service: slug, content: '<coverage line-rate="1"><packages>' })).rejects.toThrow("not well formed");
    expect(await database.db.coverageCommit.count({ where: { serviceId: id } })).toBe(0);
  });

  test.each([["a viewer", "viewer"], ["nobody", "anonymous"]] as const)("from %s is refused before it is read", async (_, kind) => {
    const { slug } = await world();
    await expect(push(callerOf(database.db, { actor: asActor(kind) }), { service: slug })).rejects.toThrow(kind === "viewer" ? "needs the role editor" : "Sign in");
  });

  test.each(["xyz", "12345", "g".repeat(40)])("of the commit %j is refused", async (commit) => {
    const { slug, caller } = await world();
    await expect(push(caller, { service: slug, commit })).rejects.toThrow("hexadecimal");
  });
});

describe("content is stored once", () => {
  test("over commits that share files", async () => {
    const { slug, caller } = await world();
    const files = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`src/unique${next}/f${i}.ts`, { [i + 1]: 1, 9_000: 0 }]));
    await push(caller, { service: slug, files });
    const [records, pages] = [await database.db.coverageRecord.count(), await database.db.coveragePage.count()];
    await push(caller, { service: slug, commit: commitOf(2), files: { ...files, [`src/unique${next}/f3.ts`]: { 1: 0, 77_777: 1 } } });
    expect(await database.db.coverageRecord.count()).toBe(records + 1);
    expect(await database.db.coveragePage.count()).toBe(pages + 1);
  });
});

describe("flags", () => {
  test("without an upload are carried forward, and it is said from where", async () => {
    const { slug, caller, clock } = await world();
    await push(caller, { service: slug, flag: "unit", files: { "src/a.ts": tenLines(5) } });
    await push(caller, { service: slug, flag: "e2e", files: { "src/a.ts": { 9: 1, 10: 1 }, "src/b.ts": tenLines(10) } });
    clock.advance(60_000);
    const result = await push(caller, { service: slug, commit: commitOf(2), flag: "unit", files: { "src/a.ts": tenLines(6) } });
    expect(result.flags).toMatchObject({ present: ["unit"], carried: [{ flag: "e2e", commit: commitOf(1) }], missing: [] });
    expect(result.overall.lines).toBeCloseTo(90);
    const flagged = await caller.coverage.files({ service: slug, flag: "e2e", sort: "path" });
    expect(flagged.items.map(({ path }) => path)).toEqual(["src/a.ts", "src/b.ts"]);
    expect(await caller.coverage.trend({ service: slug })).toMatchObject({ commits: 2, carriedFlags: ["e2e"], points: [{ isCarried: false }, { isCarried: true }] });
  });

  test("that are expected and missing make a commit incomplete, never fallen", async () => {
    const { slug, caller, clock } = await world();
    const { revision, ...policy } = await caller.coverage.policy({ service: slug });
    await caller.coverage.setPolicy({ service: slug, revision, ...policy, expectedFlags: ["unit", "e2e"] });
    await push(caller, { service: slug, flag: "unit", files: { "src/a.ts": tenLines(1) } });
    const complete = await push(caller, { service: slug, flag: "e2e", files: { "src/a.ts": tenLines(10) } });
    expect(complete.verdict.outcome).toBe("pass");
    clock.advance(60_000);
    const first = await push(caller, { service: slug, commit: commitOf(2), flag: "unit", files: { "src/a.ts": tenLines(1) } });
    expect(first).toMatchObject({ isPassing: false, verdict: { outcome: "incomplete" }, flags: { missing: ["e2e"], carried: [{ flag: "e2e" }] }, overall: { lines: 100 } });
    expect(first.verdict.findings.map(({ kind }) => kind)).not.toContain("drop");
    const second = await push(caller, { service: slug, commit: commitOf(2), flag: "e2e", files: { "src/a.ts": tenLines(9) } });
    expect(second).toMatchObject({ verdict: { outcome: "fail" }, flags: { missing: [], carried: [] } });
    expect(second.verdict.findings.find(({ kind }) => kind === "drop")?.text).toBe("Lines fell 10 points since 0001000; at most 1 point may be lost.");
  });

  test("that race to finish the gate finish it, whoever is last", async () => {
    const { slug, caller } = await world();
    const { revision, ...policy } = await caller.coverage.policy({ service: slug });
    await caller.coverage.setPolicy({ service: slug, revision, ...policy, expectedFlags: ["unit", "e2e", "client"] });
    await Promise.all(["unit", "e2e", "client"].map((flag) => push(caller, { service: slug, flag, files: { [`src/${flag}.ts`]: tenLines(9) } })));
    expect(await caller.coverage.gate({ service: slug, commit: commitOf(1) })).toMatchObject({ isPassing: true, verdict: { outcome: "pass" }, percent: { lines: 90 }, flags: { present: ["client", "e2e", "unit"], missing: [] } });
  });
});

describe("order", () => {
  test("reports that arrive late take their place and are no fall of a newer one", async () => {
    const { slug, caller } = await world();
    const at = (day: number) => new Date(Date.UTC(2026, 9, day));
    await push(caller, { service: slug, commit: commitOf(3), committedAt: at(3), files: { "src/a.ts": tenLines(9) } });
    await push(caller, { service: slug, commit: commitOf(1), committedAt: at(1), files: { "src/a.ts": tenLines(2) } });
    const trend = await caller.coverage.trend({ service: slug });
    expect(trend.points.map(({ commit, lines }) => [commit, lines])).toEqual([[commitOf(1), 20], [commitOf(3), 90]]);
    expect((await caller.coverage.get({ service: slug })).latest?.commit).toBe(commitOf(3));
  });

  test("another branch is compared with the default branch", async () => {
    const { slug, caller, clock } = await world();
    await push(caller, { service: slug, files: { "src/a.ts": tenLines(10) } });
    clock.advance(60_000);
    const { verdict } = await push(caller, { service: slug, commit: commitOf(2), branch: "fix/rounding", files: { "src/a.ts": tenLines(9) } });
    expect(verdict.findings.find(({ kind }) => kind === "drop")).toMatchObject({ outcome: "fail", value: 10 });
    expect((await caller.coverage.get({ service: slug })).latest?.commit).toBe(commitOf(1));
  });
});

describe("the gate", () => {
  test("is changed by one person at a time and judges the newest commit again", async () => {
    const { id, slug, caller } = await world();
    const editor = callerOf(database.db, { actor: asActor("editor") });
    await push(caller, { service: slug, files: { "src/cache/a.ts": tenLines(9) } });
    const { revision, ...policy } = await caller.coverage.policy({ service: slug });
    expect([revision, policy.gate]).toEqual([0, DEFAULT_GATE]);
    const change = { service: slug, ...policy, gate: { ...policy.gate, floors: [{ glob: "src/cache/**", measure: "lines" as const, percent: 95 }] } };
    expect([policy.updatedAt, policy.updatedBy]).toEqual([null, null]);
    expect(await editor.coverage.setPolicy({ ...change, revision })).toMatchObject({ revision: 1, updatedAt: expect.any(Date) as Date, updatedBy: "Test editor" });
    expect((await caller.coverage.get({ service: slug })).policy.updatedBy).toBe("Test editor");
    expect(await database.db.auditEntry.findFirst({ where: { action: "coverage.setPolicy", targetId: id } })).toMatchObject({ actorLabel: "Test editor", after: expect.not.objectContaining({ updatedBy: "Test editor" }) as object });
    expect(await caller.coverage.gate({ service: slug })).toMatchObject({ isPassing: false });
    await expect(caller.coverage.setPolicy({ ...change, revision })).rejects.toThrow("Somebody else changed this gate");
    await expect(caller.coverage.setPolicy({ ...change, revision: 1, gate: { ...policy.gate, levels: { ...policy.gate.levels, lines: { block: 90, warn: 80, target: 85 } } } })).rejects.toThrow("Block must not be above warn");
  });

  test("judges the lines that a change adds", async () => {
    const { slug, caller } = await world();
    const diff = "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -7,0 +8,3 @@\n+x\n+y\n+z\n";
    const early = await caller.coverage.diff({ service: slug, commit: commitOf(1), diff });
    expect(early).toMatchObject({ covered: 0, total: 0, percent: null });
    const { verdict } = await push(caller, { service: slug, files: { "src/a.ts": tenLines(9) } });
    expect(verdict.findings.find(({ kind }) => kind === "patch")).toMatchObject({ outcome: "fail", text: "The change is 66.6 %, 13.4 points under block 80." });
    expect(await caller.coverage.diff({ service: slug, commit: commitOf(1), diff })).toMatchObject({ covered: 2, total: 3, files: [{ path: "src/a.ts", uncovered: [{ from: 10, to: 10 }] }] });
    const { markdown } = await caller.coverage.markdown({ service: slug });
    expect(markdown).toContain("### ❌ Coverage gate: fails");
    expect(markdown).toContain("- `src/a.ts`: 10");
    await expect(caller.coverage.diff({ service: slug, commit: commitOf(1), diff: "hello" })).rejects.toThrow("no unified diff");
  });
});
