import { beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../db.ts";
import { asActor, testContext, testDatabase } from "../testing/database.ts";
import { accountDelay, accountSubject, addressSubject, chargeAccount, chargeAttempt, forgiveAccount, forgiveAttempt, peekAttempt } from "./attempts.ts";
import { chargeFailure, forgiveFailure } from "./charge.ts";
import { chargeDatabase } from "./database-counter.ts";

const database = testDatabase();
const ADDRESS = "203.0.113.24";
const MAX = 5;
const charge = (address = ADDRESS) => chargeAttempt(database.db, address, MAX);

/** Moves every stored time of an address back, as if the time had passed. */
async function pass(minutes: number, address = ADDRESS): Promise<void> {
  await database.db.$executeRaw`
    UPDATE limit_attempt SET failed_at = coalesce((SELECT array_agg(f - ${minutes}::int * interval '1 minute' ORDER BY f) FROM unnest(failed_at) f), '{}'),
      blocked_at = blocked_at - ${minutes}::int * interval '1 minute', blocked_until = blocked_until - ${minutes}::int * interval '1 minute'
    WHERE subject = ${addressSubject(address)}`;
}
const rowOf = (address = ADDRESS) => database.db.limitAttempt.findUniqueOrThrow({ where: { subject: addressSubject(address) } });

async function fail(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await charge();
}

beforeEach(async () => {
  await database.db.limitAttempt.deleteMany();
});

describe("an address that fails to sign in", () => {
  test("has five attempts in a quarter of an hour and is then blocked for an hour (C04, G04)", async () => {
    const left: number[] = [];
    for (let i = 0; i < MAX; i++) left.push((await charge()).remaining);
    expect(left).toEqual([4, 3, 2, 1, 0]);
    const sixth = await charge();
    expect(sixth.isAllowed).toBe(false);
    expect(sixth.resetSeconds).toBeGreaterThan(3_590);
    expect(sixth.resetSeconds).toBeLessThanOrEqual(3_600);
    expect(await peekAttempt(database.db, ADDRESS, MAX)).toMatchObject({ isAllowed: false, remaining: 0 });
    expect((await charge("203.0.113.25")).isAllowed).toBe(true);
  });

  test("of 200 attempts at once, five are looked at", async () => {
    const attempts = await Promise.all(Array.from({ length: 200 }, () => charge()));
    expect(attempts.filter((attempt) => attempt.isAllowed)).toHaveLength(MAX);
    expect((await rowOf()).failedAt).toHaveLength(MAX);
  });

  test("may fail four times a quarter of an hour for ever", async () => {
    for (let round = 0; round < 4; round++) {
      await fail(4);
      await pass(16);
    }
    expect((await rowOf()).blockedUntil).toBeNull();
  });

  test("does not get twice the limit across the window's edge", async () => {
    await fail(4);
    await pass(14);
    const attempts = [await charge(), await charge()];
    expect(attempts.map(({ isAllowed }) => isAllowed)).toEqual([true, false]);
  });

  test("is blocked twice as long each time, at most a day; after a quiet day it starts over", async () => {
    const hours: number[] = [];
    for (let round = 0; round < 7; round++) {
      await fail(MAX);
      const { blockedAt, blockedUntil } = await rowOf();
      hours.push(Math.round(((blockedUntil?.getTime() ?? 0) - (blockedAt?.getTime() ?? 0)) / 3_600_000));
      await pass((hours.at(-1) ?? 0) * 60 + 1);
    }
    expect(hours).toEqual([1, 2, 4, 8, 16, 24, 24]);
    await pass(24 * 60);
    await fail(MAX);
    expect((await rowOf()).level).toBe(1);
  });

  test("refused attempts do not make a block longer", async () => {
    await fail(MAX);
    const { blockedUntil } = await rowOf();
    await fail(50);
    expect((await rowOf()).blockedUntil).toEqual(blockedUntil);
  });

  test("a right secret takes its own attempt back and no other", async () => {
    await fail(4);
    expect((await charge()).isAllowed).toBe(true);
    await forgiveAttempt(database.db, ADDRESS, MAX);
    expect(await peekAttempt(database.db, ADDRESS, MAX)).toMatchObject({ isAllowed: true, remaining: 1 });
    expect((await rowOf()).level).toBe(0);
    await charge();
    expect((await charge()).isAllowed).toBe(false);
  });

  test("six right sign-ins in a row pass (C06)", async () => {
    for (let i = 0; i < 6; i++) {
      expect((await charge()).isAllowed).toBe(true);
      await forgiveAttempt(database.db, ADDRESS, MAX);
    }
  });

  test("stays blocked when the process starts again", async () => {
    await fail(MAX);
    const restarted = openDatabase({ url: database.url, poolMax: 1, queryTimeoutMs: 5_000, connectTimeoutMs: 5_000, applicationName: "seaworthy restarted" });
    try {
      expect((await chargeAttempt(restarted.client, ADDRESS, MAX)).isAllowed).toBe(false);
      expect((await chargeAttempt(restarted.client, "203.0.113.77", MAX)).isAllowed).toBe(true);
    } finally {
      await restarted.close();
    }
  });

  test("a limit of one blocks at the first failure", async () => {
    expect((await chargeAttempt(database.db, ADDRESS, 1)).isAllowed).toBe(true);
    expect((await chargeAttempt(database.db, ADDRESS, 1)).isAllowed).toBe(false);
  });
});

describe("an account under attack", () => {
  test("makes attempts wait longer and longer, and never locks", async () => {
    expect([0, 2, 3, 4, 5, 6, 7, 8, 100].map(accountDelay)).toEqual([0, 0, 250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
    const waits: number[] = [];
    for (let i = 0; i < 40; i++) waits.push(await chargeAccount(database.db, "Maya@Example.com"));
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 250, 500]);
    expect(waits.at(-1)).toBe(4_000);
    const row = await database.db.limitAttempt.findUniqueOrThrow({ where: { subject: accountSubject("maya@example.com ") } });
    expect(row.failedAt).toHaveLength(20);
    expect(row.blockedUntil).toBeNull();
  });

  test("is forgotten when its owner signs in", async () => {
    for (let i = 0; i < 10; i++) await chargeAccount(database.db, "a@example.com");
    await forgiveAccount(database.db, "a@example.com");
    expect(await chargeAccount(database.db, "a@example.com")).toBe(0);
  });
});

describe("charging a sign-in", () => {
  const ctx = (clientAddress: string) =>
    testContext({ db: database.db, actor: asActor("anonymous"), clientAddress, request: { isCrossSite: false, userAgent: null, responseHeaders: new Headers() } });

  test("refuses with the time to wait; another address may still try, /64 counts as one", async () => {
    for (let i = 0; i < MAX; i++) await chargeFailure(ctx(`2001:db8::${i}`));
    const blocked = ctx("2001:db8::ffff");
    await expect(chargeFailure(blocked)).rejects.toMatchObject({ code: "limit", detail: { retryAfterSeconds: expect.any(Number) as number } });
    expect(blocked.request?.responseHeaders.get("retry-after")).toMatch(/^35\d\d$|^3600$/);
    expect(blocked.request?.responseHeaders.get("x-ratelimit-remaining")).toBe("0");
    expect(await chargeFailure(ctx("2001:db8:1::1"))).toEqual({ remaining: 4 });
  });

  test("is refused as unavailable when it cannot be counted", async () => {
    const broken = { ...ctx(ADDRESS), db: { $queryRaw: () => Promise.reject(new Error("gone")) } as never };
    await expect(chargeFailure(broken)).rejects.toMatchObject({ code: "unavailable" });
    await forgiveFailure(ctx(ADDRESS));
  });
});

describe("the counter of last resort", () => {
  const window = { name: "write" as const, max: 10, windowMs: 60_000 };

  test("allows no more than the figure, however many come at once", async () => {
    const decisions = await Promise.all(Array.from({ length: 60 }, () => chargeDatabase(database.db, [window], "usr_1")));
    expect(decisions.filter((decision) => decision.isAllowed).length).toBeLessThanOrEqual(10);
    expect(decisions.filter((decision) => decision.isAllowed).length).toBeGreaterThanOrEqual(9);
    expect((await chargeDatabase(database.db, [window], "usr_2")).remaining).toBe(9);
  });

  test("weighs the window before", async () => {
    await database.db.$executeRaw`DELETE FROM series.limit_counter`;
    await database.db.$executeRaw`
      INSERT INTO series.limit_counter SELECT 'write', 'usr_3', floor(extract(epoch FROM clock_timestamp()) * 1000 / 600000)::bigint - 1, clock_timestamp(), 1000000`;
    expect((await chargeDatabase(database.db, [{ ...window, windowMs: 600_000 }], "usr_3")).isAllowed).toBe(false);
  });
});
