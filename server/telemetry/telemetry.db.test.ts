import { describe, expect, test } from "vitest";
import { createLogger } from "../platform/logger.ts";
import { asActor, manualClock, testContext, testDatabase } from "../platform/testing/database.ts";
import { resetStatistics } from "./mutations.ts";
import { listProcesses, listSlowQueries } from "./queries.ts";
import { ListSlowQueries, SlowQueries } from "./schema.ts";

const database = testDatabase();
const ctx = () => testContext({ db: database.db, actor: asActor("admin") });
const slow = (input: Partial<ListSlowQueries> = {}) => listSlowQueries(ctx(), ListSlowQueries.parse(input));
const count = async () => Number((await database.pool.query<{ n: string }>("SELECT count(*) AS n FROM pg_settings WHERE name = 'pg_stat_statements.max'")).rows[0]?.n);

describe("slow queries (MDL3-117, MSG-044)", () => {
  test("are listed with their figures and without their values", async ({ skip }) => {
    if ((await count()) === 0) skip("this server does not count statements");
    await database.pool.query("SELECT pg_sleep($1), 'a-literal-secret' AS marked", [0.15]);
    await database.pool.query("SELECT 1 AS quick");
    const { state, since, items } = SlowQueries.parse(await slow());
    expect({ state, isSince: since instanceof Date }).toEqual({ state: "available", isSince: true });
    const found = items.find((item) => item.text.includes("marked"));
    expect(found).toMatchObject({ calls: 1, rows: 1 });
    expect(found?.maxMs).toBeGreaterThanOrEqual(150);
    expect(JSON.stringify(items)).not.toContain("a-literal-secret");
    expect(items.map((item) => item.text).join()).not.toContain("AS quick");
    expect((await slow({ minMs: 0, limit: 100, sort: "calls" })).items.length).toBeGreaterThan(items.length);
  });

  test("of other kinds than reads and writes stay out, for they keep their values", async () => {
    await database.pool.query("CREATE ROLE telemetry_test PASSWORD 'in-clear'");
    await database.pool.query("DROP ROLE telemetry_test");
    expect(JSON.stringify(await slow({ minMs: 0, limit: 100 }))).not.toContain("in-clear");
  });

  test("are counted from zero after a reset, which is audited", async ({ skip }) => {
    if ((await count()) === 0) skip("this server does not count statements");
    await database.pool.query("SELECT pg_sleep(0.12) AS before_reset");
    await resetStatistics(ctx());
    expect((await slow()).items.map((item) => item.text).join()).not.toContain("before_reset");
    expect(await database.db.auditEntry.findFirst({ where: { action: "telemetry.resetStatistics" } })).toMatchObject({ summary: "Reset the statistics of statements" });
  });

  test("are told as not available where the database does not count", async () => {
    await database.pool.query("DROP EXTENSION IF EXISTS pg_stat_statements");
    const wanted = (await count()) === 0 ? "notLoaded" : "notInstalled";
    expect(await slow()).toEqual({ state: wanted, since: null, items: [], nextCursor: null });
    await expect(resetStatistics(ctx())).rejects.toMatchObject({ code: "precondition" });
  });
});

test("processes are listed with memory and lag, silent ones as such", async () => {
  const clock = manualClock();
  const at = clock();
  const metrics = [
    { name: "process_resident_memory_bytes", help: "h", type: "gauge", values: [{ value: 120_000_000, labels: {} }], aggregator: "sum" },
    { name: "nodejs_eventloop_lag_p99_seconds", help: "h", type: "gauge", values: [{ value: 0.012, labels: {} }], aggregator: "average" },
  ];
  const row = { host: "h", pid: 7, version: "1.0.0", startedAt: at };
  await database.db.processInstance.create({ data: { ...row, id: "prc_1", role: "worker", lastSeenAt: at, metrics } });
  await database.db.processInstance.create({ data: { ...row, id: "prc_2", role: "web", lastSeenAt: new Date(at.getTime() - 31_000), metrics: "nonsense" } });
  const { items } = await listProcesses(testContext({ db: database.db, now: clock }));
  expect(items).toEqual([
    { ...row, id: "prc_2", role: "web", lastSeenAt: new Date(at.getTime() - 31_000), isAlive: false, memoryBytes: null, eventLoopLagMs: null, openConnections: null },
    { ...row, id: "prc_1", role: "worker", lastSeenAt: at, isAlive: true, memoryBytes: 120_000_000, eventLoopLagMs: 12, openConnections: null },
  ]);
});

test("a query of 100 ms or more is logged with its text and without its values (G06)", async () => {
  const lines: string[] = [];
  Object.assign(globalThis, { seaworthyLogger: createLogger({ level: "warn", write: (line) => lines.push(line) }) });
  await database.pool.query("SELECT pg_sleep($1), $2::text AS value", [0.12, "a-value"]);
  await database.pool.query("SELECT 1");
  Object.assign(globalThis, { seaworthyLogger: undefined });
  const slowLines = lines.map((line) => JSON.parse(line) as { msg: string; statement: string; durationMs: number }).filter((line) => line.msg === "slow query");
  expect(slowLines).toHaveLength(1);
  expect(slowLines[0]?.statement).toBe("SELECT pg_sleep($1), $2::text AS value");
  expect(slowLines[0]?.durationMs).toBeGreaterThanOrEqual(119);
  expect(lines.join()).not.toContain("a-value");
});
