import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createLogger } from "../logger.ts";
import { createEdgeServer, type EdgeOptions, type EdgeServer } from "./server.ts";

const running: EdgeServer[] = [];

async function start(options: Partial<EdgeOptions>): Promise<number> {
  const log = createLogger({ level: "silent", write: () => undefined });
  const edge = createEdgeServer({
    handler: async (req, res) => {
      for await (const chunk of req) void chunk;
      res.end("ok");
    },
    trusted: [],
    security: { isHttps: false, isDev: false, hstsPreload: false },
    log,
    routeOf: () => "stub",
    ...options,
  });
  running.push(edge);
  edge.server.listen(0, "127.0.0.1");
  await once(edge.server, "listening");
  return (edge.server.address() as AddressInfo).port;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((edge) => edge.drain(100)));
});

async function open(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, "127.0.0.1").on("error", () => undefined));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  return sockets;
}

const closed = (socket: Socket) => (socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once("close", resolve)));

/** Milliseconds until liveness answers 200, trying again when the connection is dropped. */
async function livenessMs(port: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const status = await fetch(`http://127.0.0.1:${port}/health/live`, { headers: { connection: "close" } }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return performance.now() - startedAt;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("headers that trickle in are cut off in time, and health answers meanwhile", async () => {
  const port = await start({ limits: { headersTimeoutMs: 1_000, requestTimeoutMs: 2_000 } });
  const sockets = await open(port, 100);
  for (const socket of sockets) socket.resume().write("GET /api/x HTTP/1.1\r\nHost: x\r\nX-A: ");
  const drip = setInterval(() => sockets.forEach((socket) => socket.write("a")), 200);
  expect(await livenessMs(port)).toBeLessThan(1_000);
  await Promise.all(sockets.map(closed));
  clearInterval(drip);
});

test("300 bodies that trickle in are cut off in time, and health answers meanwhile", async () => {
  const port = await start({ limits: { headersTimeoutMs: 1_000, requestTimeoutMs: 2_000 } });
  const sockets = await open(port, 300);
  for (const socket of sockets) socket.resume().write("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n");
  const drip = setInterval(() => sockets.forEach((socket) => socket.write("a")), 200);
  expect(await livenessMs(port)).toBeLessThan(1_000);
  await Promise.all(sockets.map(closed));
  clearInterval(drip);
});

test("a full house of silent connections makes room for whoever speaks", async () => {
  const port = await start({ limits: { maxConnections: 50 } });
  const sockets = await open(port, 200);
  expect(await livenessMs(port)).toBeLessThan(5_000);
  for (const socket of sockets) socket.destroy();
});

test("headers larger than 16 KiB are refused", async () => {
  const port = await start({});
  const answer = await fetch(`http://127.0.0.1:${port}/api/x`, { headers: { "x-large": "a".repeat(20_000) } });
  expect(answer.status).toBe(431);
});
