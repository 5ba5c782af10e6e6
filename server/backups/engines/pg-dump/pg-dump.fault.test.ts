import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { createOutbound } from "../../../platform/http/guarded.ts";
import type { Store } from "../../stores/store.ts";
import { withDatabase } from "../../../platform/testing/server.ts";
import { restoreBackup } from "../../restore/restore.ts";
import { ODD_DATABASE } from "../../testing/odd-database.ts";
import { startSystemPostgres, type SystemPostgres } from "../../testing/system-postgres.ts";
import { localStore, takeOne, testFolder, testKeys, testWorld } from "../../testing/world.ts";
import { loadEngine } from "../engine.ts";
import { withDatabaseName } from "../postgres/address.ts";

const folder = testFolder();
const scratch = path.join(folder, "scratch");
const engine = { kind: "pg-dump" as const, reason: "The test asks for it." };
const engineWorld = { ...testWorld, signal: new AbortController().signal, onProgress: () => undefined, scratchDir: folder };
let store: Store;
let server: SystemPostgres;
let url: string;

/** A client for any name of a database; the driver's own reading of addresses does not know all escapes. */
function clientFor(address: string): pg.Client {
  const { hostname, port, username, password, pathname } = new URL(address);
  return new pg.Client({ host: hostname, port: Number(port), user: username, password: decodeURIComponent(password), database: decodeURIComponent(pathname.slice(1)) });
}

async function run(address: string, sql: string) {
  const client = clientFor(address);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

const source = (address = url) => ({ kind: "postgres" as const, url: address, reach: "guarded" as const });
const take = (address = url, rest = {}) => takeOne({ source: source(address), store, scratch, engine, ...rest });
const stored = async () => (await Array.fromAsync(store.list())).length;

/** Names of processes of a program that this machine runs for `needle`, with their command lines. */
const processes = (needle: string) => spawnSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).stdout.split("\n").filter((line) => line.includes(needle) && !line.includes("ps -eo"));

beforeAll(async () => {
  store = await localStore(path.join(folder, "store"));
  server = await startSystemPostgres();
  await run(server.url, 'CREATE DATABASE "odd ""db; x=1"');
  url = withDatabaseName(server.url, 'odd "db; x=1');
  await run(url, ODD_DATABASE);
});

afterAll(() => server.close());

describe("the system's pg_dump", () => {
  test("reads, from a server of its version, what any newer server restores identically", async () => {
    const { manifest } = await take();
    expect(manifest).toMatchObject({ engine: "pg-dump", content: { kind: "database", consistency: "exact" } });
    const place = { kind: "database" as const, url: inject("server").adminUrl, reach: "guarded" as const, database: "restored_from_old", mode: "create" as const, isUntrusted: true };
    const report = await restoreBackup({ store, manifest, keys: testKeys, place, selection: {}, scratchParent: scratch, onProgress: () => undefined }, testWorld);
    expect(report).toMatchObject({ comparison: { isEqual: true, tables: 7 }, leftOut: [] });
    const target = withDatabase(inject("server").adminUrl, "restored_from_old");
    for (const sql of ["SELECT * FROM plain ORDER BY id", "SELECT md5(lo_get(4242))", `SELECT * FROM "Sch ""ema"."Täble; 名前" ORDER BY id`]) expect(await run(target, sql)).toEqual(await run(url, sql));
    await run(inject("server").adminUrl, "DROP DATABASE restored_from_old WITH (FORCE)");
  });

  test("the portable engine reads the same server and finds the same contents", async () => {
    const [ours, theirs] = [await take(url, { engine: { kind: "portable", reason: "" } }), await take()];
    const facts = ({ manifest: { content } }: typeof ours) => content.kind === "database" && content.tables.map(({ name, rows, hash }) => ({ name, rows, hash }));
    expect(facts(ours)).toEqual(facts(theirs));
  });

  test("older than the server: refused before anything is read, with the way out", async () => {
    const newer = inject("server").adminUrl;
    const before = await stored();
    await expect(take(newer)).rejects.toThrow(/pg_dump \d+\.\d+ is older than the server \(18\.\d+\). Choose the portable engine/);
    const { findings } = await (await loadEngine("pg-dump")).preflight(source(newer), engineWorld);
    expect(findings).toContainEqual(expect.objectContaining({ level: "problem", code: "client" }));
    expect(await stored()).toBe(before);
  });
});

describe("what goes wrong leaves no object behind", () => {
  let before = 0;
  beforeAll(async () => {
    before = await stored();
    await run(server.url, "CREATE DATABASE big");
    await run(withDatabaseName(server.url, "big"), "CREATE TABLE t AS SELECT i, md5(i::text) || md5((i * 7)::text) AS v FROM generate_series(1, 400000) i");
  });
  afterEach(async () => {
    const left = [...fs.readdirSync(scratch), (await stored()) - before];
    if (left.join() !== "0") throw new Error(`The failed run left behind: ${left.join(", ")} objects.`);
  });
  const big = () => withDatabaseName(server.url, "big");

  test("a wrong password is said, and is not on any command line", async () => {
    const wrong = new URL(url);
    wrong.password = "wrong";
    await expect(take(wrong.toString())).rejects.toThrow(/the password is wrong/);
  });

  test("while it runs, no command line holds the password; killed, it is a failure that says so", async () => {
    let seen: string[] = [];
    const onProgress = () => {
      if (seen.length > 0) return;
      seen = processes("--snapshot=");
      for (const line of seen) process.kill(Number(line.trim().split(" ")[0]), "SIGKILL");
    };
    await expect(take(big(), { onProgress })).rejects.toThrow(/pg_dump was ended from outside/);
    expect(seen).toHaveLength(1);
    expect(seen.join("")).not.toMatch(/pw word|pw%20word/);
  });

  test("cancelled, it ends with the run", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("cancelled by the test"));
    await expect(takeOne({ source: source(big()), store, scratch, engine, onProgress }, { ...testWorld, signal: controller.signal })).rejects.toThrow("cancelled by the test");
    await expect.poll(() => processes("--snapshot=")).toEqual([]);
  });

  test("the store breaks in the middle: the dump ends and the reason is the store's", async () => {
    const broken: Store = {
      ...store,
      put: async (_name, pieces) => {
        for await (const piece of pieces) if (piece.length > 1_000) throw new Error("the disk is full");
        return { bytes: 0, sha256: "" };
      },
    };
    await expect(take(big(), { stores: [{ id: "broken", store: broken }] })).rejects.toThrow(/the disk is full/);
    await expect.poll(() => processes("--snapshot=")).toEqual([]);
  });

  test.each(["pg-dump", "portable"] as const)("a change of the schema that holds a table makes the run of %s fail, not hang and not lie", async (kind) => {
    const holder = clientFor(url);
    await holder.connect();
    await holder.query("BEGIN; ALTER TABLE child ADD COLUMN extra int");
    await expect(take(url, { engine: { kind, reason: "" }, settings: { hashFullUpToBytes: 100_000, lockTimeoutMs: 300 } })).rejects.toThrow(/change of the schema is under way/);
    await holder.query("ROLLBACK");
    await holder.end();
  });

  test.each(["pg-dump", "portable"] as const)("a change of the schema that comes in the middle of %s waits for it, and the backup is of before", async (kind) => {
    const changer = clientFor(big());
    changer.on("error", () => undefined);
    await changer.connect();
    const changes: Promise<unknown>[] = [];
    const onProgress = () => {
      if (changes.length === 0) changes.push(changer.query("ALTER TABLE t ADD COLUMN late int DEFAULT 1"));
    };
    const { manifest } = await take(big(), { engine: { kind, reason: "" }, onProgress });
    expect(await Promise.all(changes)).toHaveLength(1);
    const place = { kind: "database" as const, url: inject("server").adminUrl, reach: "guarded" as const, database: "restored_before_change", mode: "create" as const, isUntrusted: false };
    const report = await restoreBackup({ store, manifest, keys: testKeys, place, selection: {}, scratchParent: scratch, onProgress: () => undefined }, testWorld);
    expect(report.comparison).toMatchObject({ isEqual: true, rows: "400000" });
    const columns = "SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
    expect(await run(withDatabase(inject("server").adminUrl, "restored_before_change"), columns)).toEqual([{ attname: "i" }, { attname: "v" }]);
    await run(inject("server").adminUrl, "DROP DATABASE restored_before_change WITH (FORCE)");
    await changer.query("ALTER TABLE t DROP COLUMN late");
    await changer.end();
    for (const name of [manifest.archive.name, `${manifest.archive.name}.manifest`]) await store.delete(name);
  });

  test("the server is killed", async () => {
    let isKilled = false;
    const onProgress = () => {
      if (!isKilled) server.kill("SIGQUIT");
      isKilled = true;
    };
    await expect(take(big(), { onProgress })).rejects.toThrow(/pg_dump ended|cannot be used/);
  });
});

describe("addresses", () => {
  const refused: { address: string; why: RegExp }[] = [
    { address: "postgresql://u:p@169.254.169.254/x", why: /blocked by egress policy: .* is a metadata address\.$/ },
    { address: "postgresql://u:p@[fd00:ec2::254]/x", why: /blocked by egress policy/ },
    { address: "postgresql://u:p@10.0.0.5/x", why: /blocked by egress policy: 10\.0\.0\.5 is private\. An administrator can allow it in the settings/ },
    { address: "postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/x", why: /names no host|must look like/ },
    { address: "postgresql://u:p@example.com/x?host=/var/run", why: /must not carry host/ },
    { address: "postgresql://u:p@example.com/x?hostaddr=10.0.0.1", why: /must not carry hostaddr/ },
    { address: "postgresql://u:p@example.com/x?sslcert=/etc/passwd", why: /must not carry sslcert/ },
    { address: "postgresql://u:p@example.com/x?service=x", why: /must not carry service/ },
    { address: "postgresql://u:p@example.com/x?options=-c%20x", why: /must not carry options/ },
    { address: "http://example.com/x", why: /must look like/ },
  ];
  test.each(refused)("$address", async ({ address, why }) => {
    const world = { ...testWorld, http: createOutbound({}) };
    await expect(takeOne({ source: source(address), store, scratch, engine }, world)).rejects.toThrow(why);
  });

  test("a name that answers a public address first and a private one later is connected to the first only (T10)", async () => {
    let asked = 0;
    const lookup = () => Promise.resolve([{ address: asked++ === 0 ? "127.0.0.1" : "169.254.169.254", family: 4 }]);
    const http = createOutbound({ allow: ["127.0.0.1/32:9"], lookup });
    await expect(takeOne({ source: source("postgresql://u:p@rebinding.example:9/x?sslmode=disable"), store, scratch, engine }, { ...testWorld, http })).rejects.toThrow(/nothing listens there/);
    expect(asked).toBe(1);
  });
});
