/** Limits over a real Redis that is refused, stopped, killed and comes back; and over two processes. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createLogger } from "../logger.ts";
import { openRedis, type RedisConnection } from "../redis/connection.ts";
import { upstashCommands } from "../redis/upstash-commands.ts";
import { createGate } from "./gate.ts";
import { createLimiter, type Limiter } from "./limiter.ts";
import { memoryWindows } from "./memory.ts";
import { redisWindows } from "./shared.ts";
import { startAwakeClock } from "./testing/awake-clock.ts";
import type { LimitConfig } from "./windows.ts";

const limits: LimitConfig = {
  RATE_LIMIT_WINDOW_MS: 900_000,
  RATE_LIMIT_MAX_REQUESTS: 100,
  RATE_LIMIT_MAX_AUTHENTICATED: 1_000,
  RATE_LIMIT_BURST_PER_MINUTE: 100,
  AUTH_RATE_LIMIT_MAX: 5,
  WRITE_RATE_LIMIT_MAX: 30,
  PAGE_RATE_LIMIT_MAX: 1_200,
  ASSET_RATE_LIMIT_MAX: 6_000,
};
const log = createLogger({ level: "silent", write: () => undefined });
const COOL_DOWN_MS = 300;
/** Added latency that a dead store may cause (250 ms deadline and a busy machine). */
const BOUND_MS = 300;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function startRedis(port: number): Promise<ChildProcess> {
  const child = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise<void>((resolve) => child.stdout.on("data", (text: Buffer) => void (text.includes("Ready to accept") && resolve())));
  return child;
}

type Process = { limiter: Limiter; connection: RedisConnection; isOpen: () => boolean };
const opened: Process[] = [];

/** One process's limiter, as the product builds it but with a short cool-down. */
function openProcess(port: number): Process {
  const connection = openRedis({ url: `redis://127.0.0.1:${port}`, name: "test", log });
  const { redis } = connection;
  const gate = createGate({ isReady: () => redis.status === "ready", ping: () => redis.ping(), onSilence: connection.renew, log, coolDownMs: COOL_DOWN_MS });
  const now = () => new Date();
  const close = () => {
    gate.close();
    return connection.close();
  };
  const limiter = createLimiter({ now, limits, local: memoryWindows(now), shared: { open: redisWindows(upstashCommands(redis)), gate, close } });
  const made = { limiter, connection, isOpen: () => gate.isOpen };
  opened.push(made);
  return made;
}

const ready = ({ connection }: Process) => vi.waitFor(() => expect(connection.redis.status).toBe("ready"), { timeout: 10_000 });
const charge = (one: Process, caller: string) => one.limiter.charge({ tier: "write", caller, isSignedIn: true });

const { timed, stop } = startAwakeClock();

let port: number;
let redis: ChildProcess;

beforeAll(async () => {
  port = await freePort();
  redis = await startRedis(port);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ limiter }) => limiter.close()));
});
afterAll(() => {
  stop();
  redis.kill("SIGCONT");
  redis.kill("SIGKILL");
});

describe("limits over Redis", () => {
  test("two processes count together (SRV-062)", async () => {
    const [one, two] = [openProcess(port), openProcess(port)];
    await Promise.all([ready(one), ready(two)]);
    let allowed = 0;
    for (let i = 0; i < 40; i++) for (const each of [one, two]) if ((await charge(each, "usr_shared")).isAllowed) allowed += 1;
    expect(allowed).toBe(30);
    const refused = await charge(two, "usr_shared");
    expect(refused).toMatchObject({ isAllowed: false, limit: 30, remaining: 0 });
    expect(refused.resetSeconds).toBeLessThanOrEqual(62);
  });

  test("the library's scripts run on plain Redis, are given back and survive a forgetful server", async () => {
    const one = openProcess(port);
    await ready(one);
    for (let i = 0; i < 8; i++) await charge(one, "usr_back");
    await one.limiter.charge({ tier: "write", caller: "usr_back", isSignedIn: true }, { calls: -3 });
    expect((await one.limiter.peek({ tier: "write", caller: "usr_back", isSignedIn: true })).remaining).toBe(25);
    await one.connection.redis.script("FLUSH");
    expect((await charge(one, "usr_back")).remaining).toBe(24);
  });

  test("a refused upload gives its other window back", async () => {
    const one = openProcess(port);
    await ready(one);
    const upload = () => one.limiter.charge({ tier: "upload", caller: "usr_up", isSignedIn: true });
    const results = [];
    for (let i = 0; i < 8; i++) results.push((await upload()).isAllowed);
    expect(results.filter(Boolean)).toHaveLength(5);
    const left = await one.limiter.peek({ tier: "upload", caller: "usr_up", isSignedIn: true });
    expect(left).toMatchObject({ isAllowed: false, limit: 5 });
  });
});

describe("a Redis that fails", () => {
  test("refused from the start: the local limiter answers at once, no call fails", async () => {
    const one = openProcess(await freePort());
    const times: number[] = [];
    let allowed = 0;
    for (let i = 0; i < 60; i++) times.push(await timed(async () => void ((await charge(one, "usr_refused")).isAllowed && (allowed += 1))));
    expect(Math.max(...times)).toBeLessThan(BOUND_MS);
    expect(allowed).toBe(30);
  });

  test("hanging: costs at most the deadline once, then nothing; counts together again when it wakes", async () => {
    const one = openProcess(port);
    await ready(one);
    for (let i = 0; i < 5; i++) await charge(one, "usr_hung");
    redis.kill("SIGSTOP");
    try {
      const first = await timed(() => charge(one, "usr_hung"));
      expect(first).toBeLessThan(BOUND_MS);
      const later: number[] = [];
      let allowed = 1;
      // Over several cool-downs, so the store is tried again meanwhile.
      const until = performance.now() + 5 * COOL_DOWN_MS;
      while (performance.now() < until) {
        later.push(await timed(async () => void ((await charge(one, "usr_hung")).isAllowed && (allowed += 1))));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(Math.max(...later)).toBeLessThan(100);
      expect(allowed).toBe(30);
    } finally {
      redis.kill("SIGCONT");
    }
    await vi.waitFor(() => expect(one.isOpen()).toBe(true), { timeout: 10_000 });
    expect((await charge(one, "usr_hung")).remaining).toBeGreaterThan(20);
  });

  test("killed in mid-run: no call fails or waits, and it is used again when it is back", async () => {
    const one = openProcess(port);
    await ready(one);
    const times: number[] = [];
    const load = async (caller: string, calls: number) => {
      for (let i = 0; i < calls; i++) times.push(await timed(() => charge(one, caller)));
    };
    const running = Promise.all(Array.from({ length: 10 }, (_, n) => load(`usr_${n}`, 200)));
    redis.kill("SIGKILL");
    await running;
    redis = await startRedis(port);
    expect(Math.max(...times)).toBeLessThan(BOUND_MS);
    await vi.waitFor(() => expect(one.isOpen()).toBe(true), { timeout: 10_000 });
    expect((await charge(one, "usr_after")).remaining).toBe(29);
  });

  test("destructive calls are decided elsewhere, and only then", async () => {
    const one = openProcess(port);
    await ready(one);
    let asked = 0;
    const otherwise = () => {
      asked += 1;
      return Promise.resolve({ isAllowed: false, limit: 1, remaining: 0, resetSeconds: 1, windowSeconds: 60 });
    };
    const wanted = { tier: "write" as const, caller: "usr_delete", isSignedIn: true };
    expect((await one.limiter.charge(wanted, { otherwise })).isAllowed).toBe(true);
    redis.kill("SIGSTOP");
    try {
      expect((await one.limiter.charge(wanted, { otherwise })).isAllowed).toBe(false);
      expect(asked).toBe(1);
    } finally {
      redis.kill("SIGCONT");
    }
  });
});

test("processes of their own share one count", async () => {
  const script = path.join(import.meta.dirname, "testing/charge-many.ts");
  const run = async (): Promise<number> => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, `redis://127.0.0.1:${port}`, "usr_two_processes", "60"], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (part: Buffer) => (text += part.toString()));
    await once(child, "close");
    return Number(text.trim());
  };
  const [a, b] = await Promise.all([run(), run()]);
  expect(a + b).toBe(30);
});
