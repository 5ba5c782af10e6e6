/** Retention against a real catalogue and a real store: what the preview says is what goes, and nothing else. */
import { access, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "../../platform/testing/database.ts";
import { watchClock } from "../handlers/clock.ts";
import { decideAll, deleteDecided } from "../handlers/retain.ts";
import * as mutations from "../mutations/index.ts";
import * as queries from "../queries/index.ts";
import { addRuns } from "../testing/catalogue.ts";
import { addLocalStore, addPlan, backupsWorld, forgetCatalogue, localContext } from "../testing/fixtures.ts";

const database = testDatabase();
const world = backupsWorld();
const DAY = 86_400_000;
const ctx = () => localContext(database.db);
const later = (days: number) => ({ ...ctx(), now: () => new Date(Date.now() + days * DAY) });

async function planWithRuns(ages: number[], changes: Parameters<typeof addRuns>[2] = {}) {
  const storeId = await addLocalStore(ctx(), world.folder);
  const plan = await addPlan(ctx(), { url: world.sourceUrl, storeIds: [storeId] });
  const ids = await addRuns(ctx(), { planId: plan.id, storeId, ages }, changes);
  return { plan, storeId, ids };
}
const statesOf = async (planId: string) => (await database.db.backupCopy.findMany({ where: { run: { planId } }, orderBy: { run: { requestedAt: "desc" } } })).map(({ state }) => state);

beforeEach(async () => {
  await forgetCatalogue(database.db);
  await database.db.backupClock.deleteMany();
  await database.db.backupClock.create({ data: { id: 1, seenAt: new Date(), steadySince: new Date(Date.now() - 9 * DAY) } });
});

describe("the retention job (MDL3-042)", () => {
  test("deletes what the preview showed, in the store and in the row, with the rule", async () => {
    const { plan, storeId, ids } = await planWithRuns([0, 1, 2, 3, 4, 5, 6, 7, 40, 41]);
    const preview = await queries.previewRetention(ctx(), { id: plan.id, storeId });
    expect(preview).toMatchObject({ stays: 8, goes: 2, refusal: null });
    expect(await decideAll(ctx())).toBe(2);
    expect(await deleteDecided(ctx())).toBe(2);
    expect(await statesOf(plan.id)).toEqual([...Array<string>(8).fill("stored"), "deleted", "deleted"]);
    const gone = await database.db.backupCopy.findFirstOrThrow({ where: { runId: ids[9] }, include: { store: true } });
    expect(gone).toMatchObject({ deleteRule: "past 30 days", deletedAt: expect.any(Date) });
    await expect(access(path.join((gone.store.config as { folder: string }).folder, gone.archiveName ?? ""))).rejects.toThrow("ENOENT");
    expect((await database.db.auditEntry.findFirst({ where: { action: "backups.retain" }, orderBy: { id: "desc" } }))?.summary).toMatch(/lets 2 of 10 copies go/);
    expect(await decideAll(ctx())).toBe(0);
  });

  test("a lock holds even after the decision", async () => {
    const { plan, ids } = await planWithRuns([0, 1, 2, 3, 4, 5, 6, 40, 41]);
    await mutations.lockBackup(ctx(), { id: ids[8] ?? "", reason: "asked for by the auditors" });
    expect(await decideAll(ctx())).toBe(1);
    await database.db.backupRun.update({ where: { id: ids[7] }, data: { lockedAt: new Date(), lockReason: "just now" } });
    expect(await deleteDecided(ctx())).toBe(0);
    expect(await statesOf(plan.id)).toEqual([...Array<string>(7).fill("stored"), "deleting", "stored"]);
  });

  test("a store that refuses keeps the row and the reason, and is asked again", async () => {
    const { ids } = await planWithRuns([0, 1, 2, 3, 4, 5, 6, 40]);
    await decideAll(ctx());
    const copy = await database.db.backupCopy.findFirstOrThrow({ where: { runId: ids[7] }, include: { store: true } });
    const config = copy.store.config as { kind: "local"; folder: string };
    await database.db.backupStore.update({ where: { id: copy.storeId }, data: { config: { ...config, folder: "/dev/null/nowhere" } } });
    expect(await deleteDecided(ctx())).toBe(0);
    expect(await database.db.backupCopy.findFirstOrThrow({ where: { runId: ids[7] } })).toMatchObject({ state: "deleting", deleteTries: 1, deleteProblem: expect.any(String) });
    await database.db.backupStore.update({ where: { id: copy.storeId }, data: { config } });
    expect(await deleteDecided(ctx())).toBe(1);
  });

  test.each(["an empty mount point", "no folder at all"])("a store that is away, %s in its place: nothing counts as deleted until it is back", async (place) => {
    const { plan, ids } = await planWithRuns([0, 1, 2, 3, 4, 5, 6, 40, 41]);
    expect(await decideAll(ctx())).toBe(2);
    const copy = await database.db.backupCopy.findFirstOrThrow({ where: { runId: ids[7] }, include: { store: true } });
    const { folder } = copy.store.config as { folder: string };
    await rename(folder, `${folder}-away`);
    if (place === "an empty mount point") await mkdir(folder);
    for (const tries of [1, 2]) {
      expect(await deleteDecided(ctx())).toBe(0);
      expect(await database.db.backupCopy.findMany({ where: { state: "deleting", run: { planId: plan.id } } })).toMatchObject([
        { deleteTries: tries, deleteProblem: expect.stringContaining("holds neither this copy nor the newest one") },
        { deleteTries: tries, deleteProblem: expect.stringContaining("Is it mounted") },
      ]);
    }
    await rm(folder, { recursive: true, force: true });
    await rename(`${folder}-away`, folder);
    expect(await deleteDecided(ctx())).toBe(2);
    expect(await statesOf(plan.id)).toEqual([...Array<string>(7).fill("stored"), "deleted", "deleted"]);
    await expect(access(path.join(folder, copy.archiveName ?? ""))).rejects.toThrow("ENOENT");
  });

  test("a copy that was removed by hand, or half removed before, is deleted in the row too", async () => {
    const { ids, plan } = await planWithRuns([0, 1, 2, 3, 4, 5, 6, 40]);
    await decideAll(ctx());
    const copy = await database.db.backupCopy.findFirstOrThrow({ where: { runId: ids[7] }, include: { store: true } });
    await rm(path.join((copy.store.config as { folder: string }).folder, copy.archiveName ?? ""));
    expect(await deleteDecided(ctx())).toBe(1);
    expect((await statesOf(plan.id)).at(-1)).toBe("deleted");
  });

  test("fifty newer bad backups leave the last good one", async () => {
    const { plan, storeId, ids } = await planWithRuns([90], { verifiedAt: new Date(Date.now() - 89 * DAY) });
    await addRuns(ctx(), { planId: plan.id, storeId, ages: Array.from({ length: 50 }, (_, n) => 1 + n) }, { suspicions: [{ code: "size", message: "It is 80 % smaller." }] });
    await decideAll(ctx());
    await deleteDecided(ctx());
    expect(await database.db.backupCopy.findFirstOrThrow({ where: { runId: ids[0] } })).toMatchObject({ state: "stored" });
  });
});

describe("the brake", () => {
  test("a clock that jumps a year deletes nothing, neither at once nor after its day of waiting", async () => {
    const { plan } = await planWithRuns([0, 1, 2, 3, 4, 5]);
    expect(await watchClock(later(365))).toBeGreaterThan(364 * DAY);
    expect(await decideAll(later(365))).toBe(0);
    for (const days of [365.5, 366, 366.5]) await watchClock(later(days));
    expect(await decideAll(later(366.6))).toBe(0);
    expect(await statesOf(plan.id)).toEqual(Array<string>(6).fill("stored"));
  });

  test("more than half waits for an administrator, who must name the number", async () => {
    const { plan, storeId } = await planWithRuns([0, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54]);
    expect(await queries.previewRetention(ctx(), { id: plan.id, storeId })).toMatchObject({ goes: 9, stays: 7, refusal: expect.stringContaining("More than half") });
    expect(await decideAll(ctx())).toBe(0);
    expect(await database.db.backupRetentionPass.findMany({ where: { planId: plan.id } })).toMatchObject([{ goes: 9, refusal: expect.any(String) }]);
    await expect(mutations.applyRetention(ctx(), { id: plan.id, storeId, expectedGoes: 8 })).rejects.toMatchObject({ code: "conflict" });
    expect(await mutations.applyRetention(ctx(), { id: plan.id, storeId, expectedGoes: 9 })).toEqual({ goes: 9 });
    expect(await deleteDecided(ctx())).toBe(9);
  });
});

describe("a preview", () => {
  test("of another policy changes nothing", async () => {
    const { plan, storeId } = await planWithRuns([0, 1, 10, 20]);
    const preview = await queries.previewRetention(ctx(), { id: plan.id, storeId, policy: { withinDays: 7, keepLast: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 } });
    expect(preview.decisions.map(({ goes, rule }) => [goes, rule])).toEqual([[false, "newest good copy"], [false, "all of 7 days"], [true, "past 7 days"], [true, "past 7 days"]]);
    expect(await statesOf(plan.id)).toEqual(Array<string>(4).fill("stored"));
  });
});
