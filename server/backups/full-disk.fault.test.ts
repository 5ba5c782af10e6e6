/** Disks that fill while a backup is stored or a drill restores: said in words, nothing half stays, and the next one works. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "../platform/testing/database.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import { addPlan, backUp, backupsWorld, drillOnce, localContext } from "./testing/fixtures.ts";
import { scratchParent } from "./world.ts";

const database = testDatabase();
const world = backupsWorld();
const ctx = () => localContext(database.db);
const mounted: string[] = [];

/** A file system of its own below `folder`; mounted again it changes its size and keeps what it holds. */
function disk(folder: string, size: string): void {
  const isNew = !mounted.includes(folder);
  mkdirSync(folder, { recursive: true });
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", `${isNew ? "" : "remount,"}size=${size},mode=0711`, "tmpfs", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`These tests need the right to mount a file system in memory: ${stderr}`);
  if (isNew) mounted.push(folder);
}

const back = (planId: string) => backUp(ctx(), planId);
const drillOf = (planId: string) => drillOnce(ctx(), planId);

const filesIn = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);

beforeAll(async () => {
  // Random text, which does not compress: some 20 MB of archive, 55 MB of table and index.
  await world.query("CREATE TABLE big AS SELECT n, md5(random()::text) || md5(random()::text) || md5(random()::text) AS text FROM generate_series(1, 350000) n; CREATE INDEX ON big (text)");
});
afterAll(() => {
  for (const folder of mounted) spawnSync("umount", ["--lazy", folder]);
});

test("the store fills: the run fails and says so, its beginnings are removed, and with room the next run is stored", async () => {
  const folder = path.join(world.folder, "small-disk");
  disk(folder, "4m");
  const { id: storeId } = await mutations.addStore(ctx(), { name: "Small disk", config: { kind: "local", folder } });
  const plan = await addPlan(ctx(), { url: world.sourceUrl, storeIds: [storeId], drill: { cron: null, everyNth: null, assertions: [] } });
  expect(await back(plan.id)).toMatchObject({ state: "failed", problem: expect.stringMatching(/small-disk cannot keep backups: the disk is full/), copies: [] });
  expect(filesIn(folder)).toEqual([]);
  disk(folder, "64m");
  expect(await back(plan.id)).toMatchObject({ state: "stored", problem: null });
  expect(filesIn(folder)).toHaveLength(2);
  // Now it is known what a backup weighs: a run that would not fit does not begin.
  disk(folder, "30m");
  expect(await back(plan.id)).toMatchObject({ state: "failed", problem: expect.stringMatching(/Small disk: The disk is nearly full: .* free, .* needed/) });
  expect(filesIn(folder)).toHaveLength(2);
});

test("the scratch place fills: the drill fails, the backup is neither proven nor blamed, nothing stays, and with room it is proven", async () => {
  const { id: storeId } = await mutations.addStore(ctx(), { name: "Room", config: { kind: "local", folder: path.join(world.folder, "room") } });
  const plan = await addPlan(ctx(), { url: world.sourceUrl, storeIds: [storeId], drill: { cron: null, everyNth: null, assertions: [] } });
  const run = await back(plan.id);
  const scratch = await scratchParent();
  disk(scratch, "110m");
  expect(await drillOf(plan.id)).toMatchObject({ state: "failed", problem: expect.stringMatching(/^There is no room left for a scratch place: .* free in .*scratch\./) });
  expect(await queries.getRun(ctx(), { id: run.id })).toMatchObject({ state: "stored", verifiedAt: null, suspicions: [] });
  expect(readdirSync(scratch)).toEqual([]);
  disk(scratch, "600m");
  expect(await drillOf(plan.id)).toMatchObject({ state: "passed", problem: null });
  expect(readdirSync(scratch)).toEqual([]);
});
