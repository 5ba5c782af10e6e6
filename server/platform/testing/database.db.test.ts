import { expect, test } from "vitest";
import { audit } from "../audit.ts";
import { inTransaction } from "../db.ts";
import { knownMigrations, readMigrationState } from "../migrations.ts";
import { asActor, manualClock, testContext } from "./context.ts";
import { emptyDatabase, testDatabase } from "./database.ts";

const database = testDatabase();

test("a test file has a migrated database of its own", async () => {
  const clock = manualClock();
  const ctx = testContext({ db: database.db, actor: asActor("editor"), now: clock });
  await inTransaction(ctx, (inner) => audit(inner, { action: "tests.write", target: { kind: "test", id: "1" }, summary: "Wrote a row", after: { password: "x" } }));
  const [row] = await database.db.auditEntry.findMany();
  expect(row).toMatchObject({ actorId: "usr_test_editor", at: clock(), after: { password: "••••" } });
  expect(await readMigrationState(database.url)).toEqual({ pending: [], unknown: [], failed: [] });
});

test("a transaction that throws leaves nothing", async () => {
  const ctx = testContext({ db: database.db });
  const before = await database.db.auditEntry.count();
  const failing = inTransaction(ctx, async (inner) => {
    await audit(inner, { action: "tests.write", target: { kind: "test", id: "2" }, summary: "Wrote a row" });
    throw new Error("undo");
  });
  await expect(failing).rejects.toThrow("undo");
  expect(await database.db.auditEntry.count()).toBe(before);
});

test("an empty database lacks every migration", async () => {
  const empty = await emptyDatabase();
  expect((await readMigrationState(empty.url)).pending).toEqual(knownMigrations());
  await empty.drop();
});
