/** The guard's vectors through every driver: no probe opens a socket to a forbidden address, whatever it is called. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../platform/clock.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import { countingListener, FORBIDDEN_HOSTS, forbiddenLookup } from "../../platform/http/testing/forbidden.ts";
import type { CheckConfig } from "../check-config.ts";
import { runProbe, type ProbeWorld } from "./probe.ts";

const KINDS: Record<string, (host: string, port: number) => CheckConfig> = {
  http: (host, port) => ({ kind: "http", url: `http://${host}:${port}/`, method: "GET", headers: [], expectedStatus: "200-299" }) as unknown as CheckConfig,
  tcp: (host, port) => ({ kind: "tcp", host: host.replace(/^\[|\]$/g, ""), port }) as CheckConfig,
  postgres: (host, port) => ({ kind: "postgres", connectionString: `postgresql://u:p@${host}:${port}/db` }) as CheckConfig,
  redis: (host, port) => ({ kind: "redis", url: `redis://${host}:${port}` }) as CheckConfig,
};

let listener: Awaited<ReturnType<typeof countingListener>>;
let port = 0;

beforeAll(async () => {
  listener = await countingListener();
  ({ port } = listener);
});
afterAll(() => listener.close());

const world = (options: Parameters<typeof createOutbound>[0] = {}): ProbeWorld => ({
  http: createOutbound({ lookup: forbiddenLookup, ...options }),
  now: systemClock,
  checkSelf: () => Promise.reject(new Error("unused")),
  readHeartbeat: () => Promise.reject(new Error("unused")),
});

describe.each(Object.entries(KINDS))("%s", (_kind, configOf) => {
  test.each(FORBIDDEN_HOSTS)("%s is blocked before any socket opens", async (host) => {
    const before = listener.connections();
    const reading = await runProbe(world(), configOf(host, port), { timeoutMs: 2_000 });
    expect(reading.verdict).not.toBe("up");
    expect(reading.message).toMatch(/blocked by egress policy|blocked/i);
    expect(listener.connections()).toBe(before);
  });

  test("an administrator's entry opens exactly what it names", async () => {
    const before = listener.connections();
    const opened = world({ granted: async () => [`127.0.0.1:${port}`] });
    await runProbe(opened, configOf("127.0.0.1", port), { timeoutMs: 2_000 });
    expect(listener.connections()).toBeGreaterThan(before);
    const after = listener.connections();
    const other = await runProbe(opened, configOf("127.0.0.2", port), { timeoutMs: 2_000 });
    expect(other.message).toMatch(/blocked/i);
    expect(listener.connections()).toBe(after);
  });
});
