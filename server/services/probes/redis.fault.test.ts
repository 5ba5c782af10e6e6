import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../platform/clock.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import { runProbe, type ProbeWorld } from "./probe.ts";

const PASSWORD = "p@ss:word/üñ";
const world: ProbeWorld = {
  http: createOutbound({ allow: ["127.0.0.1"], lookup: async () => [{ address: "127.0.0.1", family: 4 }] }),
  now: systemClock,
  checkSelf: () => Promise.reject(new Error("unused")),
  readHeartbeat: () => Promise.reject(new Error("unused")),
};
let server: ChildProcess;
let port = 0;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const found = (probe.address() as AddressInfo).port;
  probe.close();
  await once(probe, "close");
  return found;
}

const ping = (address: string, timeoutMs = 2_000) => runProbe(world, { kind: "redis", url: address }, { timeoutMs });
const signedIn = (rest = "") => `redis://:${encodeURIComponent(PASSWORD)}@cache.test:${port}${rest}`;

beforeAll(async () => {
  port = await freePort();
  server = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--requirepass", PASSWORD], { stdio: "ignore" });
  const ready = async () => {
    const { verdict, message } = await ping(signedIn());
    if (verdict !== "up") throw new Error(message);
  };
  await vi.waitFor(ready, { timeout: 15_000, interval: 50 });
});
afterAll(() => {
  server.kill("SIGKILL");
});

describe("a real Redis", () => {
  test("answers, with and without a database", async () => {
    expect(await ping(signedIn())).toMatchObject({ verdict: "up", message: expect.stringMatching(/^PONG in \d+ ms$/) as string });
    expect((await ping(signedIn("/3"))).verdict).toBe("up");
    expect((await ping(signedIn("/0").replace("redis://:", "redis://default:"))).verdict).toBe("up");
  });
  test("refuses a wrong or missing password and a database that is not there, without showing the password", async () => {
    expect(await ping(`redis://cache.test:${port}`)).toMatchObject({ verdict: "down", message: "ping refused: NOAUTH Authentication required." });
    const wrong = await ping(`redis://:canary-wrong@cache.test:${port}`);
    expect(wrong).toMatchObject({ verdict: "down", message: expect.stringContaining("sign-in refused: WRONGPASS") as string });
    expect(JSON.stringify(wrong)).not.toContain("canary");
    expect((await ping(signedIn("/99"))).message).toBe("database refused: ERR DB index is out of range");
  });
  test("speaks no TLS here", async () => {
    expect((await ping(signedIn().replace("redis://", "rediss://"))).verdict).toBe("down");
  });
  test("stopped in its tracks is down at the limit, and up again when it goes on", async () => {
    server.kill("SIGSTOP");
    expect(await ping(signedIn(), 300)).toMatchObject({ verdict: "down", message: "no answer within 300 ms" });
    server.kill("SIGCONT");
    expect((await ping(signedIn())).verdict).toBe("up");
  });
});
