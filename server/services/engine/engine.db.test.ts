/** The engine against a real database: runs, states, fences, and several workers at once. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Context } from "../../platform/context.ts";
import { OutboundError, type Outbound } from "../../platform/http/outbound.ts";
import { asActor, manualClock, testContext, testDatabase } from "../../platform/testing/database.ts";
import { addCheck, pauseCheck, resumeCheck, runCheckNow, updateCheck } from "../mutations/index.ts";
import { getService, listResults } from "../queries/index.ts";
import { AddCheck } from "../schema.ts";
import { addService, answer, networkOf, until } from "../testing/fixtures.ts";
import { claimDue, databaseTime, spreadMissed, type ClaimedCheck } from "./claim.ts";
import { ensurePartitions } from "./partitions.ts";
import { finish, record } from "./record.ts";
import { reapStale, repairClockStep } from "./repair.ts";
import { startEngine } from "./scheduler.ts";

const database = testDatabase();
const HOUR = 3_600_000;

function world(http?: Outbound): Context {
  return testContext({ db: database.db, actor: asActor("system"), ...(http ? { http } : {}) });
}

const found = (verdict: "up" | "down" | "degraded" | "unknown", message: string) => ({ verdict, latencyMs: verdict === "up" ? 12 : null, message, components: [] });

function finished(check: ClaimedCheck, reading = found("up", "200 in 12 ms")) {
  return finish({ check, reading, observedAt: databaseTime(check), nextDueAt: new Date(databaseTime(check).getTime() + 30_000), startLagMs: 0 });
}

const results = async () => database.db.$queryRaw<{ check_id: string; verdict: string; message: string }[]>`SELECT check_id, verdict::text, message FROM series.check_result ORDER BY observed_at`;

beforeEach(async () => {
  await database.db.service.deleteMany();
  await database.db.$executeRaw`TRUNCATE series.check_result`;
  await ensurePartitions(world(), { from: new Date(Date.now() - 24 * HOUR), to: new Date(Date.now() + 24 * HOUR) });
});

describe("a run", () => {
  test("brings a new service up, with latency, transition and live event", async () => {
    const ctx = world(networkOf(() => answer(200, "ok")));
    const service = await addService(ctx);
    const engine = startEngine(ctx, { concurrency: 4 });
    await until(async () => (await getService(ctx, { id: service.id })).state === "up");
    await engine.stop();
    const after = await getService(ctx, { id: service.id });
    expect(after.checks[0]).toMatchObject({ state: "up", lastVerdict: "up", isStale: false });
    expect(await results()).toMatchObject([{ verdict: "up" }]);
    const { items } = await listResults(ctx, { id: after.checks[0]?.id ?? "", limit: 5 });
    expect(items, "with the time of each phase").toMatchObject([{ phases: { resolveMs: 1, connectMs: 1, tlsMs: null, firstByteMs: 5, bodyMs: 1 } }]);
    expect(await database.db.transition.findMany({ orderBy: { id: "asc" } })).toMatchObject([
      { checkId: after.checks[0]?.id, from: "unknown", to: "up" },
      { checkId: null, from: "unknown", to: "up" },
    ]);
  });

  test("after a gap in watching does not hide it: what nobody saw is unknown, and the lateness is kept as far as it can be", async () => {
    const now = manualClock(new Date());
    const ctx = { ...world(networkOf(() => answer(200, "ok"))), now };
    const service = await addService(ctx);
    const engine = startEngine(ctx, { concurrency: 4 });
    await until(async () => (await getService(ctx, { id: service.id })).state === "up");
    // The machine slept for forty days: its clock and the database's went on, this process did not.
    const slept = await database.db.transition.count();
    await database.db.$executeRaw`UPDATE service_check SET last_known_at = last_known_at - interval '40 days', next_due_at = now() - interval '40 days', lease_until = NULL`;
    now.advance(40 * 24 * HOUR);
    await until(async () => (await results()).length === 2);
    await until(async () => (await database.db.transition.count()) === slept + 4);
    await engine.stop();
    const changes = await database.db.transition.findMany({ where: { checkId: null }, orderBy: { id: "asc" }, skip: 1 });
    expect(changes.map(({ from, to }) => `${from} to ${to}`)).toEqual(["up to unknown", "unknown to up"]);
  });

  test("that is later than its column can hold is written all the same", async () => {
    const ctx = world();
    await addService(ctx);
    const [check] = await claimDue(ctx, 1);
    if (!check) throw new Error("nothing is due");
    await record(ctx, [{ ...finished(check), startLagMs: 365 * 24 * HOUR }]);
    expect(await results()).toHaveLength(1);
  });

  test("goes down only after the second failure and says why", async () => {
    const ctx = world(networkOf(() => Promise.reject(new OutboundError("refused", "connection refused"))));
    const service = await addService(ctx);
    const checkId = service.checks[0]?.id ?? "";
    const engine = startEngine(ctx, { concurrency: 4 });
    await until(async () => (await results()).length === 1);
    expect(await getService(ctx, { id: service.id })).toMatchObject({ state: "unknown" });
    await runCheckNow(ctx, { id: checkId });
    await until(async () => (await getService(ctx, { id: service.id })).state === "down");
    await engine.stop();
    expect(await getService(ctx, { id: service.id })).toMatchObject({ stateReason: expect.stringContaining("refused") });
  });

  test("keeps the components of a health document; one that vanishes is stale (SRV-044)", async () => {
    let checks: object = { database: { status: "up", responseTime: 3 }, redis: { status: "down", error: "refused" } };
    const ctx = world(networkOf(() => answer(200, JSON.stringify({ status: "degraded", timestamp: "2027-01-01T00:00:00Z", uptime: 5, version: "1.0.0", checks }))));
    const service = await addService(ctx);
    const engine = startEngine(ctx, { concurrency: 4 });
    await until(async () => (await getService(ctx, { id: service.id })).components.length === 2);
    checks = { database: { status: "up", responseTime: 3 } };
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await runCheckNow(ctx, { id: service.checks[0]?.id ?? "" });
    await until(async () => (await results()).length === 2);
    await engine.stop();
    const { components } = await getService(ctx, { id: service.id });
    expect(components.map(({ name, isStale }) => [name, isStale])).toEqual([["database", false], ["redis", true]]);
  });
});

describe("claims", () => {
  test("two engines run 200 checks, never one twice at once, none lost", async () => {
    const running = new Set<string>();
    const seen = new Set<string>();
    let overlaps = 0;
    const ctx = world(networkOf(async ({ url }) => {
      if (running.has(url)) overlaps++;
      running.add(url);
      seen.add(url);
      await new Promise((resolve) => setTimeout(resolve, 30));
      running.delete(url);
      return answer(200);
    }));
    for (let s = 0; s < 4; s++) {
      const service = await addService(ctx, { name: `Service ${s}`, address: undefined });
      for (let n = 0; n < 50; n++) {
        await addCheck(ctx, AddCheck.parse({ id: service.id, intervalSeconds: 5, config: { kind: "http", url: `http://target.test/${s}/${n}` } }));
      }
    }
    const engines = [startEngine(ctx, { concurrency: 40 }), startEngine(ctx, { concurrency: 40 })];
    await until(async () => (await results()).length >= 400, 15_000);
    await Promise.all(engines.map((engine) => engine.stop()));
    expect(overlaps).toBe(0);
    expect(seen.size).toBe(200);
    expect(await database.db.check.count({ where: { leaseUntil: { not: null } } })).toBe(0);
  });

  test("a late result of an expired lease is discarded once another worker has claimed", async () => {
    const ctx = world();
    await addService(ctx);
    const [first] = await claimDue(ctx, 10);
    expect(await claimDue(ctx, 10)).toEqual([]);
    await database.db.$executeRaw`UPDATE service_check SET lease_until = now() - interval '1 second'`;
    const [second] = await claimDue(ctx, 10);
    expect(second?.leaseToken).toBe((first?.leaseToken ?? 0) + 1);
    expect(await record(ctx, [finished(first!, found("down", "zombie"))])).toEqual([]);
    expect(await record(ctx, [finished(second!)])).toHaveLength(1);
    expect(await results()).toMatchObject([{ verdict: "up" }]);
  });

  test("a batch written twice changes nothing", async () => {
    const ctx = world();
    await addService(ctx);
    const [claim] = await claimDue(ctx, 10);
    const run = finished(claim!);
    await record(ctx, [run]);
    await record(ctx, [run]);
    expect(await results()).toHaveLength(1);
    expect(await database.db.transition.count()).toBe(2);
  });

  test("a result of what was edited or paused meanwhile does not count, and frees the check", async () => {
    const ctx = world();
    const service = await addService(ctx);
    const check = service.checks[0]!;
    const [claim] = await claimDue(ctx, 10);
    await updateCheck(ctx, { id: check.id, revision: check.revision, intervalSeconds: 60 });
    expect(await claimDue(ctx, 10)).toEqual([]);
    expect(await record(ctx, [finished(claim!)])).toEqual([]);
    const [again] = await claimDue(ctx, 10);
    expect(again).toMatchObject({ id: check.id, intervalSeconds: 60 });
    await pauseCheck(ctx, { id: check.id });
    await record(ctx, [finished(again!)]);
    expect(await claimDue(ctx, 10)).toEqual([]);
    await resumeCheck(ctx, { id: check.id });
    expect(await claimDue(ctx, 10)).toHaveLength(1);
    expect(await results()).toEqual([]);
  });

  test("a check asked for while it runs is run once more afterwards", async () => {
    const ctx = world();
    const service = await addService(ctx);
    const [claim] = await claimDue(ctx, 10);
    await runCheckNow(ctx, { id: service.checks[0]!.id });
    expect(await claimDue(ctx, 10)).toEqual([]);
    await record(ctx, [finished(claim!)]);
    expect(await claimDue(ctx, 10)).toHaveLength(1);
  });
});

describe("time", () => {
  test("a clock that steps back two hours does not stop checks", async () => {
    const ctx = world();
    await addService(ctx);
    const [claim] = await claimDue(ctx, 1);
    await record(ctx, [finished(claim!)]);
    // Everything lies two hours ahead, as it does when the database's clock steps back.
    await database.db.$executeRaw`UPDATE service_check SET next_due_at = next_due_at + interval '2 hours', last_known_at = last_known_at + interval '2 hours', phase = 0`;
    expect(await repairClockStep(ctx)).toBe(1);
    const [again] = await claimDue(ctx, 1);
    expect(again).toBeDefined();
    await database.db.$executeRaw`UPDATE service_check SET lease_until = lease_until + interval '2 hours'`;
    expect(await repairClockStep(ctx)).toBe(1);
    const check = await database.db.check.findFirstOrThrow();
    expect(check.leaseUntil!.getTime() - Date.now()).toBeLessThanOrEqual(15_500);
    expect(check.leaseUntil!.getTime()).toBeGreaterThan(Date.now());
    await record(ctx, [finished(again!)]);
    expect(await results()).toHaveLength(2);
  });

  test("missed checks are spread over fifteen seconds", async () => {
    const ctx = world();
    const service = await addService(ctx, { address: undefined });
    for (let n = 0; n < 20; n++) await addCheck(ctx, AddCheck.parse({ id: service.id, intervalSeconds: 60, config: { kind: "http", url: `http://target.test/${n}` } }));
    await database.db.$executeRaw`UPDATE service_check SET next_due_at = now() - interval '1 hour'`;
    expect(await spreadMissed(ctx)).toBe(20);
    const due = (await database.db.check.findMany()).map((check) => check.nextDueAt!.getTime() - Date.now());
    expect(Math.max(...due)).toBeLessThanOrEqual(15_000);
    expect(Math.max(...due) - Math.min(...due)).toBeGreaterThan(5_000);
  });

  test("what nobody confirms becomes unknown, dated to when it went stale, never down", async () => {
    const ctx = world();
    const service = await addService(ctx);
    const [claim] = await claimDue(ctx, 1);
    await record(ctx, [finished(claim!)]);
    await database.db.$executeRaw`UPDATE service_check SET last_known_at = now() - interval '10 minutes', last_result_at = now() - interval '10 minutes'`;
    expect(await getService(ctx, { id: service.id })).toMatchObject({ state: "unknown", checks: [{ state: "unknown", isStale: true }] });
    expect(await reapStale(ctx)).toBe(1);
    expect(await reapStale(ctx)).toBe(0);
    const after = await getService(ctx, { id: service.id });
    expect(after.state).toBe("unknown");
    expect(Math.abs(Date.now() - after.stateSince.getTime() - 8.5 * 60_000)).toBeLessThan(5_000);
  });
});
