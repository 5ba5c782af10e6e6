/** Rows of a plan with its past, without any archive behind them: for tests of what is read and judged. */
import type { Context } from "../../platform/context.ts";
import type { Prisma } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { DrillRules } from "../schema/drill-rules.ts";
import type { StoreConfig } from "../schema/store-config.ts";
import { sealStore } from "../secrets.ts";

const BUCKET = { kind: "s3" as const, endpoint: "https://s3.example.com", region: "eu", bucket: "backups", prefix: "", accessKeyId: "AKID", secretAccessKey: "hidden", pathStyle: true };

/** Adds a store row. */
export async function addStoreRow(ctx: Context, config: StoreConfig = BUCKET): Promise<string> {
  const id = newId("sto", ctx.now());
  await ctx.db.backupStore.create({ data: { id, name: id, kind: config.kind, config: sealStore(config) as Prisma.InputJsonValue, label: id, createdAt: ctx.now(), updatedAt: ctx.now() } });
  return id;
}

/** Adds a daily plan of a folder that is kept in `storeId`. */
export async function addPlanRow(ctx: Context, storeId: string, facts: Partial<Prisma.BackupPlanUncheckedCreateInput> = {}): Promise<string> {
  const id = newId("pln", ctx.now());
  await ctx.db.backupPlan.create({
    data: {
      id, name: id, slug: id, source: { kind: "folder", path: "/srv/files" }, sourceKind: "folder", sourceLabel: "/srv/files", cron: "0 2 * * *", timeZone: "UTC", rpoMinutes: 1_440, rtoMinutes: 60, drill: DrillRules.parse({}) as Prisma.InputJsonValue,
      hooks: [], createdAt: ctx.now(), updatedAt: ctx.now(), stores: { create: { storeId, retention: {} } }, ...facts,
    },
  });
  return id;
}

/** Adds a backup of now that lies in `storeId`. */
export async function addBackupRow(ctx: Context, where: { planId: string; storeId: string }, facts: Partial<Prisma.BackupRunUncheckedCreateInput> = {}): Promise<string> {
  const [id, now] = [newId("run", ctx.now()), ctx.now()];
  await ctx.db.backupRun.create({
    data: { id, planId: where.planId, trigger: "manual", state: "stored", requestedBy: "test", requestedAt: now, startedAt: now, finishedAt: now, dataAsOf: now, bytes: 1_000, cipher: "aes-256-gcm", keyId: "k1", copies: { create: { storeId: where.storeId, state: "stored", bytes: 1_000, storedAt: now } }, ...facts },
  });
  return id;
}
