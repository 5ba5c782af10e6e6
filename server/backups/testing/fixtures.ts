/** Worlds and rows for tests of backups: a real database to back up, a real folder as store, a network that reaches this machine. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, vi } from "vitest";
import type { Actor, Context } from "../../platform/context.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import { emptyDatabase } from "../../platform/testing/database.ts";
import { asActor, testContext } from "../../platform/testing/context.ts";
import { executeDrill } from "../handlers/drill.ts";
import { executeRun } from "../handlers/run.ts";
import { addStore, createPlan, drillNow, runNow } from "../mutations/index.ts";
import { getDrill, getRun } from "../queries/index.ts";
import { CreatePlan, type DrillDetail, type PlanDetail, type RunDetail } from "../schema.ts";

/** This machine and nothing else. */
export const localNetwork = createOutbound({ allow: ["127.0.0.0/8"] });

const SHOP = `
  CREATE TABLE orders (id int PRIMARY KEY, note text, paid jsonb);
  INSERT INTO orders SELECT n, 'order ' || n, jsonb_build_object('cents', n * 100) FROM generate_series(1, 200) n;
  CREATE TABLE items (order_id int REFERENCES orders, name text);
  INSERT INTO items SELECT n, 'item' FROM generate_series(1, 100) n;`;

/** A place of its own for a test file: data folder, store folder and source database, all gone afterwards. */
export function backupsWorld(): { readonly folder: string; readonly sourceUrl: string; query: (sql: string, url?: string) => Promise<pg.QueryResult> } {
  let folder = "";
  let source: { url: string; drop: () => Promise<void> } | undefined;
  const query = async (sql: string, url = source?.url ?? "") => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "seaworthy-backups-"));
    vi.stubEnv("SEAWORTHY_DATA_DIR", path.join(folder, "data"));
    source = await emptyDatabase();
    await query(SHOP);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await source?.drop();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get sourceUrl() {
      return source?.url ?? "";
    },
    query,
  };
}

/** A context that may reach this machine. */
export function localContext(db: Context["db"], kind: Parameters<typeof asActor>[0] = "admin", serial = 0): Context {
  const actor = asActor(kind);
  return testContext({ db, actor: "id" in actor ? ({ ...actor, id: `${actor.id}_${serial}` } as Actor) : actor, http: localNetwork });
}

let made = 0;

/** Adds a store in a new folder. */
export async function addLocalStore(ctx: Context, parent: string): Promise<string> {
  made += 1;
  const { id } = await addStore(ctx, { name: `Folder ${made}`, config: { kind: "local", folder: path.join(parent, `store-${made}`) } });
  return id;
}

/** Adds a plan for `url` that keeps its backups in `storeIds`. */
export async function addPlan(ctx: Context, facts: Partial<CreatePlan> & { url: string; storeIds: string[] }): Promise<PlanDetail> {
  made += 1;
  const { url, storeIds, ...rest } = facts;
  return createPlan(ctx, CreatePlan.parse({ name: `Shop ${made}`, source: { kind: "postgres", url }, cron: "0 2 * * *", stores: storeIds.map((storeId) => ({ storeId })), ...rest }));
}

/** Forgets every plan and run, as a lost database would; stores stay. Deleting is quicker than truncating small tables. */
export async function forgetCatalogue(db: Context["db"]): Promise<void> {
  await db.backupCopy.deleteMany();
  await db.backupDrill.deleteMany();
  await db.backupRestore.deleteMany();
  await db.backupRun.deleteMany();
  await db.backupRetentionPass.deleteMany();
  await db.backupPlan.deleteMany();
}

/** Backs a plan up by hand, at once and here. */
export async function backUp(ctx: Context, planId: string): Promise<RunDetail> {
  const { id } = await runNow(ctx, { id: planId, trigger: "manual" });
  await executeRun(ctx, id);
  return getRun(ctx, { id });
}

/** Drills a plan's newest backup, at once and here. */
export async function drillOnce(ctx: Context, planId: string): Promise<DrillDetail> {
  const { id } = await drillNow(ctx, { id: planId });
  await executeDrill(ctx, id);
  return getDrill(ctx, { id });
}
