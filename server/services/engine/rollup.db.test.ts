/** Rollups against exact numbers, twice, late and in parts; partitions and retention. */
import { beforeEach, describe, expect, test } from "vitest";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { bucketOf, histogramOf, percentileOf, type Histogram } from "../../platform/histogram.ts";
import { getService, listServices } from "../queries/index.ts";
import { ListServices } from "../schema.ts";
import { addService } from "../testing/fixtures.ts";
import { dropPartitions, ensurePartitions, partitionName } from "./partitions.ts";
import { prune } from "./prune.ts";
import { rollUp } from "./rollup.ts";

const database = testDatabase();
const ctx = () => testContext({ db: database.db, actor: asActor("system") });
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const hourNow = () => Math.floor(Date.now() / HOUR) * HOUR;

type Row = { bucket: Date; up: number; degraded: number; down: number; unknown: number; latency_count: number; hist_buckets: number[]; hist_counts: number[]; p95_bucket: number | null };
const rows = async (table: "minute" | "hour" | "day", id: string) =>
  database.db.$queryRawUnsafe<Row[]>(`SELECT * FROM series.rollup_${table} WHERE subject_id = '${id}' ORDER BY bucket`);
const histogram = (row: Row): Histogram => ({ buckets: row.hist_buckets, counts: row.hist_counts });

async function insertResult(checkId: string, at: number, result: { verdict: string; latencyMs: number | null }) {
  await database.db.$executeRaw`
    INSERT INTO series.check_result (check_id, observed_at, verdict, latency_ms, latency_bucket)
    VALUES (${checkId}, ${new Date(at)}, ${result.verdict}::service_state, ${result.latencyMs}, ${result.latencyMs === null ? null : bucketOf(result.latencyMs)})`;
}

async function newCheck(createdAgoMs: number) {
  const service = await addService(ctx());
  await database.db.service.update({ where: { id: service.id }, data: { createdAt: new Date(Date.now() - createdAgoMs) } });
  return { serviceId: service.id, checkId: service.checks[0]!.id };
}

beforeEach(async () => {
  await database.db.service.deleteMany();
  await database.db.serviceRollupProgress.deleteMany();
  await ensurePartitions(ctx(), { from: new Date(Date.now() - 3 * DAY), to: new Date(Date.now() + DAY) });
});

describe("the rollup", () => {
  test("holds the counts and percentiles of the raw results, at every level", async () => {
    const { checkId } = await newCheck(DAY);
    const start = hourNow() - 2 * HOUR;
    const latencies = Array.from({ length: 120 }, (_, i) => 5 + ((i * 37) % 400));
    for (const [i, latencyMs] of latencies.entries()) await insertResult(checkId, start + i * 30_000, { verdict: i % 10 === 0 ? "degraded" : "up", latencyMs });
    await insertResult(checkId, start + 10_000, { verdict: "down", latencyMs: null });
    await insertResult(checkId, start + 11_000, { verdict: "unknown", latencyMs: null });
    await rollUp(ctx());
    const minutes = await rows("minute", checkId);
    expect(minutes).toHaveLength(60);
    expect(minutes[0]).toMatchObject({ bucket: new Date(start), up: 1, degraded: 1, down: 1, unknown: 1, latency_count: 2 });
    const [hour] = await rows("hour", checkId);
    expect(hour).toMatchObject({ bucket: new Date(start), up: 108, degraded: 12, down: 1, unknown: 1, latency_count: 120 });
    expect(histogram(hour!)).toEqual(histogramOf(latencies));
    const exact = latencies.toSorted((a, b) => a - b)[Math.ceil(0.95 * 120) - 1]!;
    expect(Math.abs(percentileOf(histogram(hour!), 0.95)! - exact) / exact).toBeLessThan(0.05);
    expect(hour!.p95_bucket).toBe(bucketOf(exact));
    const days = await rows("day", checkId);
    expect(days.reduce((sum, day) => sum + day.latency_count, 0)).toBe(120);
  });

  test("run again changes nothing; late results reach their old minute", async () => {
    const { checkId, serviceId } = await newCheck(DAY);
    const start = hourNow() - HOUR;
    await insertResult(checkId, start, { verdict: "up", latencyMs: 10 });
    await rollUp(ctx());
    const before = [await rows("minute", checkId), await rows("hour", checkId)];
    await rollUp(ctx());
    expect([await rows("minute", checkId), await rows("hour", checkId)]).toEqual(before);
    await insertResult(checkId, start + 20_000, { verdict: "down", latencyMs: null });
    await rollUp(ctx());
    expect(await rows("minute", checkId)).toMatchObject([{ up: 1, down: 1 }]);
    expect(await rows("hour", checkId)).toMatchObject([{ up: 1, down: 1 }]);
    expect((await rows("hour", serviceId)).length).toBeGreaterThan(1);
  });

  test("cuts a service's hours from its transitions; unknown time is not charged", async () => {
    const { serviceId } = await newCheck(6 * HOUR);
    const hour = hourNow() - 2 * HOUR;
    await database.db.transition.createMany({
      data: [
        { serviceId, at: new Date(hour - 2 * HOUR), from: "unknown", to: "up" },
        { serviceId, at: new Date(hour + 600_000), from: "up", to: "down" },
        { serviceId, at: new Date(hour + 1_200_000), from: "down", to: "up" },
        { serviceId, at: new Date(hour + 2_400_000), from: "up", to: "unknown" },
      ],
    });
    await rollUp(ctx());
    const found = (await rows("hour", serviceId)).find((row) => row.bucket.getTime() === hour);
    expect(found).toMatchObject({ up: 1_800, down: 600, unknown: 1_200, degraded: 0 });
    const [row] = (await listServices(ctx(), ListServices.parse({}))).items;
    expect(row?.bars).toHaveLength(24);
    expect(row?.bars.at(-3)).toMatchObject({ at: new Date(hour).toISOString(), up: 1_800, down: 600 });
    const service = await getService(ctx(), { id: serviceId });
    expect(service.uptime[0]?.downSeconds).toBe(600);
    expect(service.uptime[0]?.ratio).toBeCloseTo(row!.uptime24h!, 6);
  });

  test("of nothing is nothing", async () => expect(rollUp(ctx())).resolves.toBeUndefined());
});

describe("partitions", () => {
  const count = async (name: string) => (await database.db.$queryRaw<unknown[]>`SELECT 1 FROM pg_class WHERE relname = ${name}`).length;

  test("are made once, also by several processes at once", async () => {
    const from = new Date("2031-03-01T00:00:00Z");
    const to = new Date("2031-03-04T23:00:00Z");
    await Promise.all([1, 2, 3].map(() => ensurePartitions(ctx(), { from, to })));
    expect(await ensurePartitions(ctx(), { from, to })).toBe(0);
    expect(await count("check_result_20310304")).toBe(1);
  });

  test("are dropped when every row in them is too old, and no sooner", async () => {
    const old = new Date(Date.now() - 3 * DAY);
    const kept = new Date(Date.now() - 2 * DAY);
    await ensurePartitions(ctx(), { from: old, to: kept });
    expect(await dropPartitions(ctx(), "check_result", kept)).toContain(partitionName("check_result", old));
    expect(await count(partitionName("check_result", kept))).toBe(1);
    expect(await count(partitionName("rollup_minute", old))).toBe(1);
  });

  test("prune makes room ahead and deletes old hours, twice without harm", async () => {
    const ancient = new Date(Date.now() - 91 * DAY);
    await database.db.$executeRaw`INSERT INTO series.rollup_hour (subject_id, bucket, up, degraded, down, unknown, latency_sum, latency_count, hist_buckets, hist_counts) VALUES ('chk_old', ${ancient}, 1, 0, 0, 0, 0, 0, '{}', '{}')`;
    await prune(ctx());
    await prune(ctx());
    expect(await count(partitionName("check_result", new Date(Date.now() + 3 * DAY)))).toBe(1);
    expect(await rows("hour", "chk_old")).toEqual([]);
  });
});
