/** Workers and scratch databases that die in the middle, and two workers on one schedule. */
import { spawn, type ChildProcess } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { findPostmaster } from "../platform/embedded/postmaster.ts";
import { environment } from "../platform/config.ts";
import { testDatabase } from "../platform/testing/database.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import { addLocalStore, addPlan, backupsWorld, localContext } from "./testing/fixtures.ts";

const database = testDatabase();
const world = backupsWorld();
const ctx = () => localContext(database.db);
const LONG = { timeout: 75_000, interval: 200 };
const SILENCE_SPARED_MS = 28_000;
const workers: ChildProcess[] = [];

async function startWorker(): Promise<ChildProcess> {
  const env = { ...environment(), SEAWORTHY_DATA_DIR: path.join(world.folder, "data"), LOG_LEVEL: "warn" };
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "testing/backup-worker.ts"), database.url], { stdio: ["ignore", "pipe", "pipe"], env });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  workers.push(child);
  await expect.poll(() => text, LONG).toContain("ready");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

const stateOf = async (id: string) => (await queries.getRun(ctx(), { id })).state;

beforeAll(async () => {
  // Big enough that a run takes a while on any machine: random bytes do not compress.
  await world.query("CREATE TABLE big AS SELECT n, md5(random()::text || n) || md5(random()::text) AS text FROM generate_series(1, 400000) n");
  // The watch loop makes the console's own plan; keep it from running in the middle of a test.
  await mutations.ensureOwnPlan(ctx());
  await database.db.backupPlan.updateMany({ where: { isSelf: true }, data: { pausedAt: new Date(), nextRunAt: null } });
});

afterEach(async () => {
  for (const worker of workers.splice(0)) await kill(worker);
});

describe("a worker that is killed", () => {
  test("in the middle of a run: failed within a minute, nothing left in the store, and the plan runs again", async () => {
    const storeId = await addLocalStore(ctx(), world.folder);
    const plan = await addPlan(ctx(), { url: world.sourceUrl, storeIds: [storeId], drill: { cron: null, everyNth: null, assertions: [] } });
    const first = await startWorker();
    const { id } = await mutations.runNow(ctx(), { id: plan.id, trigger: "manual" });
    await expect.poll(() => stateOf(id), { ...LONG, interval: 20 }).toBe("running");
    await kill(first);
    const killedAt = performance.now();
    // As if most of the silence after which a worker counts as dead had passed already.
    await database.db.$executeRaw`UPDATE backup_run SET heartbeat_at = heartbeat_at - make_interval(secs => ${SILENCE_SPARED_MS / 1_000}) WHERE id = ${id}`;
    await startWorker();
    await expect.poll(() => stateOf(id), LONG).toBe("failed");
    expect(performance.now() - killedAt + SILENCE_SPARED_MS).toBeLessThan(60_000);
    expect(await queries.getRun(ctx(), { id })).toMatchObject({ problemCode: "worker-died", copies: [] });
    const store = await database.db.backupStore.findUniqueOrThrow({ where: { id: storeId } });
    const left = async () => (await readdir((store.config as { folder: string }).folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
    await expect.poll(left, LONG).toEqual([]);
    const again = await mutations.runNow(ctx(), { id: plan.id, trigger: "manual" });
    await expect.poll(() => stateOf(again.id), LONG).toBe("stored");
  });

  test("in the middle of a restore: nothing has the target's name, what may be left is said, and the target can be restored again", async () => {
    const storeId = await addLocalStore(ctx(), world.folder);
    const plan = await addPlan(ctx(), { url: world.sourceUrl, storeIds: [storeId], drill: { cron: null, everyNth: null, assertions: [] } });
    const first = await startWorker();
    const run = await mutations.runNow(ctx(), { id: plan.id, trigger: "manual" });
    await expect.poll(() => stateOf(run.id), LONG).toBe("stored");
    const name = `killed_${run.id.slice(-8).toLowerCase()}`;
    const wanted = { runId: run.id, target: { kind: "database" as const, database: name, mode: "create" as const }, selection: {} };
    const start = async () => mutations.startRestore(ctx(), { ...wanted, token: (await mutations.prepareRestore(ctx(), wanted)).token ?? "" });
    const databases = async () => (await world.query(`SELECT datname FROM pg_database WHERE datname LIKE '${name}%' ORDER BY 1`)).rows.map(({ datname }: { datname: string }) => datname);
    const { id } = await start();
    await expect.poll(async () => (await database.db.backupRestore.findUniqueOrThrow({ where: { id } })).phase, { ...LONG, interval: 20 }).toBe("restoring");
    await kill(first);
    await database.db.$executeRaw`UPDATE backup_restore SET heartbeat_at = heartbeat_at - make_interval(secs => ${SILENCE_SPARED_MS / 1_000}) WHERE id = ${id}`;
    await startWorker();
    await expect.poll(async () => (await queries.getRestore(ctx(), { id })).state, LONG).toBe("failed");
    expect((await queries.getRestore(ctx(), { id })).problem).toContain("a database whose name goes on with _restoring_");
    const left = await databases();
    expect(left).toEqual([expect.stringMatching(/^killed_.*_restoring_[0-9a-f]{8}$/)]);
    const again = await start();
    await expect.poll(async () => (await queries.getRestore(ctx(), again)).state, LONG).toBe("done");
    expect(await databases()).toEqual([name, ...left]);
    for (const one of await databases()) await world.query(`DROP DATABASE "${one}" WITH (FORCE)`);
  });
});

describe("a scratch database that dies", () => {
  test("in the middle of a drill: the drill fails, the backup is neither proven nor refuted, nothing stays", async () => {
    const storeId = await addLocalStore(ctx(), world.folder);
    const plan = await addPlan(ctx(), { url: world.sourceUrl, storeIds: [storeId], drill: { cron: null, everyNth: null, assertions: [] } });
    await startWorker();
    const run = await mutations.runNow(ctx(), { id: plan.id, trigger: "manual" });
    await expect.poll(() => stateOf(run.id), LONG).toBe("stored");
    const drill = await mutations.drillNow(ctx(), { id: plan.id });
    const folder = path.join(world.folder, "data/scratch", `drill-${drill.id}`);
    await expect.poll(async () => (await queries.getDrill(ctx(), drill)).progress?.phase, { ...LONG, interval: 20 }).toMatch(/checking|preparing|restoring/);
    const server = findPostmaster(path.join(folder, "postgres"));
    process.kill(server?.pid ?? 0, "SIGKILL");
    await expect.poll(async () => (await queries.getDrill(ctx(), drill)).state, LONG).toBe("failed");
    expect(await queries.getRun(ctx(), { id: run.id })).toMatchObject({ state: "stored", verifiedAt: null });
    await expect.poll(() => readdir(folder).catch(() => "gone"), LONG).toBe("gone");
  });
});

describe("two workers and one schedule", () => {
  test("make one run", async () => {
    const storeId = await addLocalStore(ctx(), world.folder);
    const plan = await addPlan(ctx(), { url: world.sourceUrl, storeIds: [storeId], cron: "0 3 1 1 *", drill: { cron: null, everyNth: null, assertions: [] } });
    await Promise.all([startWorker(), startWorker()]);
    await database.db.backupPlan.update({ where: { id: plan.id }, data: { nextRunAt: new Date(Date.now() - 1_000) } });
    await expect.poll(() => database.db.backupRun.count({ where: { planId: plan.id, state: "stored" } }), LONG).toBe(1);
    expect(await database.db.backupRun.count({ where: { planId: plan.id } })).toBe(1);
  });
});
