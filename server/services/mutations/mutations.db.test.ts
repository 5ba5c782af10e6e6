/** Every change of services: it works, is refused to a viewer, misses, conflicts, and leaves its audit row. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../platform/context.ts";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { createCaller } from "../../root.ts";
import { SECRET_MASK } from "../check-secrets.ts";
import { addService, answer, networkOf } from "../testing/fixtures.ts";
import { ensureSelf } from "./index.ts";

const database = testDatabase();
const http = networkOf(() => answer(200, "ok", 12));
let testNumber = 0;
/** A caller of its own for each test, so that limits of one test do not reach another. */
const contextOf = (kind: Parameters<typeof asActor>[0]) => testContext({ db: database.db, actor: { ...asActor(kind), id: `usr_${kind}_${testNumber}` } as Actor, http });
const as = (kind: Parameters<typeof asActor>[0]) => createCaller(contextOf(kind)).services;
const lastAudit = () => database.db.auditEntry.findFirst({ orderBy: { id: "desc" } });
const URL_CHECK = { kind: "http" as const, url: "https://api.example.com/health" };

beforeEach(async () => {
  testNumber++;
  await database.db.service.deleteMany();
  await forgetAudit(database.pool);
});

describe("what a viewer may not do", () => {
  const id = { id: "svc_x" };
  const check = { id: "chk_x" };
  test.each([
    ["create", () => as("viewer").create({ name: "A" })],
    ["update", () => as("viewer").update({ ...id, revision: 1 })],
    ["archive", () => as("viewer").archive(id)],
    ["restore", () => as("viewer").restore(id)],
    ["run", () => as("viewer").run(id)],
    ["addCheck", () => as("viewer").addCheck({ ...id, config: URL_CHECK })],
    ["testCheck", () => as("viewer").testCheck({ config: URL_CHECK })],
    ["updateCheck", () => as("viewer").updateCheck({ ...check, revision: 1 })],
    ["removeCheck", () => as("viewer").removeCheck(check)],
    ["pauseCheck", () => as("viewer").pauseCheck(check)],
    ["resumeCheck", () => as("viewer").resumeCheck(check)],
    ["checkNow", () => as("viewer").checkNow(check)],
  ])("%s", async (_name, call) => {
    await expect(call()).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await lastAudit()).toBeNull();
  });
  test("and an anonymous caller reads nothing", async () => expect(as("anonymous").list({})).rejects.toMatchObject({ code: "UNAUTHORIZED" }));
});

describe("what is not there is not found", () => {
  test.each([
    ["get", () => as("viewer").get({ id: "nothing" })],
    ["update", () => as("editor").update({ id: "nothing", revision: 1 })],
    ["archive", () => as("editor").archive({ id: "nothing" })],
    ["restore", () => as("editor").restore({ id: "nothing" })],
    ["run", () => as("editor").run({ id: "nothing" })],
    ["addCheck", () => as("editor").addCheck({ id: "nothing", config: URL_CHECK })],
    ["updateCheck", () => as("editor").updateCheck({ id: "nothing", revision: 1 })],
    ["removeCheck", () => as("editor").removeCheck({ id: "nothing" })],
    ["pauseCheck", () => as("editor").pauseCheck({ id: "nothing" })],
    ["resumeCheck", () => as("editor").resumeCheck({ id: "nothing" })],
    ["checkNow", () => as("editor").checkNow({ id: "nothing" })],
    ["latency", () => as("viewer").latency({ id: "nothing", from: new Date(0) })],
    ["transitions", () => as("viewer").transitions({ id: "nothing" })],
  ])("%s", async (_name, call) => expect(call()).rejects.toMatchObject({ code: "NOT_FOUND" }));
});

describe("services", () => {
  test("are created with a slug of their own and a first check that is due", async () => {
    const made = await as("editor").create({ name: "Payments API", address: "https://pay.example.com/health", tags: ["PCI", "pci"] });
    expect(made).toMatchObject({ slug: "payments-api", tier: 2, tags: ["pci"], state: "unknown", revision: 1 });
    expect(made.checks).toMatchObject([{ kind: "http", name: "pay.example.com/health", target: "GET https://pay.example.com/health" }]);
    expect(made.checks[0]?.nextDueAt).toBeInstanceOf(Date);
    expect(await lastAudit()).toMatchObject({ action: "services.create", targetId: made.id, actorLabel: "Test editor" });
    expect(await as("editor").create({ name: "Payments API" })).toMatchObject({ slug: "payments-api-2" });
    await expect(as("editor").create({ name: "Other", slug: "payments-api" })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(as("editor").create({ name: "Bad", address: "ftp://x" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  test("made at the same moment get different slugs or a conflict, never a fault", async () => {
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => as("editor").create({ name: "Race" })));
    const refusals = made.flatMap((one) => (one.status === "rejected" ? [(one.reason as { code: string }).code] : []));
    expect(refusals).toEqual(refusals.map(() => "CONFLICT"));
    expect(refusals.length).toBeLessThan(5);
  });

  test("are updated against the revision that was read", async () => {
    const made = await addService(contextOf("editor"));
    await addService(contextOf("editor"), { name: "Taken" });
    const changed = await as("editor").update({ id: made.slug, revision: 1, name: "Payments", tier: 1, slug: "pay" });
    expect(changed).toMatchObject({ id: made.id, name: "Payments", tier: 1, slug: "pay", revision: 2 });
    expect(await lastAudit()).toMatchObject({ action: "services.update", before: { name: "Payments API" }, after: { name: "Payments" } });
    await expect(as("editor").update({ id: made.id, revision: 1, name: "Late" })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(as("editor").update({ id: made.id, revision: 2, slug: "taken" })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("tell who changed them last, whatever the change was; a result of a check is none", async () => {
    const made = await addService(contextOf("editor"));
    expect(made.updatedBy).toBe("Test editor");
    expect(await as("admin").update({ id: made.id, revision: 1, owner: "Payments" })).toMatchObject({ revision: 2, updatedBy: "Test admin" });
    expect(await as("editor").archive({ id: made.id })).toMatchObject({ revision: 3, updatedBy: "Test editor" });
    expect(await as("admin").restore({ id: made.id })).toMatchObject({ revision: 4, updatedBy: "Test admin" });
    await as("editor").importServices({ csv: "slug,name,owner\npayments-api,Payments API,Checkout\n" });
    await as("admin").pauseCheck({ id: made.checks[0]?.id ?? "" });
    expect(await as("viewer").get({ id: made.id })).toMatchObject({ owner: "Checkout", revision: 5, updatedBy: "Test editor" });
  });

  test("are archived and restored with their checks", async () => {
    const made = await addService(contextOf("editor"));
    expect((await as("editor").archive({ id: made.id })).archivedAt).toBeInstanceOf(Date);
    expect(await lastAudit()).toMatchObject({ action: "services.archive" });
    expect(await database.db.check.findMany()).toMatchObject([{ nextDueAt: null }]);
    await expect(as("editor").archive({ id: made.id })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(as("editor").run({ id: made.id })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    await expect(as("editor").addCheck({ id: made.id, config: URL_CHECK })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    expect(await as("editor").restore({ id: made.id })).toMatchObject({ archivedAt: null });
    expect(await database.db.check.count({ where: { nextDueAt: { not: null } } })).toBe(1);
    await expect(as("editor").restore({ id: made.id })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await as("editor").run({ id: made.id })).toEqual({ checks: 1 });
    expect(await lastAudit()).toMatchObject({ action: "services.runChecks" });
  });

  test("begin with the console itself, once, whoever starts first", async () => {
    await Promise.all([ensureSelf(contextOf("system")), ensureSelf(contextOf("system")), ensureSelf(contextOf("system"))]);
    const self = await as("viewer").get({ id: "seaworthy" });
    expect(self).toMatchObject({ isSelf: true, checks: [{ kind: "self" }] });
    await expect(as("admin").archive({ id: self.id })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    await expect(as("admin").removeCheck({ id: self.checks[0]!.id })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    await expect(as("admin").addCheck({ id: self.id, config: { kind: "self" } })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    expect(await database.db.service.count()).toBe(1);
  });
});

describe("checks", () => {
  const DATABASE = { kind: "postgres" as const, connectionString: "postgresql://probe:s3cret-word@db.example.com:5432/app" };

  test("keep their secrets sealed, masked, out of the audit trail, and through an edit", async () => {
    const service = await addService(contextOf("editor"), { address: undefined });
    const check = await as("editor").addCheck({ id: service.id, config: DATABASE, intervalSeconds: 60 });
    expect(JSON.stringify(check)).not.toContain("s3cret-word");
    expect(check.config).toMatchObject({ connectionString: expect.stringContaining(SECRET_MASK) });
    expect(JSON.stringify(await database.db.check.findMany())).not.toContain("s3cret-word");
    const edited = await as("editor").updateCheck({ id: check.id, revision: check.revision, name: "Main database", config: check.config });
    expect(edited).toMatchObject({ name: "Main database", intervalSeconds: 60, revision: check.revision + 1, stateReason: "Changed, no result yet" });
    expect(await lastAudit()).toMatchObject({ action: "services.updateCheck", targetKind: "check" });
    expect(JSON.stringify(await database.db.auditEntry.findMany(), (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value))).not.toContain("s3cret-word");
    await expect(as("editor").updateCheck({ id: check.id, revision: check.revision, name: "Late" })).rejects.toMatchObject({ code: "CONFLICT" });
    const moved = { kind: "postgres" as const, connectionString: `postgresql://probe:${SECRET_MASK}@evil.example.com:5432/app` };
    await expect(as("editor").updateCheck({ id: check.id, revision: edited.revision, config: moved })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(as("editor").updateCheck({ id: check.id, revision: edited.revision, config: URL_CHECK })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  test("are paused, resumed, run and removed", async () => {
    const service = await addService(contextOf("editor"));
    const id = service.checks[0]!.id;
    expect((await as("editor").pauseCheck({ id })).pausedAt).toBeInstanceOf(Date);
    expect(await lastAudit()).toMatchObject({ action: "services.pauseCheck" });
    expect(await as("viewer").get({ id: service.id })).toMatchObject({ state: "unknown", stateReason: "All checks are paused" });
    await expect(as("editor").pauseCheck({ id })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(as("editor").checkNow({ id })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    expect(await as("editor").resumeCheck({ id })).toMatchObject({ pausedAt: null, state: "unknown" });
    await expect(as("editor").resumeCheck({ id })).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await as("editor").checkNow({ id })).nextDueAt).toBeInstanceOf(Date);
    expect(await lastAudit()).toMatchObject({ action: "services.runCheck" });
    expect(await as("editor").removeCheck({ id })).toEqual({ ok: true });
    expect(await lastAudit()).toMatchObject({ action: "services.removeCheck" });
    expect(await as("viewer").get({ id: service.id })).toMatchObject({ checks: [], stateReason: "No checks yet" });
  });

  test("are tried without being saved", async () => {
    const reading = await as("editor").testCheck({ config: URL_CHECK });
    expect(reading).toMatchObject({ verdict: "up", httpStatus: 200 });
    expect(await database.db.check.count()).toBe(0);
    expect(await lastAudit()).toMatchObject({ action: "services.testCheck" });
  });

  test("take only sensible rules", async () => {
    const service = await addService(contextOf("editor"));
    for (const rules of [{ intervalSeconds: 4 }, { intervalSeconds: 86_401 }, { timeoutMs: 99 }, { failuresBeforeDown: 0 }]) {
      await expect(as("editor").addCheck({ id: service.id, config: URL_CHECK, ...rules })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    }
  });
});
