/** A key that backups need cannot be retired: neither one that seals settings nor one that opens archives. */
import { copyFileSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addBackupRow, addPlanRow, addStoreRow } from "../backups/testing/rows.ts";
import { config } from "../platform/config.ts";
import { testContext, testDatabase } from "../platform/testing/database.ts";
import { secretsCommand } from "./secrets.ts";

const database = testDatabase();
const dataDir = mkdtempSync(path.join(os.tmpdir(), "sw-secrets-backups-"));
const keyring = path.join(dataDir, "keyring.json");
const before = { SEAWORTHY_KEYRING_FILE: config().SEAWORTHY_KEYRING_FILE, SEAWORTHY_DATA_DIR: config().SEAWORTHY_DATA_DIR };

const ctx = () => testContext({ db: database.db, now: () => new Date() });
const run = (...args: string[]) => secretsCommand(ctx(), args);
/** Makes the file look as if it was changed two minutes ago. */
const settle = () => utimesSync(keyring, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));
const useOf = async (id: string) => ((await run("status")).output as { keys: { id: string }[] }).keys.find((key) => key.id === id);
const refusal = (message: string) => expect.objectContaining({ code: "precondition", message: expect.stringContaining(message) as string }) as Error;

beforeAll(() => {
  copyFileSync(before.SEAWORTHY_KEYRING_FILE, keyring);
  Object.assign(config(), { SEAWORTHY_KEYRING_FILE: keyring, SEAWORTHY_DATA_DIR: dataDir });
  Object.assign(globalThis, { seaworthySealer: undefined });
});

afterAll(() => {
  Object.assign(config(), before);
  Object.assign(globalThis, { seaworthySealer: undefined });
  rmSync(dataDir, { recursive: true, force: true });
});

test("stores are sealed again with the new key; archives and backups being written keep the old one", async () => {
  const storeId = await addStoreRow(ctx());
  const planId = await addPlanRow(ctx(), storeId);
  const runId = await addBackupRow(ctx(), { planId, storeId }, { cipher: "none" });
  expect(await useOf("k1")).toMatchObject({ backups: 1, archives: 1 });

  await run("rotate");
  expect(await useOf("k1")).toMatchObject({ backups: 0, archives: 1 });
  expect(await useOf("k2")).toMatchObject({ backups: 1, archives: 0 });
  settle();
  await expect(run("retire", "k1")).rejects.toEqual(refusal("1 backups in stores. Backups in stores are not sealed again"));

  await database.db.backupCopy.updateMany({ where: { runId }, data: { state: "deleting" } });
  await expect(run("retire", "k1")).rejects.toEqual(refusal("1 backups in stores"));
  await database.db.backupCopy.updateMany({ where: { runId }, data: { state: "deleted" } });

  const writing = await addBackupRow(ctx(), { planId, storeId }, { state: "running", startedAt: new Date(Date.now() - 600_000), finishedAt: null, dataAsOf: null, keyId: null, activeKey: planId, copies: undefined });
  await expect(run("retire", "k1")).rejects.toEqual(refusal("still being written"));
  await database.db.backupRun.update({ where: { id: writing }, data: { state: "failed", activeKey: null } });
  expect(await run("retire", "k1")).toMatchObject({ exitCode: 0, output: { keys: ["k2"] } });
  expect(await useOf("k1")).toBeUndefined();
});

test("an archive whose key is gone is named by status, which fails", async () => {
  const storeId = await addStoreRow(ctx());
  const planId = await addPlanRow(ctx(), storeId);
  await addBackupRow(ctx(), { planId, storeId }, { keyId: "k9" });
  const status = await run("status");
  expect(status.exitCode).not.toBe(0);
  expect(status.lines.join("\n")).toMatch(/k9 \(MISSING from the keyring\).*1 backups in stores/);
});
