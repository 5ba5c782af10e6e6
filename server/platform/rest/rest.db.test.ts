import { encode } from "next-auth/jwt";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { makeApiKey } from "../auth/api-key.ts";
import { config } from "../config.ts";
import { trpcEndpoint } from "../edge/trpc-endpoint.ts";
import { AppError } from "../errors.ts";
import { liveness, readiness, status } from "../health/endpoint.ts";
import { metrics } from "../metrics/endpoint.ts";
import { testDatabase } from "../testing/database.ts";
import { testServer } from "../testing/http.ts";
import { may, router } from "../trpc.ts";
import { restEndpoint } from "./endpoint.ts";

const Thing = z.object({ id: z.string(), name: z.string(), madeAt: z.date() });
const thing = (id: string, name = "n") => ({ id, name, madeAt: new Date(0) });

const things = router({
  things: router({
    list: may("things:list", { access: "viewer", tier: "read", rest: "GET /things", summary: "List things" })
      .input(z.object({ cursor: z.string().optional(), limit: z.coerce.number().int().min(1).max(100).default(20) }))
      .output(z.object({ items: z.array(Thing), nextCursor: z.string().nullable() }))
      .query(({ input }) => ({ items: [thing("thg_1")], nextCursor: input.cursor ? null : `after-${input.limit}` })),
    get: may("things:get", { access: "public", tier: "probe", rest: "GET /things/{id}", summary: "Show a thing" })
      .input(z.object({ id: z.string() }))
      .output(Thing)
      .query(({ input }) => {
        if (input.id === "none") throw new AppError("not_found", "There is no such thing.");
        if (input.id === "bug") throw new Error("connect ECONNREFUSED 10.1.2.3");
        return thing(input.id);
      }),
    rename: may("things:rename", { access: "editor", tier: "write", rest: "POST /things/{id}/rename", summary: "Rename a thing" })
      .input(z.object({ id: z.string(), name: z.string().min(2, "Use two characters or more") }))
      .output(Thing)
      .mutation(({ input }) => thing(input.id, input.name)),
  }),
});

const database = testDatabase();
const server = testServer(database, { "/api/v1": restEndpoint(things), "/api/trpc": trpcEndpoint(things), "/health/ready": readiness, "/health/status": status, "/health?": liveness, "/metrics": metrics });

const keys: Record<"editor" | "reader" | "scraper", string> = { editor: "", reader: "", scraper: "" };

async function addKey(ownerId: string, scopes: string[]): Promise<string> {
  const key = makeApiKey();
  await database.db.apiKey.create({ data: { id: `key_${key.prefix}`, name: "test", prefix: key.prefix, hash: key.hash, ownerId, scopes, createdAt: new Date() } });
  return key.plain;
}

beforeAll(async () => {
  const now = new Date();
  await database.db.user.create({ data: { id: "usr_editor", email: "e@example.com", name: "E", role: "editor", createdAt: now, updatedAt: now } });
  keys.editor = await addKey("usr_editor", ["*"]);
  keys.reader = await addKey("usr_editor", ["things:read"]);
  keys.scraper = await addKey("usr_editor", ["telemetry:read"]);
});

type Call = { method?: string; key?: string; body?: string; type?: string; headers?: Record<string, string> };

async function call(path: string, { method = "GET", key, body, type = "application/json", headers = {} }: Call = {}) {
  const sent = { ...headers, ...(key ? { authorization: `Bearer ${key}` } : {}), ...(body === undefined ? {} : { "content-type": type }) };
  const answer = await fetch(server.origin + path, { method, body, headers: sent });
  const text = await answer.text();
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  return { status: answer.status, headers: answer.headers, text, json: (isJson ? JSON.parse(text) : null) as Record<string, unknown> };
}

describe("REST", () => {
  test("answers plain JSON with times as text, and passes cursors through", async () => {
    const first = await call("/api/v1/things?limit=5", { key: keys.editor });
    expect(first.status).toBe(200);
    expect(first.json).toEqual({ items: [{ id: "thg_1", name: "n", madeAt: "1970-01-01T00:00:00.000Z" }], nextCursor: "after-5" });
    expect((await call("/api/v1/things?cursor=after-5", { key: keys.editor })).json.nextCursor).toBeNull();
    expect(first.headers.get("ratelimit-limit")).toBe("1000");
    expect(first.headers.get("x-ratelimit-remaining")).toBe(first.headers.get("ratelimit-remaining"));
  });

  test("takes the key in X-API-Key too", async () => {
    expect((await call("/api/v1/things", { headers: { "x-api-key": keys.reader } })).status).toBe(200);
  });

  test("writes with a JSON body", async () => {
    expect((await call("/api/v1/things/thg_2/rename", { method: "POST", key: keys.editor, body: '{"name":"new"}' })).json).toMatchObject({ id: "thg_2", name: "new" });
  });

  const rename = "/api/v1/things/thg_1/rename";
  test.each<{ why: string; path: string; status: number; code: string; how?: Call; as?: keyof typeof keys }>([
    { why: "nobody signed in", path: "/api/v1/things", status: 401, code: "unauthorized" },
    { why: "a key that does not exist", path: "/api/v1/things", how: { key: makeApiKey().plain }, status: 401, code: "unauthorized" },
    { why: "a malformed key", path: "/api/v1/things", how: { key: "nonsense" }, status: 401, code: "unauthorized" },
    { why: "a key without the scope", path: rename, as: "reader", how: { method: "POST", body: '{"name":"new"}' }, status: 403, code: "forbidden" },
    { why: "a row that is missing", path: "/api/v1/things/none", status: 404, code: "not_found" },
    { why: "a path that does not exist", path: "/api/v1/nothing/here", status: 404, code: "not_found" },
    { why: "a method that the path has not", path: "/api/v1/things", how: { method: "DELETE" }, status: 405, code: "method_not_allowed" },
    { why: "malformed JSON", path: rename, as: "editor", how: { method: "POST", body: "{" }, status: 400, code: "invalid" },
    { why: "input that breaks a rule", path: rename, as: "editor", how: { method: "POST", body: '{"name":"n"}' }, status: 400, code: "invalid" },
    { why: "a query that breaks a rule", path: "/api/v1/things?limit=101", as: "editor", status: 400, code: "invalid" },
    { why: "a form", path: rename, as: "editor", how: { method: "POST", body: "name=new", type: "application/x-www-form-urlencoded" }, status: 415, code: "unsupported_media_type" },
    { why: "a bug", path: "/api/v1/things/bug", status: 500, code: "internal" },
  ])("$why is $status as a problem document", async ({ path, how, as, status: wanted, code }) => {
    const answer = await call(path, { ...how, key: as ? keys[as] : how?.key });
    expect(answer.status).toBe(wanted);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.json).toMatchObject({ status: wanted, code, type: expect.any(String), title: expect.any(String), detail: expect.any(String), requestId: answer.headers.get("x-request-id") });
    expect(answer.text).not.toContain("10.1.2.3");
    expect(answer.headers.has("x-seaworthy-route")).toBe(false);
  });

  test("is asked again with the ETag and spares the body while nothing changed", async () => {
    const first = await call("/api/v1/things", { key: keys.editor });
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^W\/"[\w-]{16}"$/);
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    for (const known of [tag, tag.slice(2), `"other", ${tag}`, "*"]) {
      const again = await call("/api/v1/things", { key: keys.editor, headers: { "if-none-match": known } });
      expect({ known, status: again.status, text: again.text, tag: again.headers.get("etag") }).toEqual({ known, status: 304, text: "", tag });
      expect(again.headers.has("ratelimit-remaining")).toBe(true);
    }
    for (const unknown of ['W/"other"', "", tag.toLowerCase()]) {
      expect((await call("/api/v1/things", { key: keys.editor, headers: { "if-none-match": unknown } })).status).toBe(200);
    }
    expect((await call("/api/v1/things?limit=5", { key: keys.editor, headers: { "if-none-match": tag } })).status).toBe(200);
    expect((await call("/api/v1/things", { headers: { "if-none-match": tag } })).status).toBe(401);
  });

  test("keeps writes and refusals out of caches", async () => {
    const write = await call("/api/v1/things/thg_2/rename", { method: "POST", key: keys.editor, body: '{"name":"new"}' });
    expect([write.headers.get("etag"), write.headers.get("cache-control")]).toEqual([null, "no-store"]);
    expect((await call("/api/v1/things")).headers.get("cache-control")).toBe("no-store");
  });

  test("names the field that is wrong, and the methods that exist", async () => {
    expect((await call(rename, { method: "POST", key: keys.editor, body: '{"name":"n"}' })).json.fields).toEqual({ name: "Use two characters or more" });
    expect((await call("/api/v1/things", { method: "DELETE" })).headers.get("allow")).toBe("GET");
  });

  test("refuses with 429, its words and the time to wait when a limit is used up (MDL3-081, C08)", async () => {
    const key = await addKey("usr_editor", ["*"]);
    let last = await call(rename, { method: "POST", key, body: '{"name":"new"}' });
    for (let i = 0; i < 40 && last.status === 200; i++) last = await call(rename, { method: "POST", key, body: '{"name":"new"}' });
    expect(last.status).toBe(429);
    expect(last.json).toMatchObject({ error: "limit", message: "Too many changes for this caller. Wait, then try again.", retryAfter: Number(last.headers.get("retry-after")) });
    expect(last.headers.get("ratelimit-remaining")).toBe("0");
  });
});

describe("a browser led here by another site", () => {
  const evil = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  let cookie = "";

  beforeAll(async () => {
    const now = new Date();
    await database.db.session.create({ data: { id: "ses_browser", userId: "usr_editor", createdAt: now, lastSeenAt: now, expiresAt: new Date(now.getTime() + 3_600_000) } });
    cookie = `seaworthy.session=${await encode({ token: { sid: "ses_browser" }, secret: config().AUTH_SECRET })}`;
  });

  test("is signed in, so that the refusals below mean something", async () => {
    const body = '{"name":"new"}';
    expect((await call("/api/v1/things/thg_1/rename", { method: "POST", body, headers: { cookie, "sec-fetch-site": "same-origin" } })).status).toBe(200);
  });

  const types = ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain", "application/json"];
  const heads: Record<string, string>[] = [evil, { origin: "null" }, { "sec-fetch-site": "same-site" }, { origin: "http://127.0.0.1:1" }, {}];
  const forms = types.flatMap((type) => heads.map((head) => ({ type, head })));
  test.each(forms)("writes nothing with $type and $head", async ({ type, head }) => {
    for (const [path, body] of [["/api/v1/things/thg_1/rename", '{"name":"new"}'], ["/api/v1/things/thg_1/rename", ""], ["/api/trpc/things.rename", '{"json":{"id":"thg_1","name":"new"}}']] as const) {
      const answer = await call(path, { method: "POST", body, type, headers: { cookie, ...head } });
      expect([403, 415]).toContain(answer.status);
    }
  });

  test("cannot turn a read into a write", async () => {
    const headers = { cookie, ...evil, "x-http-method-override": "POST" };
    expect((await call("/api/v1/things/thg_1/rename?_method=POST", { headers })).status).toBe(405);
  });
});

test.each(["Bearer", "Bearer ", "bearer\tsw_a", "Bearer a b", "Bearer a, Bearer b", "Token sw_a", "Bearer \u00e9", `Bearer ${"k".repeat(8_000)}`, "Bearer sw_\u00d8_x", "Bearer null", 'Bearer "sw_a"', "Bearer ../../etc/passwd", "Bearer ' OR 1=1 --"])("the authorization %j is nobody's (401)", async (authorization) => {
  const answer = await call("/api/v1/things", { headers: { authorization } });
  expect(answer).toMatchObject({ status: 401, json: { code: "unauthorized" } });
});

describe("tRPC", () => {
  const input = encodeURIComponent(JSON.stringify({ json: { id: "thg_1" } }));

  test("takes ten calls in a batch and refuses eleven", async () => {
    const batch = (count: number) => {
      const inputs = Object.fromEntries(Array.from({ length: count }, (_, i) => [i, { json: { id: `thg_${i}` } }]));
      return call(`/api/trpc/${Array.from({ length: count }, () => "things.get").join(",")}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`);
    };
    expect((await batch(10)).status).toBe(200);
    expect((await batch(11)).status).toBe(400);
    const many = await call(`/api/trpc/${Array.from({ length: 500 }, () => "things.get").join(",")}?batch=1`);
    expect(many.status, "nor five hundred").toBe(400);
  });

  test("charges every call of a batch", async () => {
    const one = await call(`/api/trpc/things.get?input=${input}`);
    const inputs = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [i, { json: { id: "thg_1" } }]));
    const five = await call(`/api/trpc/${Array.from({ length: 5 }, () => "things.get").join(",")}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`);
    expect(Number(one.headers.get("ratelimit-remaining")) - Number(five.headers.get("ratelimit-remaining"))).toBe(5);
  });

  test.each(["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])("refuses a write as %s", async (type) => {
    const answer = await call("/api/trpc/things.rename", { method: "POST", key: keys.editor, body: '{"json":{"id":"thg_1","name":"new"}}', type });
    expect(answer.status).toBe(415);
  });

  test("does not write on GET", async () => {
    expect((await call(`/api/trpc/things.rename?input=${input}`, { key: keys.editor })).status).toBe(405);
  });
});

describe("health and metrics", () => {
  test("verbose health adds the database (C30)", async () => {
    expect((await call("/health?verbose=1")).json).toEqual({ status: "healthy", timestamp: expect.any(String), uptime: expect.any(Number), version: expect.any(String), database: { status: "up", responseTimeMs: expect.any(Number) } });
    expect((await call("/health?verbose=1", { key: keys.reader })).json).toHaveProperty("pool.max");
  });

  test("anonymous callers see states only, callers with a key also figures (SRV-047)", async () => {
    const anyone = await call("/health/status");
    expect(anyone.json.checks).toMatchObject({ database: { status: "up", responseTimeMs: expect.any(Number) } });
    expect(anyone.text).not.toMatch(/detail|error|max/);
    expect((await call("/health/status", { key: keys.reader })).text).toContain('"detail"');
    expect((await call("/health/ready", { key: "nonsense" })).text).not.toContain('"detail"');
  });

  test("are open to this machine, and from elsewhere only with the scope", async () => {
    const local = await call("/metrics");
    expect(local.status).toBe(200);
    for (const name of ["http_requests_total", "http_request_duration_seconds_bucket", "db_connections_active", "db_connections_idle", "db_connections_max", 'database_connections{state="idle"}', "db_query_duration_seconds_count", "# TYPE queue_depth_total gauge", "# TYPE queue_jobs_waiting gauge", "process_cpu_seconds_total", "nodejs_eventloop_lag_seconds"]) {
      expect(local.text).toContain(name);
    }
    expect(local.text).toContain('route="/api/v1/things/{id}"');
    expect(local.text).not.toContain("thg_1");
    const proxied = { "x-forwarded-for": "127.0.0.1" };
    expect((await call("/metrics", { headers: proxied })).status).toBe(401);
    expect((await call("/metrics", { headers: proxied, key: keys.reader })).status).toBe(403);
    expect((await call("/metrics", { headers: proxied, key: keys.scraper })).status).toBe(200);
  });

  test("cover the other processes as they last reported (MSG-046)", async () => {
    const metrics = [{ name: "queue_messages_processed_total", help: "h", type: "counter", values: [{ value: 7, labels: { queue: "q" } }], aggregator: "sum" }];
    const at = new Date();
    await database.db.processInstance.create({ data: { id: "prc_1", role: "worker", host: "elsewhere", pid: 1, version: "1", startedAt: at, lastSeenAt: at, metrics } });
    await database.db.processInstance.create({ data: { id: "prc_2", role: "worker", host: "gone", pid: 1, version: "1", startedAt: at, lastSeenAt: new Date(at.getTime() - 120_000), metrics } });
    expect((await call("/metrics")).text).toContain('queue_messages_processed_total{queue="q"} 7');
  });
});

test("an address that tries key after key is stopped", async () => {
  const answers: number[] = [];
  for (let i = 0; i < 110; i++) answers.push((await call("/api/v1/things", { key: makeApiKey().plain })).status);
  expect(answers[0]).toBe(401);
  expect(answers.at(-1)).toBe(429);
  expect((await call("/api/v1/things", { key: keys.editor })).status).toBe(200);
});
