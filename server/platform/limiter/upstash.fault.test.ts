/** Limits over Upstash's own client, against its REST interface in front of a real Redis. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { parseConfig, environment } from "../config.ts";
import { startRedis, type TestServer } from "../testing/brokers.ts";
import { createLimiter, type Limiter } from "./limiter.ts";
import { memoryWindows } from "./memory.ts";
import { openShared } from "./shared.ts";
import { startAwakeClock } from "./testing/awake-clock.ts";
import { upstashBridge, type Bridge } from "./testing/upstash-bridge.ts";

const TOKEN = "a-token-of-a-database";
/** Added latency that a dead store may cause (250 ms deadline and a busy machine). */
const BOUND_MS = 400;
const limits = parseConfig(environment());
let redis: TestServer;
let bridge: Bridge;
const opened: Limiter[] = [];
const { timed, stop } = startAwakeClock();

/** One process's limiter, as the environment makes it. */
function openProcess(token = TOKEN): Limiter {
  const now = () => new Date();
  const shared = openShared({ UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: token });
  if (!shared) throw new Error("no shared store");
  const limiter = createLimiter({ now, limits, local: memoryWindows(now), shared });
  opened.push(limiter);
  return limiter;
}

const charge = (limiter: Limiter, caller: string) => limiter.charge({ tier: "write", caller, isSignedIn: true });

async function allowedOf(limiters: readonly Limiter[], caller: string, calls: number): Promise<{ allowed: number; slowestMs: number }> {
  let [allowed, slowestMs] = [0, 0];
  for (let call = 0; call < calls; call++) {
    const limiter = limiters[call % limiters.length];
    const ms = await timed(async () => void (limiter && (await charge(limiter, caller)).isAllowed && (allowed += 1)));
    slowestMs = Math.max(slowestMs, ms);
  }
  return { allowed, slowestMs };
}

beforeAll(async () => {
  redis = await startRedis();
  bridge = await upstashBridge(redis.url, TOKEN);
});
afterEach(() => Promise.all(opened.splice(0).map((limiter) => limiter.close())));
afterAll(async () => {
  stop();
  await bridge.close();
  await redis.stop();
});

describe("limits over Upstash", () => {
  test("count what two processes let through, and give back", async () => {
    const processes = [openProcess(), openProcess()];
    const before = bridge.commands();
    expect((await allowedOf(processes, "usr_both", 50)).allowed).toBe(limits.WRITE_RATE_LIMIT_MAX);
    expect(bridge.commands() - before, "they were counted there").toBeGreaterThanOrEqual(50);
    const [one] = processes;
    for (let call = 0; call < 5; call++) await charge(one!, "usr_back");
    await one!.charge({ tier: "write", caller: "usr_back", isSignedIn: true }, { calls: -3 });
    expect((await processes[1]!.peek({ tier: "write", caller: "usr_back", isSignedIn: true })).remaining).toBe(limits.WRITE_RATE_LIMIT_MAX - 2);
  });

  test("are kept by each process while the token is refused", async () => {
    expect(await allowedOf([openProcess("a wrong token")], "usr_refused", 40)).toMatchObject({ allowed: limits.WRITE_RATE_LIMIT_MAX });
  });

  test("cost at most the deadline while it hangs, and count together again when it answers", async () => {
    const one = openProcess();
    await charge(one, "usr_hung");
    bridge.hang(true);
    const { allowed, slowestMs } = await allowedOf([one], "usr_hung", 40);
    expect(slowestMs).toBeLessThan(BOUND_MS);
    expect(allowed).toBeLessThanOrEqual(limits.WRITE_RATE_LIMIT_MAX);
    bridge.hang(false);
    const before = bridge.commands();
    await vi.waitFor(async () => {
      await charge(one, "usr_again");
      expect(bridge.commands()).toBeGreaterThan(before + 1);
    }, { timeout: 20_000, interval: 100 });
  });
});
