/** Drills of every kind of backup, for real: on a server that the plan names, of a whole cluster, of a bucket. */
import path from "node:path";
import { Readable } from "node:stream";
import S3rver from "s3rver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "../platform/testing/database.ts";
import { startScratchCluster, type ScratchCluster } from "../platform/testing/scratch-cluster.ts";
import { drillDatabase, drillServerAt, lookAtDrillServer } from "./drill-server.ts";
import { executeRestore } from "./handlers/restore.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import { CreatePlan } from "./schema.ts";
import { sealDrillServer } from "./secrets.ts";
import { openS3Store } from "./stores/s3/store.ts";
import { addLocalStore, addPlan, backUp, backupsWorld, drillOnce, localContext, localNetwork } from "./testing/fixtures.ts";

const database = testDatabase();
const world = backupsWorld();
const ctx = () => localContext(database.db);
/** A server that is neither the console's nor the source's. */
let other: ScratchCluster;

const drill = { cron: null, everyNth: null, assertions: [{ name: "Orders are there", sql: "SELECT count(*) = 200 FROM orders" }] };

const back = (planId: string) => backUp(ctx(), planId);
const drillOf = (planId: string) => drillOnce(ctx(), planId);

beforeAll(async () => {
  other = await startScratchCluster(path.join(world.folder, "clusters"));
  await world.query("CREATE TABLE shelf AS SELECT n, md5(n::text) AS book FROM generate_series(1, 500) n", other.url);
});
afterAll(() => other.destroy());

const leftOn = async () => (await world.query("SELECT datname AS name FROM pg_database WHERE datname LIKE 'seaworthy\\_drill\\_%' UNION ALL SELECT rolname FROM pg_roles WHERE rolname ~ '^(drill_reader|restore)_'", other.url)).rows.map(({ name }: { name: string }) => name);

describe("a drill on a server that the plan names", () => {
  const planOn = async (drillServerUrl: string) => addPlan(ctx(), { url: world.sourceUrl, storeIds: [await addLocalStore(ctx(), world.folder)], drill, drillServerUrl });

  test("restores there, asks there, and leaves nothing; what killed drills left is removed, what others made is not", async () => {
    const plan = await planOn(other.url);
    expect(plan.drillServerUrl).toMatch(/:\*{8}@/);
    expect(plan.findings).toContainEqual(expect.objectContaining({ level: "ok", code: "drill-server" }));
    expect((await back(plan.id)).state).toBe("stored");
    const first = await drillOf(plan.id);
    expect(first).toMatchObject({ state: "passed", comparedRows: 300, assertions: [{ isTrue: true }], place: expect.stringMatching(/^the drill server 127\.0\.0\.1:\d+$/) });
    expect(await leftOn()).toEqual([]);
    await world.query(`CREATE DATABASE "${drillDatabase(first.id)}_restoring_1234abcd"`, other.url);
    await world.query("CREATE DATABASE seaworthy_drill_01zzzzzzzzzzzzzzzzzzzzzzzz", other.url);
    expect((await drillOf(plan.id)).state).toBe("passed");
    expect(await leftOn()).toEqual(["seaworthy_drill_01zzzzzzzzzzzzzzzzzzzzzzzz"]);
    await world.query("DROP DATABASE seaworthy_drill_01zzzzzzzzzzzzzzzzzzzzzzzz", other.url);
  });

  test("is refused on the source's server, when it is saved and again when it runs; nothing is restored and nothing blamed", async () => {
    await expect(planOn(world.sourceUrl)).rejects.toMatchObject({ code: "invalid", detail: { fields: { drillServerUrl: expect.stringContaining("is the server that the plan backs up") } } });
    const plan = await planOn(other.url);
    await expect(mutations.updatePlan(ctx(), { id: plan.id, revision: plan.revision, drillServerUrl: world.sourceUrl })).rejects.toMatchObject({ code: "invalid" });
    const run = await back(plan.id);
    // As if the name in the address had come to mean another machine.
    await database.db.backupPlan.update({ where: { id: plan.id }, data: { drillServer: sealDrillServer(world.sourceUrl) } });
    expect(await drillOf(plan.id)).toMatchObject({ state: "failed", problem: expect.stringContaining("is the server that the plan backs up"), comparedRows: null });
    expect((await queries.getRun(ctx(), { id: run.id })).state).toBe("stored");
    expect((await world.query("SELECT 1 FROM pg_database WHERE datname LIKE 'seaworthy\\_drill\\_%'")).rowCount).toBe(0);
  });

  test("keeps its password over a change of the plan, and not over a change of the server", async () => {
    const plan = await planOn(other.url);
    const kept = await mutations.updatePlan(ctx(), { id: plan.id, revision: plan.revision, drillServerUrl: plan.drillServerUrl, rtoMinutes: 7 });
    expect((await back(plan.id)).state).toBe("stored");
    expect((await drillOf(plan.id)).state).toBe("passed");
    await expect(mutations.updatePlan(ctx(), { id: plan.id, revision: kept.revision, drillServerUrl: (plan.drillServerUrl ?? "").replace("127.0.0.1", "127.0.0.2") })).rejects.toMatchObject({ code: "invalid" });
    const none = await mutations.updatePlan(ctx(), { id: plan.id, revision: kept.revision, drillServerUrl: null });
    expect(none.drillServerUrl).toBeNull();
  });

  test("that is away: the plan is saved with a warning, backups go on, the drill proves and refutes nothing", async () => {
    const plan = await planOn("postgresql://u:p@127.0.0.1:9/postgres");
    expect(plan.findings).toContainEqual(expect.objectContaining({ level: "warning", code: "drill-server" }));
    const run = await back(plan.id);
    expect(run.state).toBe("stored");
    expect(await drillOf(plan.id)).toMatchObject({ state: "failed", problem: expect.stringContaining("nothing listens there") });
    expect((await queries.getRun(ctx(), { id: run.id })).state).toBe("stored");
  });

  test("that lacks an extension of the source is told from one that has all", async () => {
    const look = async (extensions: string[]) => (await lookAtDrillServer(ctx(), drillServerAt(other.url), { fingerprint: "1/shop", version: "15.1", extensions, live: null })).finding;
    expect(await look(["citext"])).toMatchObject({ level: "ok" });
    expect(await look(["citext", "postgis"])).toMatchObject({ level: "warning", message: expect.stringMatching(/lacks the extension postgis\. Install it there/) });
  });

  test("is no setting for files", async () => {
    const files = CreatePlan.parse({ name: "Files", source: { kind: "folder", path: world.folder }, cron: "0 2 * * *", stores: [{ storeId: await addLocalStore(ctx(), world.folder) }], drillServerUrl: other.url });
    await expect(mutations.createPlan(ctx(), files)).rejects.toMatchObject({ code: "invalid" });
  });
});

test("a whole cluster is backed up physically, started again elsewhere, compared and proven", async () => {
  const plan = await addPlan(ctx(), { url: other.url, storeIds: [await addLocalStore(ctx(), world.folder)], engine: "physical", drill: { ...drill, assertions: [] } });
  expect(await back(plan.id)).toMatchObject({ state: "stored", engine: "physical" });
  expect(await drillOf(plan.id)).toMatchObject({ state: "passed", comparedTables: 1, comparedRows: 500, place: "a throw-away cluster" });
  expect((await queries.getPlan(ctx(), plan)).standing.level).toBe("ok");
});

describe("a bucket", () => {
  let s3: S3rver;
  let port = 0;
  const bucket = (prefix: string) => ({ kind: "s3" as const, endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", bucket: "photos", prefix, accessKeyId: "S3RVER", secretAccessKey: "S3RVER", pathStyle: true });
  const open = (prefix: string) => openS3Store(bucket(prefix), { http: localNetwork, now: () => new Date() }, { names: "any" });
  const objects = async (prefix: string) => {
    const store = await open(prefix);
    const found: Record<string, string> = {};
    for await (const { name } of store.list()) found[name] = Buffer.concat(await Array.fromAsync((await store.get(name)) as AsyncIterable<Buffer>)).toString("base64");
    return found;
  };

  beforeAll(async () => {
    s3 = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory: path.join(world.folder, "s3"), configureBuckets: [{ name: "photos", configs: [] }] });
    port = (await s3.run()).port;
  });
  afterAll(() => s3.close());

  test("is backed up, drilled, and restored beside itself: every object, whatever its name and size", async () => {
    const store = await open("2027");
    const put = (name: string, bytes: Buffer | string) => store.put(name, Readable.from([Buffer.from(bytes)]));
    await put("a.txt", "a");
    await put("empty", "");
    await put("deep/er/ünïcode 名 & more.txt", "content");
    await put("large.bin", Buffer.alloc(9_000_000, "0123456789abcdef"));
    // No file system can keep this name; it is left out and said.
    await put("back\\slash", "x");
    const storeId = await addLocalStore(ctx(), world.folder);
    const plan = await mutations.createPlan(ctx(), CreatePlan.parse({ name: "Photos", source: { kind: "bucket", bucket: bucket("2027") }, cron: "0 2 * * *", stores: [{ storeId }], drill: { cron: null, everyNth: null, assertions: [] } }));
    const run = await back(plan.id);
    expect(run).toMatchObject({ state: "stored", engine: "objects", files: 4, content: { kind: "bucket", leftOut: [{ path: "back\\slash", reason: expect.stringContaining("no name inside a folder") }] } });
    expect(await drillOf(plan.id)).toMatchObject({ state: "passed", place: "a throw-away folder" });
    const before = await objects("2027");
    const target = { kind: "bucket" as const, prefix: "restored" };
    const { token } = await mutations.prepareRestore(ctx(), { runId: run.id, target, selection: {} });
    const restore = await mutations.startRestore(ctx(), { runId: run.id, target, selection: {}, token: token ?? "" });
    await executeRestore(ctx(), restore.id);
    expect(await queries.getRestore(ctx(), restore)).toMatchObject({ state: "done", differences: [], problem: null });
    const { "back\\slash": _left, ...kept } = before;
    expect(await objects("restored")).toEqual(kept);
    expect(await objects("2027")).toEqual(before);
  });
});
