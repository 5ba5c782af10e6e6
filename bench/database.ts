/** Databases for benches that call operations themselves: one that is thrown away, or the one of a running product. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { systemClock } from "../server/platform/clock.ts";
import type { Context } from "../server/platform/context.ts";
import { openDatabase } from "../server/platform/db.ts";
import { findEmbedded, startEmbedded } from "../server/platform/embedded/cluster.ts";
import { createLogger } from "../server/platform/logger.ts";
import { applyMigrations } from "../server/platform/migrations.ts";
import { ensureSecrets } from "../server/platform/secrets.ts";
import { closedNetwork } from "../server/platform/testing/context.ts";
import type { Product } from "./product.ts";

/** As many connections as a worker has. */
const CONNECTIONS = 5;
/** Seeding inserts millions of rows; one statement may take longer than a request's query may. */
const SEED_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 10_000;

async function inDatabase<T>(url: string, dataDir: string, work: (ctx: Context) => Promise<T>): Promise<T> {
  // What a seed seals is sealed with the key of its data folder.
  Object.assign(process.env, ensureSecrets(dataDir), { DATABASE_URL: url, LOG_LEVEL: "error" });
  const database = openDatabase({ url, poolMax: CONNECTIONS, queryTimeoutMs: SEED_TIMEOUT_MS, connectTimeoutMs: CONNECT_TIMEOUT_MS, applicationName: "bench" });
  const log = createLogger({ level: "error", write: (line) => void process.stderr.write(line) });
  try {
    return await work({ actor: { kind: "system", name: "bench" }, db: database.client, now: systemClock, log, http: closedNetwork, requestId: "req_bench", clientAddress: null });
  } finally {
    await database.close();
  }
}

/** An empty database with every table, thrown away afterwards. */
export async function withDatabase<T>(work: (ctx: Context) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "seaworthy-bench-"));
  const embedded = await startEmbedded({ dataDir, isThrowAway: true });
  try {
    await applyMigrations(embedded.url);
    return await inDatabase(embedded.url, dataDir, work);
  } finally {
    await embedded.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The database of a product that runs with an embedded one. */
export async function withProductDatabase<T>(product: Product, work: (ctx: Context) => Promise<T>): Promise<T> {
  const embedded = await findEmbedded(product.dataDir);
  if (!embedded) throw new Error("The product runs without its embedded database.");
  return inDatabase(embedded.url, product.dataDir, work);
}
