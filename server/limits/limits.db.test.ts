import { beforeEach, describe, expect, test } from "vitest";
import type { Actor, Context } from "../platform/context.ts";
import type { AppError } from "../platform/errors.ts";
import { chargeAttempt, peekAttempt } from "../platform/limiter/attempts.ts";
import { chargeLimit } from "../platform/limiter/charge.ts";
import { refreshPolicy } from "../platform/limiter/policy.ts";
import { createUsageRecorder } from "../platform/limiter/usage.ts";
import { asActor, manualClock, testContext, testDatabase } from "../platform/testing/database.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";

const database = testDatabase();
const now = manualClock("2026-11-17T07:06:00Z");
const ctx = (over: Partial<Context> = {}) => testContext({ db: database.db, now, ...over });
const lastAudit = () => database.db.auditEntry.findFirstOrThrow({ orderBy: { id: "desc" } });
const key = (id: string): Actor => ({ kind: "apiKey", id, name: id, ownerId: "usr_owner", role: "admin", scopes: ["*"] });

beforeEach(async () => {
  now.set("2026-11-17T07:06:00Z");
  await database.db.limitRule.deleteMany();
  await database.db.limitOverride.deleteMany();
  await database.db.limitExemption.deleteMany();
  await database.db.limitAttempt.deleteMany();
  await database.db.setting.deleteMany();
  await database.db.apiKey.deleteMany();
  await database.db.user.deleteMany();
  await database.db.$executeRaw`DELETE FROM series.limit_usage`;
  const stamp = { createdAt: now(), updatedAt: now() };
  await database.db.user.create({ data: { id: "usr_owner", email: "maya@example.com", name: "Maya", role: "admin", ...stamp } });
  await database.db.apiKey.create({ data: { id: "key_ci", name: "ci-northpier", prefix: "p1", hash: "h", ownerId: "usr_owner", scopes: ["*"], createdAt: now() } });
});

/** Writes usage as a process would, `minutes` ago. */
async function use(caller: string, counts: { allowed: number; refused?: number; minutesAgo?: number; tier?: string; peak?: number }): Promise<void> {
  const { allowed, refused = 0, minutesAgo = 1, tier = "read", peak = refused > 0 ? 100 : 10 } = counts;
  await database.db.$executeRaw`
    INSERT INTO series.limit_usage VALUES (${new Date(now().getTime() - minutesAgo * 60_000)}, ${tier}, ${caller}, ${allowed}::int, ${refused}::int, ${peak}::smallint)`;
}

/** How many of `calls` a caller gets through, with the policy as it is stored now. */
async function allowedOf(actor: Actor, calls: number): Promise<number> {
  await refreshPolicy(database.db);
  const answers: string[] = [];
  for (let i = 0; i < calls; i++) {
    answers.push(
      await chargeLimit(ctx({ actor }), { tier: "write" }).then(
        () => "allowed",
        (error: unknown) => (error as AppError).code,
      ),
    );
  }
  expect(new Set(answers).isSubsetOf(new Set(["allowed", "limit"]))).toBe(true);
  return answers.filter((answer) => answer === "allowed").length;
}

describe("figures", () => {
  test("are the environment's until an admin changes one, audited, and again when it is taken back", async () => {
    const windows = await queries.listWindows(ctx());
    expect(windows.items.map(({ name, max, windowSeconds }) => [name, max, windowSeconds])).toEqual([
      ["api", 100, 900], ["api-burst", 100, 60], ["api-user", 1_000, 900], ["read", 100, 900], ["read-burst", 100, 60], ["read-user", 1_000, 900],
      ["write", 30, 60], ["auth", 5, 900], ["upload", 5, 60], ["upload-hour", 10, 3_600], ["status", 100, 60], ["probe", 600, 60], ["page", 1_200, 60], ["asset", 6_000, 60],
    ]);
    expect(await mutations.setWindow(ctx(), { window: "write", max: 3 })).toMatchObject({ max: 3, source: "setting", defaultMax: 30, updatedBy: "Test admin" });
    expect(await lastAudit()).toMatchObject({ action: "limits.setWindow", summary: "Set the limit write to 3 calls", before: { max: null }, after: { max: 3 } });
    expect(await allowedOf({ ...asActor("editor"), id: "usr_changed" } as Actor, 10)).toBe(3);
    expect(await mutations.setWindow(ctx(), { window: "write", max: null })).toMatchObject({ max: 30, source: "default" });
    expect(await allowedOf({ ...asActor("editor"), id: "usr_again" } as Actor, 40)).toBe(30);
  });

  test("of one caller's own, and exempt keys that are still counted (C09, SRV-063)", async () => {
    await mutations.setOverride(ctx(), { caller: "key_ci", window: "write", max: 7, reason: "nightly import" });
    expect(await allowedOf(key("key_ci"), 20)).toBe(7);
    await mutations.exemptKey(ctx(), { keyId: "key_ci", reason: "system key" });
    expect(await lastAudit()).toMatchObject({ action: "limits.exemptKey", summary: "Exempted the key ci-northpier from limits: system key" });
    expect(await allowedOf(key("key_ci"), 50)).toBe(50);
    await expect(mutations.exemptKey(ctx(), { keyId: "key_ci", reason: "again" })).rejects.toMatchObject({ code: "conflict" });
    expect(await queries.listExceptions(ctx())).toMatchObject({ overrides: [{ label: "ci-northpier", max: 7 }], exemptions: [{ keyId: "key_ci", label: "ci-northpier" }] });
    await mutations.endExemption(ctx(), { keyId: "key_ci" });
    await mutations.removeOverride(ctx(), { caller: "key_ci", window: "write" });
    expect(await queries.listExceptions(ctx())).toEqual({ overrides: [], exemptions: [] });
    await expect(mutations.endExemption(ctx(), { keyId: "key_ci" })).rejects.toMatchObject({ code: "not_found" });
    await expect(mutations.removeOverride(ctx(), { caller: "key_ci", window: "write" })).rejects.toMatchObject({ code: "not_found" });
    await expect(mutations.setOverride(ctx(), { caller: "usr_nobody", window: "write", max: 1, reason: "typo" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("header families are a setting", async () => {
    expect(await mutations.setHeaders(ctx(), { headers: "standard" })).toMatchObject({ headers: "standard" });
    expect(await queries.listWindows(ctx())).toMatchObject({ headers: "standard" });
    expect(await lastAudit()).toMatchObject({ action: "limits.setHeaders", before: "both", after: "standard" });
  });
});

describe("shadow mode", () => {
  test("tells what a figure would have refused of the last 24 h, by the right callers", async () => {
    await use("usr_owner", { allowed: 50, tier: "write", minutesAgo: 30 });
    await use("key_ci", { allowed: 20, refused: 5, tier: "write", minutesAgo: 60 });
    await use("usr_quiet", { allowed: 9, tier: "write", minutesAgo: 90 });
    await use("usr_owner", { allowed: 500, tier: "write", minutesAgo: 25 * 60 });
    expect(await queries.tryMax(ctx(), { window: "write", max: 10 })).toMatchObject({ refusedCalls: 55, refusedCallers: 2 });
    expect(await queries.tryMax(ctx(), { window: "write", max: 100 })).toMatchObject({ refusedCalls: 0, refusedCallers: 0 });
    await mutations.setWindow(ctx(), { window: "write", proposedMax: 10 });
    const { items } = await queries.listWindows(ctx());
    expect(items.find(({ name }) => name === "write")).toMatchObject({ max: 30, source: "default", proposal: { max: 10, refusedCalls: 55, refusedCallers: 2 } });
  });

  test("looks only at callers whom the window counts", async () => {
    await use("203.0.113.9", { allowed: 200 });
    await use("usr_owner", { allowed: 200 });
    expect(await queries.tryMax(ctx(), { window: "read-burst", max: 150 })).toMatchObject({ refusedCalls: 50, refusedCallers: 1 });
    expect(await queries.tryMax(ctx(), { window: "read-user", max: 120 })).toMatchObject({ refusedCalls: 80, refusedCallers: 1 });
  });
});

describe("usage", () => {
  test("is added up in memory, written in one statement, and summed over processes", async () => {
    const [one, two] = [createUsageRecorder(now), createUsageRecorder(now)];
    const decision = (isAllowed: boolean, remaining: number) => ({ isAllowed, limit: 30, remaining });
    for (let i = 0; i < 1_000; i++) one.note({ tier: "write", caller: "key_ci" }, decision(true, 5));
    two.note({ tier: "write", caller: "key_ci" }, decision(false, 0));
    await Promise.all([one.flush(database.db), two.flush(database.db)]);
    const { items } = await queries.listUsage(ctx(), { range: "1h", near: "false", limit: 20 });
    expect(items).toMatchObject([{ caller: "key_ci", label: "ci-northpier", kind: "apiKey", allowed: 1_000, refused: 1, peak: 100 }]);
  });

  test("is kept for the next time when it cannot be written, and a flood is bounded", async () => {
    const recorder = createUsageRecorder(now);
    for (let i = 0; i < 5_000; i++) recorder.note({ tier: "api", caller: `10.0.${i >> 8}.${i & 255}` }, { isAllowed: true, limit: 100, remaining: 99 });
    await expect(recorder.flush({ $executeRaw: () => Promise.reject(new Error("gone")) } as never)).rejects.toThrow("gone");
    await recorder.flush(database.db);
    const [row] = await database.db.$queryRaw<{ rows: number; calls: number }[]>`SELECT count(*)::int AS rows, sum(allowed)::int AS calls FROM series.limit_usage`;
    expect(row).toEqual({ rows: 2_001, calls: 5_000 });
  });

  test("shows who is near a limit, over time, and in sum", async () => {
    await use("usr_owner", { allowed: 700, peak: 70 });
    await use("key_ci", { allowed: 850, refused: 3 });
    await use("203.0.113.24", { allowed: 80, peak: 80, minutesAgo: 5 });
    const near = await queries.listUsage(ctx(), { range: "1h", near: "true", limit: 20 });
    expect(near.items.map(({ caller }) => caller)).toEqual(["key_ci", "203.0.113.24"]);
    const trend = await queries.getTrend(ctx(), { range: "1h" });
    expect(trend.points).toHaveLength(2);
    expect(trend.points.at(-1)).toMatchObject({ allowed: 1_550, refused: 3, byTier: { read: 3 } });
    expect(await queries.getSummary(ctx())).toMatchObject({ calls: 1_633, refused: 3, near: 2, blocked: 0, store: "process" });
  });

  test("is shown for any stretch of time, in steps that a chart can hold", async () => {
    await use("usr_owner", { allowed: 7, minutesAgo: 90 });
    await use("usr_owner", { allowed: 5 });
    const ago = (minutes: number) => new Date(now().getTime() - minutes * 60_000);
    const past = { from: ago(120), to: ago(60) };
    expect(await queries.getTrend(ctx(), { range: "1h", ...past })).toMatchObject({ stepSeconds: 60, points: [{ allowed: 7 }] });
    expect((await queries.listUsage(ctx(), { range: "1h", ...past, near: "false", limit: 20 })).items).toMatchObject([{ caller: "usr_owner", allowed: 7 }]);
    expect(await queries.getTrend(ctx(), { range: "1h", from: ago(7 * 24 * 60) })).toMatchObject({ stepSeconds: 7_200 });
  });

  test("is pruned after eight days", async () => {
    await use("usr_owner", { allowed: 1, minutesAgo: 9 * 24 * 60 });
    await use("usr_owner", { allowed: 1 });
    expect(await mutations.prune(ctx())).toMatchObject({ usage: 1 });
  });
});

describe("blocks", () => {
  const fail = async (address: string) => {
    for (let i = 0; i < 5; i++) await chargeAttempt(database.db, address, 5);
  };

  test("are listed with reason and end, newest first, in pages", async () => {
    await fail("203.0.113.24");
    await fail("203.0.113.25");
    const first = await queries.listBlocks(ctx(), { state: "active", limit: 1 });
    expect(first.items).toMatchObject([{ address: "203.0.113.25", reason: "Failed sign-ins, 5 in 15 min", level: 1, isActive: true }]);
    const second = await queries.listBlocks(ctx(), { state: "active", limit: 1, cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({ items: [{ address: "203.0.113.24" }], nextCursor: null });
  });

  test("are lifted once, audited, and the address may try again", async () => {
    await fail("203.0.113.24");
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => mutations.unblock(ctx(), { address: "203.0.113.24" })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await lastAudit()).toMatchObject({ action: "limits.unblock", targetId: "203.0.113.24", summary: "Unblocked 203.0.113.24" });
    expect(await peekAttempt(database.db, "203.0.113.24", 5)).toMatchObject({ isAllowed: true, remaining: 5 });
    expect(await queries.listBlocks(ctx(), { state: "active", limit: 20 })).toEqual({ items: [], nextCursor: null });
    expect((await queries.listBlocks(ctx(), { state: "all", limit: 20 })).items).toMatchObject([{ isActive: false, liftedBy: "Test admin" }]);
    await expect(mutations.unblock(ctx(), { address: "203.0.113.24" })).rejects.toMatchObject({ code: "not_found" });
  });
});
