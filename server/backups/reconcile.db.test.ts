/** What stores really hold: copies that somebody or something removed are lost, and no plan calls itself restorable by them. */
import { rename, rm, truncate, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "../platform/testing/database.ts";
import { lookAround } from "./handlers/look-around.ts";
import { deleteDecided } from "./handlers/retain.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import { reconcileStore } from "./reconcile.ts";
import type { Store } from "./stores/store.ts";
import { archivePath } from "./testing/damage.ts";
import { addLocalStore, addPlan, backUp, backupsWorld, forgetCatalogue, localContext } from "./testing/fixtures.ts";

const database = testDatabase();
const world = backupsWorld();
const ctx = () => localContext(database.db);

/** A plan with a backup as a passed drill leaves it; that drills prove is shown elsewhere. */
async function proven(stores = 1) {
  const storeIds = await Promise.all(Array.from({ length: stores }, () => addLocalStore(ctx(), world.folder)));
  const plan = await addPlan(ctx(), { url: world.sourceUrl, storeIds, drill: { cron: "0 4 * * 1", everyNth: null, assertions: [] } });
  const run = await backUp(ctx(), plan.id);
  await database.db.backupRun.update({ where: { id: run.id }, data: { verifiedAt: new Date() } });
  const [storeId = ""] = storeIds;
  return { plan, run, storeId, file: await archivePath(database.db, { runId: run.id, storeId }) };
}
const standing = async (plan: { id: string }) => (await queries.getPlan(ctx(), plan)).standing;
const copyOf = async (run: { id: string }, storeId: string) => (await queries.getRun(ctx(), { id: run.id })).copies.find((copy) => copy.storeId === storeId);

beforeEach(() => forgetCatalogue(database.db));

describe("the hourly look", () => {
  test("an archive that was removed is lost: nothing is called restorable by it until it is back", async () => {
    const { plan, run, storeId, file } = await proven();
    expect(await standing(plan)).toMatchObject({ level: "ok", troubles: [] });
    await rename(file, `${file}.away`);
    await lookAround(ctx());
    expect(await copyOf(run, storeId)).toMatchObject({ state: "lost", problem: "It is not in the store any more." });
    expect(await standing(plan)).toMatchObject({ level: "fail", lead: "No store holds a backup any more.", troubles: ["lostCopies"], dataAtRiskMs: null, verifiedAgeMs: null, detail: expect.stringContaining("A copy is not in its store any more.") });
    await expect(mutations.prepareRestore(ctx(), { runId: run.id, target: { kind: "database", database: "back", mode: "create" }, selection: {} })).rejects.toMatchObject({ code: "precondition", message: expect.stringContaining("no store that can be read") });
    await rename(`${file}.away`, file);
    await lookAround(ctx());
    expect(await copyOf(run, storeId)).toMatchObject({ state: "stored", problem: null });
    expect(await standing(plan)).toMatchObject({ level: "ok", troubles: [], lead: expect.stringMatching(/^Restorable as of/) });
  });

  test("one that was cut, or has no manifest any more, is lost too", async () => {
    const { run, storeId, file } = await proven();
    await truncate(file, 10);
    await lookAround(ctx());
    expect(await copyOf(run, storeId)).toMatchObject({ state: "lost", problem: expect.stringMatching(/^The store holds 10 B of its [\d.]+ KiB\.$/) });
    const other = await proven();
    await rm(`${other.file}.manifest`);
    await lookAround(ctx());
    expect(await copyOf(other.run, other.storeId)).toMatchObject({ state: "lost", problem: "Its manifest is not in the store any more." });
  });

  test("lost in one of two stores: restorable from the other, and said", async () => {
    const { plan, file } = await proven(2);
    await rm(file);
    await lookAround(ctx());
    expect(await standing(plan)).toMatchObject({ level: "warn", troubles: ["lostCopies"], lead: expect.stringMatching(/^Restorable as of/) });
    expect((await queries.getPlan(ctx(), plan)).copies).toBe(1);
  });

  test("a store that cannot be read proves nothing: its copies stay what they are", async () => {
    const { plan, run, storeId } = await proven();
    await database.db.backupStore.update({ where: { id: storeId }, data: { config: { kind: "local", folder: "/dev/null/nowhere" } } });
    await lookAround(ctx());
    expect(await copyOf(run, storeId)).toMatchObject({ state: "stored" });
    expect((await standing(plan)).troubles).not.toContain("lostCopies");
    expect((await queries.listStores(ctx())).stores.find(({ id }) => id === storeId)?.checkProblem).toMatch(/cannot keep backups/);
  });

  test("a listing that is older than the backup is not believed; what is deleted meanwhile is not brought back", async () => {
    const { run, storeId, file } = await proven();
    const { bytes } = await database.db.backupCopy.findUniqueOrThrow({ where: { runId_storeId: { runId: run.id, storeId } } });
    const stat: Store["stat"] = (name) => Promise.resolve({ name, bytes: Number(bytes), modifiedAt: new Date() });
    const stale = { list: () => (async function* () {})(), stat } as unknown as Store;
    expect(await reconcileStore(ctx(), { id: storeId, store: stale })).toEqual({ lost: 0, found: 0 });
    const later = { ...ctx(), now: () => new Date(Date.now() + 2 * 3_600_000) };
    const unasked = { ...stale, stat: () => Promise.reject(new Error("asked for one by one")) } as unknown as Store;
    expect(await reconcileStore(later, { id: storeId, store: unasked })).toEqual({ lost: 1, found: 0 });
    await database.db.backupCopy.updateMany({ where: { runId: run.id }, data: { state: "stored", problem: null } });
    const decided = { ...stale, stat: async () => (await database.db.backupCopy.updateMany({ where: { runId: run.id }, data: { state: "deleting" } }), null) } as unknown as Store;
    expect(await reconcileStore(ctx(), { id: storeId, store: decided })).toEqual({ lost: 0, found: 0 });
    expect(await copyOf(run, storeId)).toMatchObject({ state: "deleting" });
    await writeFile(file, "");
  });
});

describe("a store that is read again", () => {
  test("first says what is lost, then lets it go, and takes it back when it is there", async () => {
    const { plan, run, storeId, file } = await proven();
    await rename(file, `${file}.away`);
    expect(await mutations.attachStore(ctx(), { id: storeId })).toMatchObject({ lost: 1, gone: 0 });
    expect(await mutations.attachStore(ctx(), { id: storeId })).toMatchObject({ lost: 0, gone: 1 });
    expect(await copyOf(run, storeId)).toMatchObject({ state: "deleted", deleteRule: "not in the store" });
    expect((await standing(plan)).troubles).not.toContain("lostCopies");
    await rename(`${file}.away`, file);
    expect(await mutations.attachStore(ctx(), { id: storeId })).toMatchObject({ found: 1, added: 1, lost: 0, gone: 0 });
    expect(await standing(plan)).toMatchObject({ level: "ok", lead: expect.stringMatching(/^Restorable as of/) });
  });

  test("a disk that is not mounted loses all copies, and what had to go is not counted as deleted", async () => {
    const { plan, run, storeId, file } = await proven();
    const second = await backUp(ctx(), plan.id);
    await database.db.backupCopy.updateMany({ where: { runId: run.id }, data: { state: "deleting", deleteDecidedAt: new Date(), deleteRule: "past 30 days" } });
    const { config } = await database.db.backupStore.findUniqueOrThrow({ where: { id: storeId } });
    const { folder } = config as { folder: string };
    await rename(folder, `${folder}-away`);
    await lookAround(ctx());
    expect(await copyOf(second, storeId)).toMatchObject({ state: "lost" });
    expect(await deleteDecided(ctx())).toBe(0);
    expect(await copyOf(run, storeId)).toMatchObject({ state: "deleting", problem: expect.stringContaining("Is it mounted") });
    await rm(folder, { recursive: true, force: true });
    await rename(`${folder}-away`, folder);
    await lookAround(ctx());
    expect(await copyOf(second, storeId)).toMatchObject({ state: "stored" });
    expect(await deleteDecided(ctx())).toBe(1);
    expect(await copyOf(run, storeId)).toMatchObject({ state: "deleted" });
    expect(file).toContain(folder);
  });
});
