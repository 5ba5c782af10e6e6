import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { openDatabase } from "../db.ts";
import { checkHealth } from "./check.ts";

test("a database that accepts and never answers is reported in time, and callers share the wait (PDF-023)", async () => {
  const sockets = new Set<Socket>();
  const hole = createServer((socket) => sockets.add(socket));
  hole.listen(0, "127.0.0.1");
  await once(hole, "listening");
  const { port } = hole.address() as AddressInfo;
  const database = openDatabase({ url: `postgresql://u:p@127.0.0.1:${port}/d`, poolMax: 2, queryTimeoutMs: 10_000, connectTimeoutMs: 3_000, applicationName: "test" });
  const world = { db: database.client, now: systemClock };
  const startedAt = performance.now();
  const [first, second] = await Promise.all([checkHealth(world), checkHealth(world)]);
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  expect(first).toBe(second);
  expect(first.status).toBe("unhealthy");
  expect(first.checks).toMatchObject({ database: { status: "down" }, queue: { status: "down" }, memory: { status: "up" } });
  for (const socket of sockets) socket.destroy();
  hole.close();
  await database.close();
});
