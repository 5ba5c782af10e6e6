/** The guard's vectors through every driver: no probe opens a socket to a forbidden address, whatever it is called. */
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../platform/clock.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import type { CheckConfig } from "../check-config.ts";
import { runProbe, type ProbeWorld } from "./probe.ts";

/** Spellings that URLs of any scheme carry unchanged, and names whose answers are forbidden. */
const HOSTS = [
  "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.5", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "224.0.0.1", "255.255.255.255",
  "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::1]", "[fd00:ec2::254]", "[fc00::1]", "[fe80::1]", "[fec0::1]",
  "localhost", "localhost.", "app.localhost", "2130706433", "0x7f000001", "017700000001", "127.1", "private.example", "both.example", "metadata.example",
];
const ANSWERS: Record<string, string[]> = { "private.example": ["10.0.0.5"], "both.example": ["93.184.215.14", "127.0.0.1"], "metadata.example": ["169.254.169.254"] };

const KINDS: Record<string, (host: string, port: number) => CheckConfig> = {
  http: (host, port) => ({ kind: "http", url: `http://${host}:${port}/`, method: "GET", headers: [], expectedStatus: "200-299" }) as unknown as CheckConfig,
  tcp: (host, port) => ({ kind: "tcp", host: host.replace(/^\[|\]$/g, ""), port }) as CheckConfig,
  postgres: (host, port) => ({ kind: "postgres", connectionString: `postgresql://u:p@${host}:${port}/db` }) as CheckConfig,
  redis: (host, port) => ({ kind: "redis", url: `redis://${host}:${port}` }) as CheckConfig,
};

let listener: Server;
let port = 0;
let connections = 0;

beforeAll(async () => {
  listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0);
  await once(listener, "listening");
  port = (listener.address() as { port: number }).port;
});
afterAll(() => listener.close());

const world = (options: Parameters<typeof createOutbound>[0] = {}): ProbeWorld => ({
  http: createOutbound({
    lookup: async (host) => {
      const answers = ANSWERS[host] ?? (/localhost\.?$/.test(host) ? ["127.0.0.1", "::1"] : null);
      if (answers) return answers.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
      // Numbers are names to drivers that do not parse URLs; the system's resolver would read them as addresses.
      if (/^[0-9a-fx.]+$/i.test(host)) return [{ address: "127.0.0.1", family: 4 }];
      throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    },
    ...options,
  }),
  now: systemClock,
  checkSelf: () => Promise.reject(new Error("unused")),
  readHeartbeat: () => Promise.reject(new Error("unused")),
});

describe.each(Object.entries(KINDS))("%s", (_kind, configOf) => {
  test.each(HOSTS)("%s is blocked before any socket opens", async (host) => {
    const before = connections;
    const reading = await runProbe(world(), configOf(host, port), { timeoutMs: 2_000 });
    expect(reading.verdict).not.toBe("up");
    expect(reading.message).toMatch(/blocked by egress policy|blocked/i);
    expect(connections).toBe(before);
  });

  test("an administrator's entry opens exactly what it names", async () => {
    const before = connections;
    const opened = world({ granted: async () => [`127.0.0.1:${port}`] });
    await runProbe(opened, configOf("127.0.0.1", port), { timeoutMs: 2_000 });
    expect(connections).toBeGreaterThan(before);
    const after = connections;
    const other = await runProbe(opened, configOf("127.0.0.2", port), { timeoutMs: 2_000 });
    expect(other.message).toMatch(/blocked/i);
    expect(connections).toBe(after);
  });
});
