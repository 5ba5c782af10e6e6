/** Runs with copies as rows and files, without taking real backups: for tests of what is decided about them. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { BackupRun } from "../../../prisma/generated/client.ts";
import { DAY_MS, MINUTE_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { Prisma } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { StoreConfig } from "../schema/store-config.ts";

const BYTES = 50 * 1_048_576;
const CONTENT = { kind: "database", database: "shop", consistency: "exact", encoding: "UTF8", collation: "C", tables: [{ schema: "public", name: "orders", rows: 100, bytes: 8_192, hash: null }], sequences: [], largeObjects: { count: 0, sum: "0" }, extensions: [], objects: {} };

type Changes = { verifiedAt?: Date; suspicions?: { code: string; message: string }[]; state?: string };

/** Adds one stored run for each age in days, newest first as given. Returns their ids. */
export async function addRuns(ctx: Context, at: { planId: string; storeId: string; ages: number[] }, changes: Changes = {}): Promise<string[]> {
  const store = await ctx.db.backupStore.findUniqueOrThrow({ where: { id: at.storeId } });
  const config = store.config as StoreConfig;
  const rows = at.ages.map((age) => {
    const taken = new Date(ctx.now().getTime() - age * DAY_MS - MINUTE_MS);
    const id = newId("run", taken);
    return { id, taken, archiveName: `shop/shop_${id}.swb` };
  });
  await ctx.db.backupRun.createMany({
    data: rows.map(({ id, taken }): Prisma.BackupRunCreateManyInput => ({
      id, planId: at.planId, trigger: "scheduled", state: changes.state ?? "stored", requestedBy: "test", requestedAt: taken, startedAt: taken, finishedAt: taken, dataAsOf: taken,
      bytes: BYTES, plainBytes: BYTES, engine: "portable", cipher: "aes-256-gcm", content: CONTENT, verifiedAt: changes.verifiedAt, suspicions: changes.suspicions ?? [],
    }) satisfies Partial<Record<keyof BackupRun, unknown>>),
  });
  await ctx.db.backupCopy.createMany({ data: rows.map(({ id, taken, archiveName }) => ({ runId: id, storeId: at.storeId, state: "stored", bytes: BYTES, archiveName, manifestName: `${archiveName}.manifest`, storedAt: taken })) });
  if (config.kind === "local") {
    await mkdir(path.join(config.folder, "shop"), { recursive: true });
    for (const { archiveName } of rows) await writeFile(path.join(config.folder, archiveName), "archive");
  }
  return rows.map(({ id }) => id);
}
