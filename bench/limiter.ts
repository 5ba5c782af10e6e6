/**
 * What a decision of the limiter costs: in process, as every procedure call pays it; and over a local Redis against
 * @upstash/ratelimit on plain ioredis with the same script, in alternating rounds of one process.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { Ratelimit } from "@upstash/ratelimit";
import type { Redis as UpstashRedis } from "@upstash/redis";
import { Redis } from "ioredis";
import { createGate } from "../server/platform/limiter/gate.ts";
import { createLimiter, type Limiter } from "../server/platform/limiter/limiter.ts";
import { memoryWindows } from "../server/platform/limiter/memory.ts";
import { NO_POLICY } from "../server/platform/limiter/policy.ts";
import { redisWindows } from "../server/platform/limiter/shared.ts";
import { createUsageRecorder } from "../server/platform/limiter/usage.ts";
import { createLogger } from "../server/platform/logger.ts";
import { openRedis } from "../server/platform/redis/connection.ts";
import { upstashCommands, withoutFlags } from "../server/platform/redis/upstash-commands.ts";
import { percentile, type Figure } from "./figure.ts";

const MEMORY_DECISIONS = 200_000;
const REDIS_DECISIONS = 10_000;
const CALLERS = 500;
const IN_FLIGHT = 50;
/** Alternating rounds, of which the median counts. */
const ROUNDS = 9;
/** Some eight seconds, in which the gate tries the store again. */
const ILL_DECISIONS = 1_500;
const ILL_PACE_MS = 5;
const WINDOW = { name: "write" as const, max: 1_000_000, windowMs: 60_000 };
const LIMITS = { RATE_LIMIT_WINDOW_MS: 900_000, RATE_LIMIT_MAX_REQUESTS: 100, RATE_LIMIT_MAX_AUTHENTICATED: 1_000_000, RATE_LIMIT_BURST_PER_MINUTE: 100, AUTH_RATE_LIMIT_MAX: 5, WRITE_RATE_LIMIT_MAX: WINDOW.max, PAGE_RATE_LIMIT_MAX: 1_200, ASSET_RATE_LIMIT_MAX: 6_000 };

const log = createLogger({ level: "silent", write: () => undefined });
const callers = Array.from({ length: CALLERS }, (_, index) => `usr_${index}`);
const callerOf = (index: number): string => callers[index % CALLERS] ?? "usr_0";

/** Calls a second of `decide`, `inFlight` at a time. */
async function perSecond(decisions: number, inFlight: number, decide: (caller: string) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < decisions) await decide(callerOf(next++));
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (decisions / (performance.now() - started)) * 1_000;
}

async function startRedis(): Promise<{ child: ChildProcess; url: string }> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const child = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.stdout.on("data", (text: Buffer) => void (text.includes("Ready to accept") && resolve()));
  });
  return { child, url: `redis://127.0.0.1:${port}` };
}

/** The library on plain ioredis: only the line of flags is taken off its scripts. */
function plainWindow(redis: Redis): Ratelimit {
  const hashes = new Map<string, string>();
  const commands = {
    evalsha: (hash: string, keys: string[], args: unknown[]) => {
      const known = hashes.get(hash);
      return known ? redis.evalsha(known, keys.length, ...keys, ...args.map(String)) : Promise.reject(new Error("NOSCRIPT"));
    },
    eval: async (script: string, keys: string[], args: unknown[]) => {
      const [original, stripped] = await Promise.all([sha1(script), redis.script("LOAD", withoutFlags(script))]);
      hashes.set(original, String(stripped));
      return redis.evalsha(String(stripped), keys.length, ...keys, ...args.map(String));
    },
  };
  return new Ratelimit({ redis: commands as unknown as UpstashRedis, limiter: Ratelimit.slidingWindow(WINDOW.max, "60000 ms"), prefix: "bench:plain", ephemeralCache: false, enableTelemetry: false });
}

async function sha1(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-1", Buffer.from(text))).toString("hex");
}

const now = () => new Date();

/** A decision as a procedure pays it: the charge and the note for usage. */
function decider(limiter: Limiter): (caller: string) => Promise<void> {
  const usage = createUsageRecorder(now, 3_600_000);
  return async (caller) => {
    const wanted = { tier: "write" as const, caller, isSignedIn: true };
    usage.note(wanted, await limiter.charge(wanted, { policy: NO_POLICY }));
  };
}

async function memoryFigures(): Promise<Figure[]> {
  const decide = decider(createLimiter({ now, limits: LIMITS, local: memoryWindows(now) }));
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) rates.push(await perSecond(MEMORY_DECISIONS, 1, decide));
  return [{ name: "limiter-in-process", value: percentile(rates.slice(1), 0.5), unit: "count", goal: ">=100000", note: "decisions a second, usage noted" }];
}

async function redisFigures(): Promise<Figure[]> {
  const { child, url } = await startRedis();
  const plain = new Redis(url);
  const { redis, close } = openRedis({ url, name: "bench", log });
  if (redis.status !== "ready") await once(redis, "ready");
  const gate = createGate({ isReady: () => redis.status === "ready", ping: () => redis.ping(), log });
  const limiter = createLimiter({ now, limits: LIMITS, local: memoryWindows(now), shared: { open: redisWindows(upstashCommands(redis)), gate, close } });
  const library = plainWindow(plain);
  const ways = { plain: (caller: string) => library.limit(caller), ours: decider(limiter) };
  const rates: Record<keyof typeof ways, number[]> = { plain: [], ours: [] };
  try {
    for (const decide of Object.values(ways)) await perSecond(REDIS_DECISIONS, IN_FLIGHT, decide);
    for (let round = 0; round < ROUNDS; round++) for (const way of Object.keys(ways) as (keyof typeof ways)[]) rates[way].push(await perSecond(REDIS_DECISIONS, IN_FLIGHT, ways[way]));
  } finally {
    plain.disconnect();
    gate.close();
    await close();
    child.kill();
  }
  const median = (way: keyof typeof ways) => percentile(rates[way], 0.5);
  // Round by round, so that whatever else the machine does weighs on both alike.
  const ratios = rates.ours.map((rate, round) => rate / (rates.plain[round] ?? Number.NaN));
  return [
    {
      name: "limiter-over-redis-vs-library",
      value: percentile(ratios, 0.5),
      unit: "ratio",
      goal: ">=0.85",
      note: `${Math.round(median("ours"))} decisions a second, the library alone ${Math.round(median("plain"))}`,
    },
  ];
}

/** What decisions took, in milliseconds, at a steady pace over a store that is ill. */
async function pace(limiter: Limiter): Promise<number[]> {
  const decide = decider(limiter);
  const taken: Promise<number>[] = [];
  const one = async (caller: string) => {
    const started = performance.now();
    await decide(caller);
    return performance.now() - started;
  };
  for (let call = 0; call < ILL_DECISIONS; call++) {
    taken.push(one(callerOf(call)));
    await new Promise((resolve) => setTimeout(resolve, ILL_PACE_MS));
  }
  return Promise.all(taken);
}

/** The process's own limiter over an address where Redis should be. */
async function overIll(url: string, whenReady: () => void): Promise<number> {
  const { redis, close } = openRedis({ url, name: "bench", log });
  const gate = createGate({ isReady: () => redis.status === "ready", ping: () => redis.ping(), log });
  const limiter = createLimiter({ now, limits: LIMITS, local: memoryWindows(now), shared: { open: redisWindows(upstashCommands(redis)), gate, close } });
  if (redis.status !== "ready") await once(redis, "ready").catch(() => undefined);
  whenReady();
  const taken = await pace(limiter);
  gate.close();
  await close();
  return percentile(taken, 0.95);
}

async function illFigures(): Promise<Figure[]> {
  const { child, url } = await startRedis();
  // A stopped process keeps its connections open and says nothing, which is the worst that a store can do.
  const hanging = await overIll(url, () => void child.kill("SIGSTOP"));
  child.kill("SIGKILL");
  await once(child, "exit");
  const refused = await overIll(url, () => undefined);
  return [
    { name: "limiter-redis-hanging-p95", value: hanging, unit: "ms", goal: "<=300", note: "what a decision takes while Redis hangs" },
    { name: "limiter-redis-refused-p95", value: refused, unit: "ms", goal: "<=300", note: "while nobody listens" },
  ];
}

/** Decisions a second in process, and over Redis against the library alone; what an ill Redis costs. */
export async function run(): Promise<Figure[]> {
  return [...(await memoryFigures()), ...(await redisFigures()), ...(await illFigures())];
}
