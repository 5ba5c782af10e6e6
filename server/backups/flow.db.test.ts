/** An operator's way through backups against real databases and real stores: run, drill, restore, lose and find again. */
import { describe, expect, test } from "vitest";
import { asActor, testDatabase } from "../platform/testing/database.ts";
import { addService } from "../services/testing/fixtures.ts";
import { executeDrill } from "./handlers/drill.ts";
import { executeRestore } from "./handlers/restore.ts";
import { executeRun } from "./handlers/run.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import { addLocalStore, addPlan, backupsWorld, forgetCatalogue, localContext } from "./testing/fixtures.ts";

const database = testDatabase();
const world = backupsWorld();
const ctx = () => localContext(database.db);

async function planWithoutBackup(changes: Parameters<typeof addPlan>[1] | object = {}) {
  const storeId = await addLocalStore(ctx(), world.folder);
  return { storeId, plan: await addPlan(ctx(), { url: world.sourceUrl, storeIds: [storeId], ...changes }) };
}

async function planWithBackup(changes: Parameters<typeof addPlan>[1] | object = {}) {
  const { storeId, plan } = await planWithoutBackup(changes);
  const run = await mutations.runNow(ctx(), { id: plan.id, trigger: "manual" });
  await executeRun(ctx(), run.id);
  return { storeId, plan, run: await queries.getRun(ctx(), { id: run.id }) };
}

describe("from a plan to proof (MDL3-048, C13)", () => {
  test("a run stores a backup; only a passed drill verifies it", async () => {
    const { plan, run } = await planWithBackup({ drill: { cron: null, everyNth: 30, assertions: [{ name: "Orders are there", sql: "SELECT count(*) = 200 FROM orders" }] } });
    expect(run).toMatchObject({ state: "stored", tables: 2, rows: 300, problem: null, suspicions: [] });
    expect((await queries.getPlan(ctx(), plan)).standing).toMatchObject({ level: "unknown", lead: expect.stringMatching(/^Stored as of .* today, not yet proven by a restore\.$/) });
    const [drill] = (await queries.listDrills(ctx(), { id: plan.id, limit: 5 })).items;
    expect(drill).toMatchObject({ state: "queued", trigger: "after-backup" });
    await executeDrill(ctx(), drill?.id ?? "");
    const done = await queries.getDrill(ctx(), { id: drill?.id ?? "" });
    expect(done).toMatchObject({ state: "passed", problem: null, comparedTables: 2, comparedRows: 300, assertions: [{ name: "Orders are there", isTrue: true, problem: null }] });
    expect(done.restoreSeconds).toBeGreaterThan(0);
    expect((await queries.getRun(ctx(), { id: run.id })).state).toBe("verified");
    expect((await queries.getPlan(ctx(), plan)).standing).toMatchObject({ level: "ok", troubles: [], lead: expect.stringMatching(/^Restorable as of \d\d:\d\d today, proven (just now|\d+ seconds? ago), restore takes (less than )?[\d.]+ s\.$/) });
    expect((await queries.readLog(ctx(), { id: done.id })).lines.map(({ text }) => text)).toContain("Proven: this backup restores.");
  });
});

describe("the service of a plan", () => {
  test("is shown, changed and taken away; one that does not exist is refused", async () => {
    const service = await addService(ctx());
    const { plan, storeId } = await planWithoutBackup({ serviceId: service.id });
    expect(plan.service).toEqual({ id: service.id, name: service.name, slug: service.slug });
    const renamed = await mutations.updatePlan(ctx(), { id: plan.id, revision: plan.revision, rtoMinutes: 30 });
    expect(renamed.service?.id).toBe(service.id);
    expect((await queries.latestBackupFacts(ctx(), [service.id])).map(({ planId, isLive, good }) => [planId, isLive, good])).toEqual([[plan.id, true, null]]);
    expect((await mutations.updatePlan(ctx(), { id: plan.id, revision: renamed.revision, serviceId: null })).service).toBeNull();
    expect(await queries.latestBackupFacts(ctx(), [service.id])).toEqual([]);
    await expect(addPlan(ctx(), { url: world.sourceUrl, storeIds: [storeId], serviceId: "svc_nothing" })).rejects.toMatchObject({ code: "invalid", detail: { fields: { serviceId: "Choose again" } } });
  });
});

describe("who changed a plan last", () => {
  test("is told by its answer, and stands beside its facts in the audit trail", async () => {
    const { plan } = await planWithoutBackup();
    expect(plan.updatedBy).toBe("Test admin");
    const changed = await mutations.updatePlan({ ...ctx(), actor: asActor("editor") }, { id: plan.id, revision: plan.revision, rtoMinutes: 30 });
    expect(changed).toMatchObject({ revision: plan.revision + 1, updatedBy: "Test editor" });
    expect(await mutations.pausePlan(ctx(), { id: plan.id })).toMatchObject({ revision: plan.revision + 2, updatedBy: "Test admin" });
    const entry = await ctx().db.auditEntry.findFirst({ where: { action: "backups.updatePlan", targetId: plan.id } });
    expect(entry).toMatchObject({ actorLabel: "Test editor", before: expect.not.objectContaining({ updatedBy: "Test admin" }) as object, after: expect.not.objectContaining({ updatedBy: "Test editor" }) as object });
  });
});

describe("what stands out (MDL3-073, PDF-078)", () => {
  test("a lost table makes a run suspect, and an operator may accept it", async () => {
    const { plan } = await planWithBackup();
    await world.query("CREATE TABLE extra (id int); INSERT INTO extra SELECT generate_series(1, 50)");
    await executeRun(ctx(), (await mutations.runNow(ctx(), { id: plan.id, trigger: "manual" })).id);
    await world.query("DROP TABLE extra");
    const { id } = await mutations.runNow(ctx(), { id: plan.id, trigger: "manual" });
    await executeRun(ctx(), id);
    expect(await queries.getRun(ctx(), { id })).toMatchObject({ state: "suspect", suspicions: [{ code: "lost-tables", message: "A table is gone since the backup before: public.extra." }] });
    expect((await queries.getPlan(ctx(), plan)).standing.troubles).toContain("suspect");
    expect((await mutations.acceptBackup(ctx(), { id })).state).toBe("stored");
  });

  test("a run that fails says why, keeps nothing, and the plan fails (MDL3-041, MDL3-072)", async () => {
    const storeId = await addLocalStore(ctx(), world.folder);
    const wrong = new URL(world.sourceUrl);
    wrong.password = "not-the-password";
    const plan = await addPlan(ctx(), { url: wrong.href, storeIds: [storeId] });
    expect(plan.findings.some(({ level }) => level === "problem")).toBe(true);
    const { id } = await mutations.runNow(ctx(), { id: plan.id, trigger: "api" });
    await executeRun(ctx(), id);
    const run = await queries.getRun(ctx(), { id });
    expect(run).toMatchObject({ state: "failed", copies: [], bytes: null, engine: expect.stringMatching(/^(pg-dump|portable)$/), cipher: "aes-256-gcm" });
    expect(run.problem).toMatch(/password/i);
    expect(JSON.stringify(run)).not.toContain("not-the-password");
    expect((await queries.getPlan(ctx(), plan)).standing).toMatchObject({ level: "fail", troubles: ["failed"] });
  });
});

describe("one run at a time", () => {
  test("asking twice at once starts one; a queued one can be cancelled", async () => {
    const { plan } = await planWithBackup();
    const asked = await Promise.allSettled(Array.from({ length: 5 }, () => mutations.runNow(ctx(), { id: plan.id, trigger: "manual" })));
    const started = asked.filter((one) => one.status === "fulfilled");
    expect(started).toHaveLength(1);
    expect(asked.filter((one) => one.status === "rejected").every(({ reason }) => (reason as { code: string }).code === "conflict")).toBe(true);
    const id = started[0]?.value.id ?? "";
    expect((await mutations.cancelRun(ctx(), { id })).state).toBe("cancelled");
    await executeRun(ctx(), id);
    expect((await queries.getRun(ctx(), { id })).state).toBe("cancelled");
    await expect(mutations.cancelRun(ctx(), { id })).rejects.toMatchObject({ code: "conflict" });
  });

  test("many workers and one schedule make one run; what was missed runs once, for the latest", async () => {
    const { plan } = await planWithBackup({ cron: "0 * * * *" });
    await database.db.backupPlan.update({ where: { id: plan.id }, data: { nextRunAt: new Date(Date.now() - 50 * 3_600_000) } });
    await Promise.all(Array.from({ length: 6 }, () => mutations.startDueRuns(ctx())));
    const runs = await database.db.backupRun.findMany({ where: { planId: plan.id, trigger: "scheduled" } });
    expect(runs).toHaveLength(1);
    expect(Date.now() - (runs[0]?.occurrenceAt?.getTime() ?? 0)).toBeLessThan(3_600_000 + 60_000);
    expect((await queries.getPlan(ctx(), plan)).nextRunAt?.getTime()).toBeGreaterThan(Date.now());
  });
});

describe("restore (MDL3-045, MDL3-046, MDL3-047)", () => {
  const target = (name: string, mode: "create" | "replace" = "create") => ({ kind: "database" as const, database: name, mode });
  const wish = (runId: string, to: ReturnType<typeof target>) => ({ runId, target: to, selection: {} });
  const sourceName = () => new URL(world.sourceUrl).pathname.slice(1);
  const inDatabase = (name: string) => world.sourceUrl.replace(sourceName(), name);

  test("into a new database: shown first, compared at the end", async () => {
    const { run } = await planWithBackup();
    const name = `back_${run.id.slice(-8).toLowerCase()}`;
    const outlook = await mutations.prepareRestore(ctx(), wish(run.id, target(name)));
    expect(outlook).toMatchObject({ tables: 2, rows: 300, problems: [], targetExists: false, lostMs: null });
    const restore = await mutations.startRestore(ctx(), { ...wish(run.id, target(name)), token: outlook.token ?? "" });
    await executeRestore(ctx(), restore.id);
    expect(await queries.getRestore(ctx(), restore)).toMatchObject({ state: "done", comparedTables: 2, comparedRows: 300, differences: [], problem: null });
    expect((await world.query("SELECT count(*)::int AS n FROM orders", inDatabase(name))).rows).toEqual([{ n: 200 }]);
    await world.query(`DROP DATABASE "${name}"`);
  });

  test("replacing takes a safety backup, keeps the former one, and needs the typed name", async () => {
    const { run } = await planWithBackup();
    await world.query("INSERT INTO orders VALUES (9999, 'after the backup', null)");
    const wanted = wish(run.id, target(sourceName(), "replace"));
    const outlook = await mutations.prepareRestore(ctx(), wanted);
    expect(outlook).toMatchObject({ targetExists: true, confirmation: sourceName(), problems: [] });
    expect(outlook.lostMs).toBeGreaterThan(0);
    await expect(mutations.startRestore(ctx(), { ...wanted, token: outlook.token ?? "", typed: "something" })).rejects.toMatchObject({ code: "precondition" });
    const restore = await mutations.startRestore(ctx(), { ...wanted, token: outlook.token ?? "", typed: sourceName() });
    await expect(mutations.startRestore(ctx(), { ...wanted, token: outlook.token ?? "", typed: sourceName() })).rejects.toMatchObject({ code: "conflict" });
    await executeRestore(ctx(), restore.id);
    const done = await queries.getRestore(ctx(), restore);
    expect(done).toMatchObject({ state: "done", formerName: expect.stringContaining("_before_") });
    expect(await queries.getRun(ctx(), { id: done.safetyRunId ?? "" })).toMatchObject({ trigger: "safety", rows: 301 });
    expect((await world.query("SELECT count(*)::int AS n FROM orders")).rows).toEqual([{ n: 200 }]);
    expect((await world.query("SELECT count(*)::int AS n FROM orders", inDatabase(done.formerName ?? ""))).rows).toEqual([{ n: 201 }]);
    await world.query(`DROP DATABASE "${done.formerName}"`);
  });

  test("one table comes back alone into a new database; a part never replaces the whole, a cluster's files are no database", async () => {
    const { run } = await planWithBackup();
    const selection = { tables: ["public.orders"] };
    const name = `part_${run.id.slice(-8).toLowerCase()}`;
    const { token, problems, warnings } = await mutations.prepareRestore(ctx(), { ...wish(run.id, target(name)), selection });
    expect([problems, warnings]).toEqual([[], expect.arrayContaining([expect.stringMatching(/^Owners and grants are not part/)])]);
    const restore = await mutations.startRestore(ctx(), { ...wish(run.id, target(name)), selection, token: token ?? "" });
    await executeRestore(ctx(), restore.id);
    expect(await queries.getRestore(ctx(), restore)).toMatchObject({ state: "done", comparedTables: 1, comparedRows: 200 });
    expect((await world.query("SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace", inDatabase(name))).rows).toEqual([{ name: "orders" }]);
    await world.query(`DROP DATABASE "${name}"`);
    expect(await mutations.prepareRestore(ctx(), { ...wish(run.id, target(sourceName(), "replace")), selection })).toMatchObject({ token: null, problems: [expect.stringContaining("would lose all other tables")] });
    await database.db.backupRun.update({ where: { id: run.id }, data: { engine: "physical" } });
    expect(await mutations.prepareRestore(ctx(), wish(run.id, target("cluster")))).toMatchObject({ token: null, problems: [expect.stringContaining("--to-data-dir")] });
  });

  test("extensions are looked at before: of the source for drills, of the target for a restore", async () => {
    await world.query("CREATE EXTENSION pg_trgm");
    const { plan, run } = await planWithBackup();
    await world.query("DROP EXTENSION pg_trgm");
    expect(plan.findings).toContainEqual({ level: "ok", code: "extensions", message: "pg_trgm: there for drills too." });
    expect(await mutations.prepareRestore(ctx(), wish(run.id, target("beside")))).toMatchObject({ problems: [], token: expect.any(String) });
    const { content } = await queries.getRun(ctx(), { id: run.id });
    await database.db.backupRun.update({ where: { id: run.id }, data: { content: { ...content, extensions: [{ name: "postgis", version: "3.5" }] } as object } });
    expect(await mutations.prepareRestore(ctx(), wish(run.id, target("elsewhere")))).toMatchObject({ token: null, problems: [expect.stringMatching(/^The server lacks the extension postgis\. The backup cannot be restored without/)] });
  });

  test("an Editor, another caller, another target and an old token are refused; nothing is touched", async () => {
    const { run } = await planWithBackup();
    const replace = wish(run.id, target(sourceName(), "replace"));
    await expect(mutations.prepareRestore(localContext(database.db, "editor"), replace)).rejects.toMatchObject({ code: "forbidden" });
    const { token } = await mutations.prepareRestore(ctx(), replace);
    await expect(mutations.startRestore(localContext(database.db, "editor"), { ...replace, token: token ?? "", typed: sourceName() })).rejects.toMatchObject({ code: "forbidden" });
    const other = localContext(database.db, "admin", 1);
    await expect(mutations.startRestore(other, { ...replace, token: token ?? "", typed: sourceName() })).rejects.toMatchObject({ code: "precondition" });
    const late = { ...ctx(), now: () => new Date(Date.now() + 11 * 60_000) };
    await expect(mutations.startRestore(late, { ...replace, token: token ?? "", typed: sourceName() })).rejects.toMatchObject({ code: "precondition" });
    await expect(mutations.startRestore(ctx(), { ...wish(run.id, target("elsewhere")), token: token ?? "" })).rejects.toMatchObject({ code: "precondition" });
    await expect(mutations.prepareRestore(ctx(), wish(run.id, target("postgres", "replace")))).rejects.toMatchObject({ code: "invalid" });
    expect(await database.db.backupRestore.count({ where: { runId: run.id } })).toBe(0);
  });
});

describe("losing and finding", () => {
  test("a lost catalogue is rebuilt from the store alone, and restores", async () => {
    const { storeId, plan, run } = await planWithBackup();
    await forgetCatalogue(database.db);
    expect(await mutations.attachStore(ctx(), { id: storeId })).toEqual({ found: 1, added: 1, plans: 1, lost: 0, gone: 0, unreadable: [] });
    expect(await mutations.attachStore(ctx(), { id: storeId })).toMatchObject({ found: 1, added: 0, plans: 0 });
    expect(await queries.getPlan(ctx(), { id: plan.id })).toMatchObject({ name: plan.name, hasSource: false, nextRunAt: null, copies: 1 });
    expect(await queries.getRun(ctx(), { id: run.id })).toMatchObject({ state: "stored", rows: 300 });
    const drill = await mutations.drillNow(ctx(), { id: plan.id });
    await executeDrill(ctx(), drill.id);
    expect((await queries.getDrill(ctx(), drill)).state).toBe("passed");
  });

  test("the run that backed a restored console up, given up as dead by it, is stored again once its store is read", async () => {
    const { storeId, plan, run } = await planWithBackup();
    await database.db.backupCopy.deleteMany({ where: { runId: run.id } });
    await database.db.backupRun.update({ where: { id: run.id }, data: { state: "failed", problem: "The worker that ran it stopped.", problemCode: "worker-died", manifestName: null, bytes: null } });
    expect(await mutations.attachStore(ctx(), { id: storeId })).toMatchObject({ found: 1, added: 1, plans: 0 });
    expect(await queries.getRun(ctx(), { id: run.id })).toMatchObject({ state: "stored", problem: null, problemCode: null, bytes: run.bytes, copies: [{ state: "stored" }] });
    expect((await queries.getPlan(ctx(), plan)).standing.troubles).not.toContain("failed");
  });

  test("a damaged copy is refuted by its drill and never called verified", async () => {
    const { plan, run, storeId } = await planWithBackup();
    const { flipByte } = await import("./testing/damage.ts");
    await flipByte(database.db, { storeId, runId: run.id });
    const waiting = (await queries.listDrills(ctx(), { id: plan.id, limit: 1 })).items[0];
    await executeDrill(ctx(), waiting?.id ?? "");
    expect(await queries.getDrill(ctx(), { id: waiting?.id ?? "" })).toMatchObject({ state: "failed" });
    expect(await queries.getRun(ctx(), { id: run.id })).toMatchObject({ state: "suspect", verifiedAt: null });
    expect((await queries.getPlan(ctx(), plan)).standing.troubles).toContain("drillFailed");
  });
});
