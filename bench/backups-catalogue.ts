/**
 * The retention preview over a catalogue of 10,000 backups, as the procedure answers it, beside reading the same rows
 * without deciding anything.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { previewRetention } from "../server/backups/queries/index.ts";
import { RetentionPolicy } from "../server/backups/schema/retention-policy.ts";
import { addRuns } from "../server/backups/testing/catalogue.ts";
import { openDatabase, type Database } from "../server/platform/db.ts";
import { startEmbedded } from "../server/platform/embedded/cluster.ts";
import { newId } from "../server/platform/ids.ts";
import { applyMigrations } from "../server/platform/migrations.ts";
import { ensureSecrets } from "../server/platform/secrets.ts";
import { testContext } from "../server/platform/testing/context.ts";
import { percentile, type Figure } from "./figure.ts";

const BACKUPS = 10_000;
const ROUNDS = 9;
/** Backups lie this far apart, so that the oldest is two years old and every rule has work. */
const DAYS_APART = 730 / BACKUPS;
const POLICY = RetentionPolicy.parse({ withinDays: 30, keepLast: 50, hourly: 48, daily: 60, weekly: 52, monthly: 24, yearly: 5 });

async function fill(database: Database): Promise<{ planId: string; storeId: string }> {
  const ctx = testContext({ db: database.client });
  const now = ctx.now();
  const [planId, storeId] = [newId("pln", now), newId("sto", now)];
  await ctx.db.backupStore.create({ data: { id: storeId, name: "Bench", kind: "s3", config: {}, label: "bench", createdAt: now, updatedAt: now } });
  const common = { sourceKind: "postgres", sourceLabel: "bench", cron: "0 2 * * *", timeZone: "Europe/Berlin", rpoMinutes: 60, rtoMinutes: 60, drill: { cron: null, everyNth: null, assertions: [] }, hooks: [], createdAt: now, updatedAt: now };
  await ctx.db.backupPlan.create({ data: { id: planId, name: "Bench", slug: "bench", ...common, stores: { create: { storeId, retention: POLICY } } } });
  await addRuns(ctx, { planId, storeId, ages: Array.from({ length: BACKUPS }, (_, index) => index * DAYS_APART) });
  return { planId, storeId };
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const started = performance.now();
    await work();
    if (round > 0) samples.push(performance.now() - started);
  }
  return percentile(samples, 0.5);
}

/** Median of nine previews after one that warms the server. */
export async function run(): Promise<Figure[]> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "seaworthy-bench-"));
  const cluster = await startEmbedded({ dataDir, isThrowAway: true });
  Object.assign(process.env, ensureSecrets(dataDir), { DATABASE_URL: cluster.url, SEAWORTHY_DATA_DIR: dataDir, LOG_LEVEL: "error" });
  await applyMigrations(cluster.url);
  const database = openDatabase({ url: cluster.url, poolMax: 4, queryTimeoutMs: 60_000, connectTimeoutMs: 10_000, applicationName: "bench" });
  try {
    const { planId, storeId } = await fill(database);
    const ctx = testContext({ db: database.client });
    const preview = await medianOf(() => previewRetention(ctx, { id: planId, storeId, policy: POLICY }));
    const bare = await medianOf(() => database.pool.query("SELECT r.id, r.data_as_of, r.state, r.suspicions, c.bytes FROM backup_copy c JOIN backup_run r ON r.id = c.run_id WHERE r.plan_id = $1 AND c.store_id = $2 ORDER BY 2 DESC", [planId, storeId]));
    return [
      { name: "retention-preview-10000", value: preview, unit: "ms", goal: "<=200" },
      { name: "retention-preview-over-bare-read", value: preview / bare, unit: "ratio", goal: "<=6" },
    ];
  } finally {
    await database.close();
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
