import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Context } from "../context.ts";
import { callerKey, writeLimitHeaders } from "./charge.ts";
import { createLimiter } from "./limiter.ts";
import { memoryWindows } from "./memory.ts";
import { TIERS, type Tier } from "./tiers.ts";
import { NO_POLICY, type Policy } from "./policy.ts";
import { windowFinder, type LimitConfig } from "./windows.ts";

const MINUTE = 60_000;
const defaults: LimitConfig = {
  RATE_LIMIT_WINDOW_MS: 15 * MINUTE,
  RATE_LIMIT_MAX_REQUESTS: 100,
  RATE_LIMIT_MAX_AUTHENTICATED: 1_000,
  RATE_LIMIT_BURST_PER_MINUTE: 100,
  AUTH_RATE_LIMIT_MAX: 5,
  WRITE_RATE_LIMIT_MAX: 30,
  PAGE_RATE_LIMIT_MAX: 1_200,
  ASSET_RATE_LIMIT_MAX: 6_000,
};

function world(limits: LimitConfig = defaults) {
  let at = Date.UTC(2026, 0, 1);
  const now = () => new Date(at);
  const limiter = createLimiter({ now, limits, local: memoryWindows(now) });
  return { limiter, pass: (ms: number) => (at += ms) };
}

async function allowedOf(limiter: ReturnType<typeof world>["limiter"], charge: { tier: Tier; isSignedIn: boolean }, calls: number): Promise<number> {
  let allowed = 0;
  for (let i = 0; i < calls; i++) if ((await limiter.charge({ caller: "c", ...charge })).isAllowed) allowed += 1;
  return allowed;
}

describe("tiers", () => {
  test.each<[Tier, boolean, number]>([
    ["api", false, 100],
    ["api", true, 1_000],
    ["read", false, 100],
    ["read", true, 1_000],
    ["write", true, 30],
    ["auth", false, 5],
    ["upload", true, 5],
    ["status", false, 100],
    ["probe", false, 600],
  ])("%s (signed in: %s) allows %i at once (MDL3-078, MDL3-082, MDL3-083, PDF-035)", async (tier, isSignedIn, allowed) => {
    expect(await allowedOf(world().limiter, { tier, isSignedIn }, allowed + 20)).toBe(allowed);
  });

  test("the tightest window of a tier wins: 5 uploads a minute and 10 an hour", async () => {
    const { limiter, pass } = world();
    const charge = { tier: "upload" as const, isSignedIn: true };
    expect(await allowedOf(limiter, charge, 20)).toBe(5);
    pass(2 * MINUTE);
    expect(await allowedOf(limiter, charge, 20)).toBe(5);
    pass(2 * MINUTE);
    expect(await allowedOf(limiter, charge, 20)).toBe(0);
  });

  test("callers do not share counts, windows neither", async () => {
    const { limiter } = world();
    await allowedOf(limiter, { tier: "write", isSignedIn: true }, 40);
    expect((await limiter.charge({ tier: "write", caller: "other", isSignedIn: true })).isAllowed).toBe(true);
    expect((await limiter.charge({ tier: "read", caller: "c", isSignedIn: true })).isAllowed).toBe(true);
  });

  test("every tier has a window for every kind of caller", () => {
    for (const tier of TIERS) for (const isSignedIn of [true, false]) expect(windowFinder(defaults)({ tier, caller: "c", isSignedIn }, NO_POLICY).length).toBeGreaterThan(0);
  });
});

describe("what an Admin changed", () => {
  const policy = (parts: Partial<Policy>): Policy => ({ ...NO_POLICY, ...parts });

  test("is in force at once and goes on counting where the old figure stood", async () => {
    const { limiter } = world();
    const charge = { tier: "write" as const, caller: "c", isSignedIn: true };
    await allowedOf(limiter, charge, 8);
    const lower = policy({ max: new Map([["write", 10]]) });
    expect(await limiter.charge(charge, { policy: lower })).toMatchObject({ isAllowed: true, limit: 10, remaining: 1 });
    await limiter.charge(charge, { policy: lower });
    expect((await limiter.charge(charge, { policy: lower })).isAllowed).toBe(false);
    expect((await limiter.charge(charge, { policy: policy({ max: new Map([["write", 11]]) }) })).isAllowed).toBe(true);
  });

  test("gives one caller a figure of its own, in that window alone", async () => {
    const { limiter } = world();
    const own = policy({ overrides: new Map([["key_ci", new Map([["upload", 7]])]]) });
    const calls = async (caller: string) => {
      let allowed = 0;
      for (let i = 0; i < 20; i++) if ((await limiter.charge({ tier: "upload", caller, isSignedIn: true }, { policy: own })).isAllowed) allowed += 1;
      return allowed;
    };
    expect([await calls("key_ci"), await calls("key_other")]).toEqual([7, 5]);
  });
});

describe("sliding window", () => {
  test("never allows more than the maximum in one window, nor twice the maximum across an edge", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200 }), async (gaps) => {
        const { limiter, pass } = world();
        const accepted: number[] = [];
        let at = 0;
        for (const gap of gaps) {
          pass(gap);
          at += gap;
          if ((await limiter.charge({ tier: "write", caller: "c", isSignedIn: true })).isAllowed) accepted.push(at);
        }
        const slots = new Map<number, number>();
        for (const time of accepted) slots.set(Math.floor(time / MINUTE), (slots.get(Math.floor(time / MINUTE)) ?? 0) + 1);
        for (const count of slots.values()) expect(count).toBeLessThanOrEqual(30);
        for (const start of accepted) expect(accepted.filter((time) => time >= start && time < start + MINUTE).length).toBeLessThan(60);
      }),
      { numRuns: 60 },
    );
  });

  test("whoever waits as long as told gets in, and not much earlier", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3 * MINUTE }), fc.integer({ min: 0, max: 60 }), async (offset, earlier) => {
        const { limiter, pass } = world();
        await allowedOf(limiter, { tier: "write", isSignedIn: true }, earlier);
        pass(offset);
        await allowedOf(limiter, { tier: "write", isSignedIn: true }, 100);
        const charge = { tier: "write" as const, caller: "c", isSignedIn: true };
        const refused = await limiter.charge(charge);
        expect(refused.isAllowed).toBe(false);
        pass(refused.resetSeconds * 1_000);
        expect((await limiter.peek(charge)).isAllowed).toBe(true);
        expect((await limiter.charge(charge)).isAllowed).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("gives back what was charged in advance, so six right sign-ins pass (MDL3-086)", async () => {
    const { limiter } = world();
    const charge = { tier: "auth" as const, caller: "c", isSignedIn: false };
    for (let i = 0; i < 6; i++) {
      expect((await limiter.charge(charge)).isAllowed).toBe(true);
      await limiter.charge(charge, { calls: -1 });
    }
    expect((await limiter.peek(charge)).remaining).toBe(5);
  });

  test("asking charges nothing", async () => {
    const { limiter } = world();
    const charge = { tier: "auth" as const, caller: "c", isSignedIn: false };
    for (let i = 0; i < 20; i++) expect((await limiter.peek(charge)).isAllowed).toBe(true);
  });

  test("a clock that steps back frees nobody", async () => {
    const { limiter, pass } = world();
    const charge = { tier: "write" as const, caller: "c", isSignedIn: true };
    await allowedOf(limiter, charge, 30);
    pass(-120 * MINUTE);
    expect((await limiter.charge(charge)).isAllowed).toBe(false);
    pass(122 * MINUTE);
    expect((await limiter.charge(charge)).isAllowed).toBe(true);
  });

  test("forgets the longest silent caller instead of growing without end", async () => {
    const { limiter } = world();
    for (let i = 0; i < 20_050; i++) await limiter.charge({ tier: "probe", caller: `c${i}`, isSignedIn: false });
    expect((await limiter.peek({ tier: "probe", caller: "c0", isSignedIn: false })).remaining).toBe(600);
    expect((await limiter.peek({ tier: "probe", caller: "c20049", isSignedIn: false })).remaining).toBe(599);
  });
});

describe("headers", () => {
  const decision = { isAllowed: true, limit: 30, remaining: 7, resetSeconds: 12, windowSeconds: 60 };

  test("both families carry the same values (MDL3-079, PDF-039)", () => {
    const headers = new Headers();
    writeLimitHeaders(headers, decision);
    for (const [name, value] of [["limit", "30"], ["remaining", "7"], ["reset", "12"]] as const) {
      expect(headers.get(`ratelimit-${name}`)).toBe(value);
      expect(headers.get(`x-ratelimit-${name}`)).toBe(value);
    }
    expect(headers.get("retry-after")).toBeNull();
  });

  test("one family alone when the setting says so", () => {
    const standard = new Headers();
    writeLimitHeaders(standard, decision, "standard");
    expect([standard.get("ratelimit-limit"), standard.get("x-ratelimit-limit")]).toEqual(["30", null]);
    const legacy = new Headers();
    writeLimitHeaders(legacy, { ...decision, isAllowed: false }, "legacy");
    expect([legacy.get("ratelimit-limit"), legacy.get("x-ratelimit-limit"), legacy.get("retry-after")]).toEqual([null, "30", "12"]);
  });

  test("in a batch the tightest call speaks, and a refusal says when to come back", () => {
    const headers = new Headers();
    writeLimitHeaders(headers, decision);
    writeLimitHeaders(headers, { ...decision, remaining: 9 });
    expect(headers.get("ratelimit-remaining")).toBe("7");
    writeLimitHeaders(headers, { ...decision, isAllowed: false, remaining: 0, resetSeconds: 30 });
    expect(headers.get("retry-after")).toBe("30");
  });
});

test("callers are counted by user, else key, else address", () => {
  const user: Context["actor"] = { kind: "user", id: "usr_1", name: "n", email: "e", role: "viewer", sessionId: "s" };
  expect(callerKey({ actor: user, clientAddress: "10.0.0.1" })).toBe("usr_1");
  expect(callerKey({ actor: { kind: "anonymous" }, clientAddress: "10.0.0.1" })).toBe("10.0.0.1");
  expect(callerKey({ actor: { kind: "anonymous" }, clientAddress: "2001:db8::1" })).toBe(callerKey({ actor: { kind: "anonymous" }, clientAddress: "2001:db8::ffff" }));
});
