import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { environment } from "./platform/config.ts";
import { testDatabase } from "./platform/testing/database.ts";

const database = testDatabase();
const LONG = { timeout: 30_000, interval: 100 };
const children: ChildProcess[] = [];

function startProcess(env: Record<string, string>) {
  const child = fork(path.join(import.meta.dirname, "worker.ts"), { env: { ...environment(), LOG_LEVEL: "info", ...env }, stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] });
  children.push(child);
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const messages: unknown[] = [];
  child.on("message", (message) => messages.push(message));
  return { child, messages, output: () => text, exit: once(child, "exit") as Promise<[number | null, string | null]> };
}

afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});

test("a worker registers, says that it is ready, and leaves cleanly when its parent goes away", async () => {
  const worker = startProcess({ DATABASE_URL: database.url });
  await expect.poll(() => worker.messages, LONG).toEqual([{ type: "ready" }]);
  await expect.poll(() => database.db.processInstance.count({ where: { role: "worker", pid: worker.child.pid } }), LONG).toBe(1);
  const [row] = await database.db.processInstance.findMany({ where: { pid: worker.child.pid } });
  expect(JSON.stringify(row?.metrics)).toContain("process_resident_memory_bytes");
  worker.child.disconnect();
  expect(await worker.exit).toEqual([0, null]);
  expect(await database.db.processInstance.count()).toBe(0);
});

test("rows of processes that died are removed by the others", async () => {
  const old = new Date(Date.now() - 61_000);
  await database.db.processInstance.create({ data: { id: "prc_dead", role: "worker", host: "h", pid: 1, version: "0", startedAt: old, lastSeenAt: old } });
  const worker = startProcess({ DATABASE_URL: database.url });
  await expect.poll(() => database.db.processInstance.count({ where: { id: "prc_dead" } }), LONG).toBe(0);
  worker.child.kill("SIGTERM");
  expect(await worker.exit).toEqual([0, null]);
});

test("without a database a worker waits, and still stops when it is told to", async () => {
  const worker = startProcess({ DATABASE_URL: "postgresql://127.0.0.1:1/none" });
  await expect.poll(() => worker.output().split("the queue cannot start yet").length, LONG).toBeGreaterThan(3);
  expect(worker.child.exitCode).toBeNull();
  worker.child.kill("SIGTERM");
  expect(await worker.exit).toEqual([0, null]);
  expect(worker.messages).toEqual([]);
});

test("an unusable environment ends it with every problem and the code of a configuration error", async () => {
  const worker = startProcess({ DATABASE_URL: "mysql://x", AUTH_SECRET: "short" });
  expect(await worker.exit).toEqual([78, null]);
  expect(worker.output()).toContain("DATABASE_URL");
  expect(worker.output()).toContain("AUTH_SECRET");
});
