import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect, test } from "vitest";
import { testContext, testDatabase } from "../testing/database.ts";
import { takeTurn } from "./once.ts";

const database = testDatabase();
const free = () => Promise.resolve();
const wanted = { caller: "usr_1", procedure: "things.create", key: "killed", requestHash: "same" };

test("a create killed before its commit leaves a lease and no row, and is completed by a later request", async () => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "testing/die-midway.ts"), database.url, JSON.stringify(wanted)], { stdio: "ignore" });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  expect(await database.db.setting.count()).toBe(0);
  expect(await database.db.idempotentRequest.findFirst()).toMatchObject({ attempt: 1, answer: null });

  await database.pool.query("UPDATE idempotent_request SET lease_until = now() - interval '1 second'");
  const ctx = testContext({ db: database.db });
  const create = async () => {
    const turn = await takeTurn(ctx, wanted, { asRepetition: free, asWork: free });
    if (turn.kind === "answered") return turn.data;
    const result = await turn.run(async (tx) => {
      await tx.db.setting.create({ data: { key: "made-by-the-living", value: 1, updatedAt: new Date(), updatedBy: "test" } });
      return { ok: true as const, data: "made" };
    });
    return result.data;
  };
  expect(await Promise.all(Array.from({ length: 10 }, create))).toEqual(Array.from({ length: 10 }, () => "made"));
  expect((await database.db.setting.findMany()).map((row) => row.key)).toEqual(["made-by-the-living"]);
});

test.each([5, 15, 30])("a burst of identical creates, killed after %i ms: a hundred more make one row in all and get one answer", async (killAfterMs) => {
  const request = { ...wanted, key: `burst-${killAfterMs}` };
  const child = fork(path.join(import.meta.dirname, "testing/burst.ts"), [database.url, JSON.stringify(request), String(killAfterMs)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  // As if the dead request's lease had run out; what committed is an answer and stays.
  await database.pool.query("UPDATE idempotent_request SET lease_until = now() - interval '1 second' WHERE answer IS NULL");
  const ctx = testContext({ db: database.db });
  const create = async (): Promise<unknown> => {
    const turn = await takeTurn(ctx, request, { asRepetition: free, asWork: free });
    if (turn.kind === "answered") return turn.data;
    const result = await turn.run(async (tx) => {
      const key = `${request.key}:living`;
      await tx.db.setting.create({ data: { key, value: 1, updatedAt: new Date(), updatedBy: "test" } });
      return { ok: true as const, data: key };
    });
    return result.data;
  };
  const answers = new Set(await Promise.all(Array.from({ length: 100 }, create)));
  const rows = await database.db.setting.findMany({ where: { key: { startsWith: `${request.key}:` } } });
  expect(rows).toHaveLength(1);
  expect([...answers]).toEqual([rows[0]?.key]);
});
