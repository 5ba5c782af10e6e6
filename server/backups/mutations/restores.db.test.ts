/** Who may restore where, asked at the same moment, to addresses that are not theirs to name, and once the name has come to mean another machine. */
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Context } from "../../platform/context.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import { startScratchCluster } from "../../platform/testing/scratch-cluster.ts";
import { claim } from "../handlers/lease.ts";
import { executeRestore } from "../handlers/restore.ts";
import * as queries from "../queries/index.ts";
import type { RunDetail } from "../schema.ts";
import { addLocalStore, addPlan, backUp, backupsWorld, localContext } from "../testing/fixtures.ts";
import { prepareRestore, startRestore } from "./index.ts";

const RACES = 100;
const database = testDatabase();
const world = backupsWorld();
const ctx = (serial = 0) => localContext(database.db, "admin", serial);
let run: RunDetail;

const inDatabase = (name: string) => world.sourceUrl.replace(new URL(world.sourceUrl).pathname.slice(1), name);
const wish = (name: string, url?: string) => ({ runId: run.id, target: { kind: "database" as const, database: name, mode: "create" as const, ...(url === undefined ? {} : { url }) }, selection: {} });
const isThere = async (name: string) => (await world.query(`SELECT 1 FROM pg_database WHERE datname LIKE '${name}%'`)).rowCount;
const codeOf = (result: PromiseSettledResult<unknown>) => (result.status === "fulfilled" ? "started" : (result.reason as { code: string }).code);

beforeAll(async () => {
  const plan = await addPlan(ctx(), { url: world.sourceUrl, storeIds: [await addLocalStore(ctx(), world.folder)] });
  run = await backUp(ctx(), plan.id);
});

describe("a restore that two people start at the same moment", () => {
  test("a hundred times: one starts, the other hears of it, and of two workers one takes it", async () => {
    const people = [ctx(1), ctx(2)];
    const tokens = await Promise.all(people.map(async (who) => (await prepareRestore(who, wish("raced"))).token ?? ""));
    for (let race = 0; race < RACES; race++) {
      const asked = await Promise.allSettled(people.map((who, index) => startRestore(who, { ...wish("raced"), token: tokens[index] ?? "" })));
      expect(asked.map(codeOf).toSorted()).toEqual(["conflict", "started"]);
      const { id } = await database.db.backupRestore.findFirstOrThrow({ where: { state: "queued" } });
      const fences = await Promise.all([claim(ctx(), "restore", id), claim(ctx(), "restore", id)]);
      expect(fences.filter((fence) => fence !== null)).toHaveLength(1);
      await database.db.backupRestore.update({ where: { id }, data: { state: "cancelled", activeKey: null } });
    }
    expect(await database.db.backupRestore.count({ where: { state: "queued" } })).toBe(0);
  });

  test("and two workers: the target is made once, whole", async () => {
    const people = [ctx(1), ctx(2)];
    const name = `together_${run.id.slice(-8).toLowerCase()}`;
    const asked = await Promise.allSettled(people.map(async (who) => startRestore(who, { ...wish(name), token: (await prepareRestore(who, wish(name))).token ?? "" })));
    expect(asked.map(codeOf).toSorted()).toEqual(["conflict", "started"]);
    const { id } = await database.db.backupRestore.findFirstOrThrow({ where: { state: "queued" } });
    await Promise.all([executeRestore(ctx(), id), executeRestore(ctx(), id)]);
    expect(await queries.getRestore(ctx(), { id })).toMatchObject({ state: "done", comparedRows: 300, problem: null });
    expect((await world.query("SELECT count(*)::int AS n FROM orders", inDatabase(name))).rows).toEqual([{ n: 200 }]);
    expect((await world.query("SELECT datname FROM pg_database WHERE datname LIKE 'together\\_%\\_restoring\\_%'")).rows).toEqual([]);
    await world.query(`DROP DATABASE "${name}"`);
  });
});

describe("a target that is an address", () => {
  const addresses: { address: string; why: RegExp }[] = [
    { address: "postgresql://u:p@169.254.169.254/x", why: /blocked by egress policy/ },
    { address: "postgresql://u:p@[fd00:ec2::254]/x", why: /blocked by egress policy/ },
    { address: "postgresql://u:p@2852039166/x", why: /blocked by egress policy|must look like/ },
    { address: "postgresql://u:p@example.com/x?hostaddr=169.254.169.254", why: /must not carry hostaddr/ },
    { address: "postgresql://u:p@example.com/x?host=/var/run/postgresql", why: /must not carry host/ },
    { address: "postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/x", why: /names no host|must look like/ },
  ];
  test.each(addresses)("$address is refused before anything is started", async ({ address, why }) => {
    const outlook = await prepareRestore(ctx(), wish("elsewhere", address)).then(({ token, problems }) => ({ token, words: problems.join(" ") }), (error: Error) => ({ token: null, words: error.message }));
    expect(outlook).toEqual({ token: null, words: expect.stringMatching(why) });
    await expect(startRestore(ctx(), { ...wish("elsewhere", address), token: "none" })).rejects.toMatchObject({ code: "precondition" });
  });

  test("of a scratch place of the console is refused as any other of this machine", async () => {
    const scratch = await startScratchCluster(path.join(world.folder, "data/scratch"));
    try {
      const guarded: Context = { ...ctx(), http: createOutbound({}) };
      expect(await prepareRestore(guarded, wish("elsewhere", scratch.url))).toMatchObject({ token: null, problems: [expect.stringMatching(/blocked by egress policy/)] });
      expect((await world.query("SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'", scratch.url)).rows.map(({ datname }: { datname: string }) => datname)).not.toContain("elsewhere");
    } finally {
      await scratch.destroy();
    }
  });

  test("by a name that means another machine once it is confirmed: the restore fails there and touches nothing", async () => {
    let answer = "127.0.0.1";
    const asked: string[] = [];
    const lookup = (host: string) => {
      asked.push(host);
      return Promise.resolve([{ address: answer, family: 4 }]);
    };
    const moving: Context = { ...ctx(), http: createOutbound({ allow: ["127.0.0.0/8"], lookup }) };
    const url = new URL(world.sourceUrl);
    url.hostname = "rebinding.example";
    const wanted = wish("rebound", url.href);
    const { token, problems } = await prepareRestore(moving, wanted);
    expect(problems).toEqual([]);
    const restore = await startRestore(moving, { ...wanted, token: token ?? "" });
    answer = "169.254.169.254";
    await executeRestore(moving, restore.id);
    expect(await queries.getRestore(ctx(), restore)).toMatchObject({ state: "failed", problem: expect.stringMatching(/rebinding\.example cannot be reached: .*blocked by egress policy/) });
    expect(asked).toContain("rebinding.example");
    expect(await isThere("rebound")).toBe(0);
  });
});
