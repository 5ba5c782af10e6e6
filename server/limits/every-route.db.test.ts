/**
 * Every route of the product is driven over its limit through the real edge: each file of app/ and, where there is a build, each
 * entry of its manifest. Routes whose procedures are charged one by one are driven in every-procedure.db.test.ts; here what
 * lies beside them is: names that do not exist.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { tierOfPath } from "../platform/edge/route-tiers.ts";
import { trpcEndpoint } from "../platform/edge/trpc-endpoint.ts";
import { refreshPolicy } from "../platform/limiter/policy.ts";
import { REFUSAL, WINDOW_NAMES } from "../platform/limiter/tiers.ts";
import { restEndpoint } from "../platform/rest/endpoint.ts";
import { testDatabase } from "../platform/testing/database.ts";
import { testServer } from "../platform/testing/http.ts";
import { appRouter } from "../root.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const MANIFEST = path.join(ROOT, ".next/app-path-routes-manifest.json");

/** "app/(console)/services/[slug]/page.tsx" → "/services/x" */
const pathOfFile = (file: string): string => pathOfTemplate(`/${path.posix.dirname(file).split("/").slice(1).filter((part) => !part.startsWith("(")).join("/")}`);
const pathOfTemplate = (template: string): string => template.replace(/\[\[?(\.\.\.)?\w+\]?\]/g, "x");

const ofFiles = globSync("app/**/{page.tsx,route.ts}", { cwd: ROOT }).map((file) => pathOfFile(file.split(path.sep).join("/")));
const ofBuild = existsSync(MANIFEST) ? Object.values(JSON.parse(readFileSync(MANIFEST, "utf8")) as Record<string, string>).map(pathOfTemplate) : [];
const files = ["/_next/static/chunks/x.js", "/mark.svg", "/favicon.ico", "/nothing/here"];
const routes = [...new Set([...ofFiles, ...ofBuild, ...files])].filter((route) => tierOfPath(route) !== null).sort();

const database = testDatabase();
const server = testServer(database, { "/api/trpc": trpcEndpoint(appRouter), "/api/v1/openapi.json": () => Response.json({}), "/api/v1": restEndpoint(appRouter), "/": () => new Response("here") });

/** Each question starts with a count of its own. */
const forget = () => Object.assign(globalThis, { seaworthyLimiter: undefined });

beforeAll(async () => {
  const stamp = { updatedAt: new Date(), updatedBy: "test" };
  await database.db.limitRule.createMany({ data: WINDOW_NAMES.map((window) => ({ window, max: 1, ...stamp })) });
  await refreshPolicy(database.db);
});

async function expectRefused(answer: Response): Promise<void> {
  expect(answer.status).toBe(429);
  for (const family of ["ratelimit", "x-ratelimit"]) {
    expect(answer.headers.get(`${family}-limit`)).toBe("1");
    expect(answer.headers.get(`${family}-remaining`)).toBe("0");
    expect(Number(answer.headers.get(`${family}-reset`))).toBeGreaterThan(0);
  }
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
}

let driven = 0;

describe("over its limit, every route answers 429 with both families of headers (C09)", () => {
  test.each(routes)("%s", async (route) => {
    forget();
    const first = await fetch(server.origin + route, { redirect: "manual" });
    await first.arrayBuffer();
    expect(first.status).not.toBe(429);
    expect(first.headers.get("ratelimit-limit")).toBe("1");
    const second = await fetch(server.origin + route, { redirect: "manual" });
    await expectRefused(second);
    expect(await second.json()).toMatchObject({ code: "limit", message: REFUSAL[tierOfPath(route) ?? "page"] });
    driven += 1;
  });

  test("none was left out, and the build knows no other", () => {
    expect(driven).toBe(routes.length);
    expect(ofFiles.length).toBeGreaterThan(30);
    const known = new Set(ofFiles);
    expect(ofBuild.filter((route) => !known.has(route) && !["/_not-found", "/_global-error"].includes(route))).toEqual([]);
    process.stdout.write(`limits: ${driven} routes beside the procedures driven over their limit\n`);
  });
});

describe("what no procedure answers is charged too", () => {
  test.each([
    ["an address of the API that does not exist", "GET", "/api/v1/nothing/here", 404],
    ["a method that an address does not answer", "PUT", "/api/v1/services", 405],
  ])("%s", async (...[, method, route, status]) => {
    forget();
    const first = await fetch(server.origin + route, { method });
    await first.arrayBuffer();
    expect(first.status).toBe(status);
    await expectRefused(await fetch(server.origin + route, { method }));
  });

  test("a procedure that does not exist", async () => {
    forget();
    const ask = () => fetch(`${server.origin}/api/trpc/services.nothing`);
    const first = await ask();
    await first.arrayBuffer();
    expect(first.status).toBe(404);
    await expectRefused(await ask());
  });
});
