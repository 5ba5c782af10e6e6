import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBudget, isRetryableStatus, pauseAfterFailure, RETRY, RETRY_AFTER_CAP_MS, retryAfterMs, type RetryPolicy } from "./policy.ts";
import { retrying } from "./retry.ts";

const most = () => 0.999_999;

describe("pauses by dependency (C42)", () => {
  test.each<{ policy: RetryPolicy; pauses: (number | null)[]; why: string }>([
    { why: "the database's first connect: 3 × 3 s", policy: RETRY.databaseFirstConnect, pauses: [3_000, 3_000, null] },
    { why: "Redis: min(n × 50, 2000) ms (SRV-050)", policy: RETRY.redisConnect, pauses: [50, 100, 150] },
    { why: "reads: exponential", policy: RETRY.databaseRead, pauses: [49, 99, null] },
    { why: "outbound: exponential", policy: RETRY.outbound, pauses: [499, 999, null] },
  ])("$why", ({ policy, pauses }) => {
    expect(pauses.map((_, index) => pauseAfterFailure(policy, index + 1, most))).toEqual(pauses);
  });

  test("Redis stays at two seconds", () => {
    expect(pauseAfterFailure(RETRY.redisConnect, 41)).toBe(2_000);
    expect(pauseAfterFailure(RETRY.redisConnect, 1e6)).toBe(2_000);
  });

  test("full jitter spreads over the whole pause and never beyond the cap", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 0.999_999, noNaN: true }), (failures, chance) => {
        const pause = pauseAfterFailure({ ...RETRY.outbound, attempts: 1_000 }, failures, () => chance);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(RETRY.outbound.capMs);
      }),
    );
    expect(pauseAfterFailure(RETRY.outbound, 1, () => 0)).toBe(0);
  });
});

describe("Retry-After", () => {
  const now = new Date("2027-01-15T12:00:00Z");
  test.each([
    { header: "7", ms: 7_000 },
    { header: "Fri, 15 Jan 2027 12:00:30 GMT", ms: 30_000 },
    { header: "Fri, 15 Jan 2027 11:00:00 GMT", ms: 0 },
    { header: "99999999", ms: RETRY_AFTER_CAP_MS },
    { header: "soon", ms: null },
    { header: null, ms: null },
  ])("$header is $ms ms", ({ header, ms }) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  test("which answers are worth another try", () => {
    expect([200, 400, 404, 408, 409, 410, 425, 429, 500, 503].filter(isRetryableStatus)).toEqual([408, 409, 425, 429, 500, 503]);
  });
});

describe("retrying", () => {
  const policy: RetryPolicy = { attempts: 4, baseMs: 1, growth: "fixed", capMs: 1, jitter: "none" };
  const failing = (times: number) => {
    let calls = 0;
    return { work: () => (++calls <= times ? Promise.reject(new Error(`no ${calls}`)) : Promise.resolve("yes")), calls: () => calls };
  };

  test("tries until it works, then no more", async () => {
    const one = failing(2);
    expect(await retrying({ policy, isTransient: () => true }, one.work)).toBe("yes");
    expect(one.calls()).toBe(3);
  });

  test("ends with the last error: attempts, a final error, an aborted caller", async () => {
    await expect(retrying({ policy, isTransient: () => true }, failing(9).work)).rejects.toThrow("no 4");
    await expect(retrying({ policy, isTransient: () => false }, failing(9).work)).rejects.toThrow("no 1");
    await expect(retrying({ policy, isTransient: () => true, signal: AbortSignal.abort() }, failing(9).work)).rejects.toThrow("no 1");
  });

  test("an outage costs at most a tenth more calls", async () => {
    const budget = createBudget();
    let calls = 0;
    for (let n = 0; n < 1_000; n++) {
      await retrying({ policy: { ...policy, baseMs: 0 }, isTransient: () => true, budget }, () => {
        calls += 1;
        return Promise.reject(new Error("away"));
      }).catch(() => undefined);
    }
    expect(calls).toBeGreaterThan(1_000);
    expect(calls).toBeLessThanOrEqual(1_000 + 100 + 11);
  });
});
