/** The console's database is refused, hung and cut while people read and write over real HTTP. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { incomingMessageToRequest } from "@trpc/server/adapters/node-http";
import { encode } from "next-auth/jwt";
import { createServer, type Server } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { makeUser, signedIn } from "../../access/testing/people.ts";
import { appRouter } from "../../root.ts";
import { databaseAwaySince } from "../breaker/database-guard.ts";
import { breakerPhases } from "../breaker/figures.ts";
import { config } from "../config.ts";
import { openDatabase, type Database } from "../db.ts";
import { createLogger } from "../logger.ts";
import type { RunningLoop } from "../loops.ts";
import { restEndpoint } from "../rest/endpoint.ts";
import { testDatabase } from "../testing/database.ts";
import { flakyProxy, type FlakyProxy } from "../testing/flaky-proxy.ts";
import { snapshotPath } from "./file.ts";
import { snapshot, startKeeper } from "./keeper.ts";

const direct = testDatabase();
const dataDir = mkdtempSync(path.join(os.tmpdir(), "sw-outage-"));
const log = createLogger({ level: "silent", write: () => undefined });

let proxy: FlakyProxy;
let own: Database;
let keeper: RunningLoop;
let server: Server;
let origin = "";

beforeAll(async () => {
  const target = new URL(direct.url);
  proxy = await flakyProxy({ host: target.hostname, port: Number(target.port) });
  own = openDatabase({ url: proxy.url(direct.url), poolMax: 5, queryTimeoutMs: 10_000, connectTimeoutMs: 10_000, applicationName: "outage test" });
  Object.assign(globalThis, { seaworthyDatabase: own });
  keeper = await startKeeper({ database: own, dataDir, log });
  const rest = restEndpoint(appRouter);
  server = createServer((req, res) => {
    void rest(incomingMessageToRequest(req, res, { maxBodySize: null })).then(async (answer) => {
      res.writeHead(answer.status, Object.fromEntries(answer.headers));
      res.end(await answer.text());
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
});

afterEach(async () => {
  await proxy.set("fine");
  await vi.waitUntil(() => !isAway(), { timeout: 5_000 });
});

afterAll(async () => {
  await proxy.set("fine");
  await keeper.stop();
  server.closeAllConnections();
  server.close();
  await own.close();
  await proxy.close();
  Object.assign(globalThis, { seaworthyDatabase: undefined, seaworthySnapshot: undefined });
  rmSync(dataDir, { recursive: true, force: true });
});

type Reply = { status: number; ms: number; body: Record<string, unknown>; lastKnown: string | null; retryAfter: string | null };

async function person(role: "admin" | "editor" | "viewer") {
  const { sessionId } = await signedIn(direct.db, await makeUser(direct.db, role));
  const cookie = `seaworthy.session=${await encode({ token: { sid: sessionId }, secret: config().AUTH_SECRET })}`;
  const call = async (method: string, to: string, body?: unknown): Promise<Reply> => {
    const startedAt = performance.now();
    const answer = await fetch(`${origin}${to}`, { method, headers: { cookie, "sec-fetch-site": "same-origin", ...(body ? { "content-type": "application/json" } : {}) }, body: body ? JSON.stringify(body) : undefined });
    return { status: answer.status, ms: performance.now() - startedAt, body: (await answer.json()) as Record<string, unknown>, lastKnown: answer.headers.get("x-seaworthy-last-known"), retryAfter: answer.headers.get("retry-after") };
  };
  return { sessionId, get: (to: string) => call("GET", to), patch: (to: string, body: unknown) => call("PATCH", to, body) };
}

const isAway = () => databaseAwaySince() !== null;

/** Longest that people wait for an answer, whatever the database does: four missing signs of life, then some. */
const PATIENCE_MS = 5_000;

describe.each(["refuse", "hang"] as const)("the database will %s", (weather) => {
  test("reads answer with last known facts, changes are refused, and it is over by itself", async () => {
    const maya = await person("admin");
    const stranger = await person("admin");
    const fresh = await maya.get("/services/summary");
    expect(fresh).toMatchObject({ status: 200, lastKnown: null });

    await proxy.set(weather);
    const first = await maya.get("/services/summary");
    expect(first).toMatchObject({ status: 200, body: { ...fresh.body, lastKnown: { at: expect.any(String), since: expect.any(String) } } });
    expect(first.lastKnown).not.toBeNull();
    expect(first.ms).toBeLessThan(PATIENCE_MS);
    await expect.poll(isAway, { timeout: PATIENCE_MS }).toBe(true);
    expect(breakerPhases().get("database")).not.toBe("closed");

    const later = await maya.get("/services/summary");
    expect(later).toMatchObject({ status: 200 });
    expect(later.ms).toBeLessThan(500);
    // Never asked before, so nothing is known of it.
    expect(await maya.get("/services?filter=never")).toMatchObject({ status: 503, retryAfter: "5", body: { code: "unavailable" } });
    const change = await maya.patch("/settings", { revision: 0, values: { instanceName: "Lost" } });
    expect(change).toMatchObject({ status: 503, body: { code: "unavailable", detail: expect.stringContaining("Nothing was changed") } });
    expect(change.ms).toBeLessThan(500);
    // Nobody can say who this is.
    expect(await stranger.get("/services/summary")).toMatchObject({ status: 503 });

    await proxy.set("fine");
    await expect.poll(isAway, { timeout: 5_000 }).toBe(false);
    expect(await maya.get("/services/summary")).toMatchObject({ status: 200, lastKnown: null });
    expect(await stranger.get("/services/summary")).toMatchObject({ status: 200, lastKnown: null });
    expect(await maya.patch("/settings", { revision: 0, values: {} })).toMatchObject({ status: expect.toBeOneOf([200, 409]) });
  });
});

test("roles keep apart: an editor's facts are not a viewer's", async () => {
  const [maya, vera] = [await person("editor"), await person("viewer")];
  expect(await maya.get("/services/facets")).toMatchObject({ status: 200 });
  expect(await vera.get("/services/summary?filter=x")).toMatchObject({ status: 200 });
  await proxy.set("refuse");
  await expect.poll(isAway, { timeout: 5_000 }).toBe(true);
  expect(await maya.get("/services/facets")).toMatchObject({ status: 200 });
  expect(await vera.get("/services/facets")).toMatchObject({ status: 503 });
  expect(await vera.get("/settings/environment"), "a viewer may not, outage or not").toMatchObject({ status: 403 });
});

test("a session that ended before the outage is not remembered", async () => {
  const maya = await person("admin");
  await maya.get("/services/summary");
  await direct.db.session.update({ where: { id: maya.sessionId }, data: { revokedAt: new Date() } });
  await snapshot().callers.vouch(direct.db, new Date());
  await proxy.set("refuse");
  await expect.poll(isAway, { timeout: 5_000 }).toBe(true);
  expect(await maya.get("/services/summary")).toMatchObject({ status: 503 });
});

test("connections that were cut in between are not seen by readers", async () => {
  const maya = await person("admin");
  await maya.get("/services/summary");
  await proxy.set("refuse");
  await proxy.set("fine");
  const replies = await Promise.all(Array.from({ length: 12 }, () => maya.get("/services/summary")));
  expect(replies.map(({ status, lastKnown }) => [status, lastKnown])).toEqual(replies.map(() => [200, null]));
});

test("a database two seconds away for each word: people read on, and nothing piles up", async () => {
  const maya = await person("admin");
  await maya.get("/services/summary");
  await proxy.set("slow");
  // More than the pool has connections.
  const replies = await Promise.all(Array.from({ length: 6 }, () => maya.get("/services/summary")));
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
  expect(Math.max(...replies.map(({ ms }) => ms))).toBeLessThan(PATIENCE_MS);
  await expect.poll(() => own.pool.waitingCount, { timeout: 15_000 }).toBe(0);
});

test("a slow question is slow, not an outage", async () => {
  const maya = await person("admin");
  await maya.get("/services/summary");
  const [row] = await own.client.$queryRaw<{ ok: boolean }[]>`SELECT true AS ok FROM pg_sleep(2)`;
  expect(row?.ok).toBe(true);
  expect(isAway()).toBe(false);
  expect(await maya.get("/services/summary")).toMatchObject({ status: 200, lastKnown: null });
});

test("the facts are on disk, private, and a process that starts during an outage has them", async () => {
  const maya = await person("admin");
  await maya.get("/services/summary");
  await keeper.stop();
  const file = snapshotPath(dataDir);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8"), "no session id, only its hash").not.toContain(maya.sessionId);
  Object.assign(globalThis, { seaworthySnapshot: undefined });
  await proxy.set("refuse");
  keeper = await startKeeper({ database: own, dataDir, log });
  await expect.poll(isAway, { timeout: 5_000 }).toBe(true);
  const reply = await maya.get("/services/summary");
  expect(reply).toMatchObject({ status: 200 });
  expect(reply.lastKnown).not.toBeNull();
});
