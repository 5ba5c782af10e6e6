/** Checking the audit trail from the dashboard: one at a time, with progress and a verdict that stays. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, manualClock, testContext, testDatabase } from "../../platform/testing/database.ts";
import { createCaller } from "../../root.ts";
import { anchorAudit, giveUpVerification, runVerification } from "./index.ts";

const database = testDatabase();
const clock = manualClock();
const dataDir = mkdtempSync(path.join(tmpdir(), "trail-"));
let ctx: Context;
let worker: Context;
let access: ReturnType<typeof createCaller>["access"];
const latest = async () => (await access.verifications({})).items[0];

beforeEach(async () => {
  ctx = testContext({ db: database.db, now: clock });
  worker = testContext({ db: database.db, now: clock, actor: asActor("system") });
  ({ access } = createCaller(ctx));
  await database.db.auditVerification.deleteMany();
  await forgetAudit(database.pool);
  for (let index = 0; index < 20; index++) await audit(ctx, { action: "access.test", target: { kind: "user", id: String(index) }, summary: `Entry ${index}` });
});

describe("a check of the trail", () => {
  test("waits, runs and finds an intact trail", async () => {
    const started = await access.verifyAudit({});
    expect(started).toMatchObject({ state: "queued", verdict: null, requestedBy: "Test admin" });
    await anchorAudit(worker, { dataDir });
    await runVerification(worker, { verificationId: started.id, dataDir });
    expect(await latest()).toMatchObject({ id: started.id, state: "done", finishedAt: clock(), verdict: { isIntact: true, problem: null, anchors: 1 } });
    expect((await latest())?.verdict?.entries).toBeGreaterThanOrEqual(21);
  });

  test("names the first entry that was changed behind the database's back (T25)", async () => {
    const { id } = await access.verifyAudit({});
    await database.pool.query("SET session_replication_role = replica; UPDATE audit_entry SET summary = 'nothing happened' WHERE id = 7; SET session_replication_role = DEFAULT");
    await runVerification(worker, { verificationId: id, dataDir: mkdtempSync(path.join(tmpdir(), "trail-")) });
    expect(await latest()).toMatchObject({ state: "done", verdict: { isIntact: false, firstBad: "7", problem: expect.stringContaining("Entry 7") } });
  });

  test("runs one at a time, also when two ask at once; a lost one gives way", async () => {
    const both = await Promise.allSettled([access.verifyAudit({}), access.verifyAudit({})]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    clock.advance(11 * 60_000);
    expect(await latest()).toMatchObject({ state: "failed", problem: expect.stringContaining("worker") });
    await access.verifyAudit({});
    expect((await access.verifications({})).items).toHaveLength(2);
  });

  test("that broke off says so and does not come back to life", async () => {
    const { id } = await access.verifyAudit({});
    await giveUpVerification(worker, { verificationId: id, problem: "The disk is gone." });
    await runVerification(worker, { verificationId: id, dataDir });
    expect(await latest()).toMatchObject({ state: "failed", problem: "The disk is gone.", verdict: null });
  });

  test("is for administrators", async () => {
    const editor = createCaller(testContext({ db: database.db, actor: asActor("editor") })).access;
    await expect(editor.verifyAudit({})).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(editor.verifications({})).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
