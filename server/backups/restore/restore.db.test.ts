import fs from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { cloneDatabase, emptyDatabase } from "../../platform/testing/database.ts";
import { flakyProxy } from "../../platform/testing/flaky-proxy.ts";
import { withDatabase } from "../../platform/testing/server.ts";
import type { RestorePlace, RestorePhase } from "../archive/operations.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { Store } from "../stores/store.ts";
import { ODD_DATABASE } from "../testing/odd-database.ts";
import { localStore, takeOne, testFolder, testKeys, testWorld } from "../testing/world.ts";
import { restoreBackup } from "./restore.ts";

/** A restore takes about a second on a quiet machine, and each test makes several. */
vi.setConfig({ testTimeout: 90_000 });

const folder = testFolder();
const scratch = path.join(folder, "scratch");
let store: Store;
let source: Awaited<ReturnType<typeof emptyDatabase>>;
let manifest: Manifest;
const made: string[] = [];

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const urlOf = (name: string) => withDatabase(source.url, name);
/** Those of this file: others make and drop theirs on the same server meanwhile. */
const databases = async () => (await ask<{ datname: string }>(inject("server").adminUrl, "SELECT datname FROM pg_database WHERE datname LIKE 'restored\\_%'")).map((row) => row.datname);

function placeFor(database: string, rest: Partial<Extract<RestorePlace, { kind: "database" }>> = {}): RestorePlace {
  made.push(database);
  return { kind: "database", url: source.url, reach: "guarded", database, mode: "create", isUntrusted: false, ...rest };
}

const restore = (place: RestorePlace, rest: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
  restoreBackup({ store, manifest, keys: testKeys, place, selection: {}, scratchParent: scratch, onProgress: () => undefined, ...rest }, testWorld);

beforeAll(async () => {
  store = await localStore(path.join(folder, "store"));
  source = await emptyDatabase();
  await ask(source.url, ODD_DATABASE);
  manifest = (await takeOne({ source: { kind: "postgres", url: source.url, reach: "guarded" }, store, scratch })).manifest;
});

afterAll(async () => {
  for (const name of (await databases()).filter((name) => made.some((wanted) => name.startsWith(wanted)))) await ask(inject("server").adminUrl, `DROP DATABASE "${name}" WITH (FORCE)`);
  await source.drop();
});

describe("a database restored from the portable engine", () => {
  test("is identical: bytea, json, enum, large object, generated, partition, identity, comment, extension, odd names, sequences", async () => {
    const phases: RestorePhase[] = [];
    const report = await restore(placeFor("restored_all"), { onProgress: ({ phase }) => void (phases.at(-1) === phase || phases.push(phase)) });
    expect(report).toMatchObject({ comparison: { isEqual: true, tables: 7, differences: [] }, leftOut: [], formerName: null });
    expect(phases).toEqual(["checking", "preparing", "restoring", "comparing", "swapping", "done"]);
    const same = async (sql: string) => expect(await ask(urlOf("restored_all"), sql)).toEqual(await ask(source.url, sql));
    await same("SELECT * FROM plain ORDER BY id");
    await same(`SELECT * FROM "Sch ""ema"."Täble; 名前" ORDER BY id`);
    await same("SELECT tableoid::regclass::text, * FROM parted ORDER BY id");
    await same("SELECT md5(lo_get(4242))");
    await same("SELECT obj_description('plain'::regclass), pg_get_viewdef('v'::regclass), pg_get_functiondef('f'::regproc), (SELECT c FROM mv)");
    await same("SELECT conname, pg_get_constraintdef(oid) AS def FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1");
    await same("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname !~ '^pg_' ORDER BY 1");
    await same("SELECT polname, relrowsecurity FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid");
    expect(await ask(urlOf("restored_all"), "SELECT nextval('down')::int AS down, nextval('plain_id_seq')::int AS up")).toEqual([{ down: 90, up: 3_001 }]);
    expect(await ask(urlOf("restored_all"), `INSERT INTO "Sch ""ema"."Täble; 名前" ("Cölumn "" x") VALUES ('new') RETURNING id`)).toEqual([{ id: 4 }]);
  });

  test("as a role without rights on the server too, which leaves nothing behind (T16)", async () => {
    const report = await restore(placeFor("restored_bare", { isUntrusted: true }));
    expect(report.comparison?.isEqual).toBe(true);
    // Another file may be restoring on the same server: its role goes too, a moment later.
    await expect.poll(() => ask(source.url, "SELECT 1 FROM pg_roles WHERE rolname LIKE 'restore\\_%'"), { timeout: 10_000 }).toEqual([]);
  });

  test("one table alone, with its rows, key, index and sequence; references to others are reported", async () => {
    const report = await restore(placeFor("restored_one"), { selection: { tables: ["public.plain", "public.child"] } });
    expect(report.comparison).toMatchObject({ isEqual: true, tables: 2 });
    expect(report.leftOut.map(({ what }) => what)).toEqual(["fk constraint child child_pid_fkey"]);
    expect(await ask(urlOf("restored_one"), "SELECT count(*)::int AS rows FROM plain")).toEqual([{ rows: 3_000 }]);
    expect(await ask(urlOf("restored_one"), "SELECT to_regclass('parted') AS other, to_regclass('trgm') IS NOT NULL AS index")).toEqual([{ other: null, index: true }]);
    await expect(restore(placeFor("restored_none"), { selection: { tables: ["public.nothing"] } })).rejects.toThrow("holds only 0 of the 1 chosen tables");
    expect(await databases()).not.toContain("restored_none");
  });
});

describe("replacing", () => {
  test("an existing database needs the mode; the former one is kept and serves under another name", async () => {
    await expect(restore(placeFor("restored_swap"))).resolves.toBeDefined();
    await ask(urlOf("restored_swap"), "CREATE TABLE later (a int); DELETE FROM child");
    await expect(restore(placeFor("restored_swap"))).rejects.toThrow(/There is a database restored_swap already/);
    const session = new pg.Client({ connectionString: urlOf("restored_swap") });
    session.on("error", () => undefined);
    await session.connect();
    const report = await restore(placeFor("restored_swap", { mode: "replace" }));
    expect(report.formerName).toBe("restored_swap_before_20270115_020000");
    expect(await ask(urlOf("restored_swap"), "SELECT to_regclass('later') AS later, (SELECT count(*)::int FROM child) AS rows")).toEqual([{ later: null, rows: 2 }]);
    expect(await ask(urlOf(report.formerName ?? ""), "SELECT to_regclass('later')::text AS later, (SELECT count(*)::int FROM child) AS rows")).toEqual([{ later: "later", rows: 0 }]);
  });
});

describe("what fails leaves nothing behind and everything as it was", () => {
  const untouched = async (work: () => Promise<unknown>, message: RegExp) => {
    const before = await databases();
    await expect(work()).rejects.toThrow(message);
    expect((await databases()).toSorted()).toEqual(before.toSorted());
  };

  test("a damaged archive is found before the target is touched", async () => {
    const file = path.join(folder, "store", manifest.archive.name);
    const bytes = await fs.readFile(file);
    const bent = Buffer.from(bytes);
    bent.writeUInt8(bent.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
    await fs.writeFile(file, bent);
    const phases = new Set<RestorePhase>();
    await untouched(() => restore(placeFor("restored_bad"), { onProgress: ({ phase }) => void phases.add(phase) }), /damaged.*target was not touched/);
    await untouched(() => restore(placeFor("restored_bad"), { selection: { tables: ["public.child"] }, onProgress: ({ phase }) => void phases.add(phase) }), /damaged.*target was not touched/);
    expect([...phases]).toEqual(["checking"]);
    await fs.writeFile(file, bytes);
  });

  test("a manifest that promises something else: one row more, other contents, another table", async () => {
    const edit = (change: (table: { rows: number; name: string; hash: { sum: string } | null }) => void) => {
      const copy = structuredClone(manifest);
      const table = copy.content.kind === "database" ? copy.content.tables.find(({ name }) => name === "plain") : undefined;
      if (table) change(table);
      return copy;
    };
    await untouched(() => restore(placeFor("restored_more"), { manifest: edit((table) => (table.rows += 1)) }), /table public.plain: expected 3001 rows, found 3000 rows/);
    await untouched(() => restore(placeFor("restored_other"), { manifest: edit((table) => table.hash && (table.hash.sum = "1")) }), /public.plain: expected the contents of the backup, found other contents/);
    expect.hasAssertions();
    await untouched(() => restore(placeFor("restored_lost"), { manifest: edit((table) => (table.name = "gone")) }), /public.gone: expected 3000 rows, found no such table/);
  });

  test("by a user who may create databases and no roles", async () => {
    expect.hasAssertions();
    const user = new URL(source.url);
    [user.username, user.password] = ["restored_maker", "maker"];
    await ask(source.url, "CREATE ROLE restored_maker LOGIN CREATEDB PASSWORD 'maker'");
    try {
      await untouched(() => restore(placeFor("restored_roleless", { url: user.href, isUntrusted: true })), /may not create the role that a restore works as. Grant CREATEROLE/);
    } finally {
      await ask(source.url, "DROP ROLE restored_maker");
    }
  });

  test("when the server goes away in the middle, which blames the server and not the archive", async () => {
    const { hostname, port } = new URL(source.url);
    const proxy = await flakyProxy({ host: hostname, port: Number(port) });
    const onProgress = ({ phase, done }: { phase: RestorePhase; done: number }) => {
      if (phase === "restoring" && done === 1) void proxy.set("refuse");
    };
    try {
      await expect(restore(placeFor("restored_away", { url: proxy.url(source.url) }), { onProgress })).rejects.toMatchObject({ code: "unavailable", message: expect.stringMatching(/The unfinished database restored_away_restoring_[0-9a-f]{8} could not be dropped again: .*nothing listens there/) });
      // Gone with it is the way to remove what was made: here, nobody uses it any more.
      for (const name of (await databases()).filter((one) => one.startsWith("restored_away"))) await ask(inject("server").adminUrl, `DROP DATABASE "${name}" WITH (FORCE)`);
    } finally {
      await proxy.close();
    }
  });

  test("and what cannot be dropped is told beside the first failure", async () => {
    const place = placeFor("restored_stuck");
    // Nobody may drop a template; whoever restored must not hear of that alone.
    const onProgress = ({ phase }: { phase: RestorePhase }) => {
      if (phase === "comparing") stuck = databases().then(async (names) => {
        const draft = names.find((name) => name.startsWith("restored_stuck_restoring_")) ?? "";
        await ask(inject("server").adminUrl, `ALTER DATABASE "${draft}" WITH IS_TEMPLATE true`);
        return draft;
      });
    };
    let stuck: Promise<string> = Promise.resolve("");
    const more = structuredClone(manifest);
    if (more.content.kind === "database") for (const table of more.content.tables) table.rows += 1;
    await expect(restore(place, { manifest: more, onProgress })).rejects.toThrow(/expected 3 rows, found 2 rows.* The unfinished database restored_stuck_restoring_[0-9a-f]{8} could not be dropped again: cannot drop a template database/);
    await ask(inject("server").adminUrl, `ALTER DATABASE "${await stuck}" WITH IS_TEMPLATE false`);
    await ask(inject("server").adminUrl, `DROP DATABASE "${await stuck}" WITH (FORCE)`);
  });

  test("cancelled in the middle", async () => {
    const controller = new AbortController();
    const onProgress = ({ phase }: { phase: RestorePhase }) => {
      if (phase === "restoring") controller.abort(new Error("cancelled by the test"));
    };
    const place = placeFor("restored_stop");
    await untouched(() => restoreBackup({ store, manifest, keys: testKeys, place, selection: {}, scratchParent: scratch, onProgress }, { ...testWorld, signal: controller.signal }), /cancelled by the test/);
    expect(await fs.readdir(scratch)).toEqual([]);
  });
});

test("the console's own database comes back with every row, the queue included", async () => {
  const clone = await cloneDatabase();
  try {
    const own = (await takeOne({ source: { kind: "postgres", url: clone.url, reach: "guarded" }, store, scratch, plan: { id: null, name: "console" } })).manifest;
    const report = await restore(placeFor("restored_own"), { manifest: own });
    expect(report.comparison).toMatchObject({ isEqual: true, differences: [] });
    expect(own.content.kind === "database" && own.content.tables.some(({ schema }) => schema === "pgboss")).toBe(true);
  } finally {
    await clone.drop();
  }
});
