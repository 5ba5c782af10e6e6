/**
 * The permission table over real HTTP: every procedure by both of its doors and every route file of app/, for every kind
 * of caller. What is refused is refused with 401 or 403 before its input is read, and leaves no trace in the audit trail.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { request, type Dispatcher } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyKindOfCaller, type KindOfCaller } from "./access/testing/callers.ts";
import { environment, parseConfig } from "./platform/config.ts";
import { trpcEndpoint } from "./platform/edge/trpc-endpoint.ts";
import { holdsRole } from "./platform/permissions.ts";
import { restEndpoint } from "./platform/rest/endpoint.ts";
import { listProcedures, type ProcedureRow } from "./platform/rest/procedures.ts";
import { testDatabase } from "./platform/testing/database.ts";
import { testServer } from "./platform/testing/http.ts";
import { mayTravel, type ProcedureMeta, type Rules } from "./platform/trpc.ts";
import { appRouter } from "./root.ts";

type RouteRow = { open: "everybody" | "signed in" | "by procedure" | `scope ${string}`; ask?: string[]; keys?: "live" };
const TABLE = path.resolve(import.meta.dirname, "routes.table.json");
const routeTable = JSON.parse(readFileSync(TABLE, "utf8")) as Record<string, RouteRow>;
const ROOT = path.resolve(import.meta.dirname, "..");
const routeFiles = globSync("app/**/{page.tsx,route.ts}", { cwd: ROOT }).sort();
const procedures = listProcedures(appRouter);
const rulesOf = (name: string): Rules => (appRouter._def.procedures as unknown as Record<string, { _def: { meta: ProcedureMeta } }>)[name]!._def.meta.rules;

/** What a call would be answered; `isAllowed` is what the committed tables promise. */
type Ask = { what: string; method: string; target: string; body?: string; headers?: Record<string, string>; isAllowed: (caller: KindOfCaller) => boolean };

const NOT_AN_INPUT = { "not an input": true };
const JSON_TYPE = { "content-type": "application/json" };

function isGranted(caller: KindOfCaller, row: ProcedureRow): boolean {
  if (caller.isDeadKey) return false;
  if (row.access === "public") return true;
  if (caller.role === null || !holdsRole(caller.role, row.access)) return false;
  if (caller.scopes === "telemetry") return row.name.startsWith("telemetry.") && row.type !== "mutation";
  return caller.scopes === "all" || (caller.scopes === "read" && row.type !== "mutation");
}

function overTrpc(row: ProcedureRow): Ask {
  const isAllowed = (caller: KindOfCaller) => isGranted(caller, row);
  const what = `trpc ${row.name}`;
  const target = `/api/trpc/${row.name}`;
  const input = JSON.stringify({ json: NOT_AN_INPUT });
  if (row.type === "mutation") return { what, method: "POST", target, body: input, headers: JSON_TYPE, isAllowed };
  const headers = row.type === "subscription" ? { accept: "text/event-stream" } : undefined;
  return { what, method: "GET", target: `${target}?input=${encodeURIComponent(input)}`, headers, isAllowed };
}

function overRest(row: ProcedureRow): Ask[] {
  if (!row.rest) return [];
  const [method = "", template = ""] = row.rest.split(" ");
  const target = `/api/v1${template.replace(/\{\w+\}/g, "none")}`;
  const isRead = method === "GET" || method === "DELETE";
  const isAllowed = (caller: KindOfCaller) => isGranted(caller, row);
  return [{ what: `rest ${row.rest}`, method, target: isRead ? `${target}?not+an+input=1` : target, isAllowed, ...(isRead ? {} : { body: JSON.stringify(NOT_AN_INPUT), headers: JSON_TYPE }) }];
}

function overRoute([file, row]: [string, RouteRow]): Ask[] {
  return (row.ask ?? []).map((one) => {
    const [method = "", target = ""] = one.split(" ");
    const isAllowed = (caller: KindOfCaller) => {
      if (caller.isDeadKey) return row.open === "everybody" && row.keys !== "live";
      return row.open === "everybody" || (caller.role !== null && caller.scopes !== "none");
    };
    // As through a proxy: callers on this machine may see the figures without a key.
    return { what: `route ${file} ${one}`, method, target, headers: { "x-forwarded-for": "198.51.100.7" }, isAllowed };
  });
}

const asks: Ask[] = [...procedures.map(overTrpc), ...procedures.flatMap(overRest), ...Object.entries(routeTable).flatMap(overRoute)];

type Module = Record<string, (request: Request, route: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>>;

/** The route files with literal paths and their parameters, as the framework would call them. */
async function fileRoutes(): Promise<Record<string, (request: Request) => Promise<Response>>> {
  const rows = Object.entries(routeTable).flatMap(([file, row]) => (row.ask ?? []).map((ask) => ({ file, target: (ask.split(" ")[1] ?? "").split("?")[0] ?? "" })));
  const loaded = await Promise.all(
    rows.map(async ({ file, target }) => {
      const module = (await import(path.join(ROOT, file))) as Module;
      const name = /\[(?:\.\.\.)?(\w+)\]/.exec(file)?.[1];
      const rest = target.split("/").slice(file.split("/").findIndex((part) => part.startsWith("[")));
      const params = name ? { [name]: file.includes("[...") ? rest : (rest[0] ?? "") } : {};
      return [target, (request: Request) => module[request.method]!(request, { params: Promise.resolve(params) })] as const;
    }),
  );
  // Longer paths first, because the first prefix wins.
  return Object.fromEntries(loaded.toSorted(([a], [b]) => b.length - a.length));
}

/** Limits are not what is tested here. */
const MANY = "100000000";
const unlimited = parseConfig({ ...environment(), RATE_LIMIT_MAX_REQUESTS: MANY, RATE_LIMIT_MAX_AUTHENTICATED: MANY, RATE_LIMIT_BURST_PER_MINUTE: MANY, WRITE_RATE_LIMIT_MAX: MANY, AUTH_RATE_LIMIT_MAX: MANY, PAGE_RATE_LIMIT_MAX: MANY, ASSET_RATE_LIMIT_MAX: MANY });
Object.assign(globalThis, { seaworthyConfig: unlimited });
afterAll(() => Object.assign(globalThis, { seaworthyConfig: undefined }));

const database = testDatabase();
const server = testServer(database, { ...(await fileRoutes()), "/api/trpc": trpcEndpoint(appRouter), "/api/v1": restEndpoint(appRouter) });

let callers: KindOfCaller[] = [];
beforeAll(async () => {
  const modules = [...new Set(["telemetry", ...procedures.map((procedure) => procedure.name.split(".")[0] ?? "")])];
  callers = await everyKindOfCaller(database.db, modules);
});

/** What operations refuse to keys although role and scope suffice: a key makes no access for others and has no second factor. */
const PEOPLE_ONLY = /API keys may not manage users, passwords or keys|Only a person has/;
const isForPeople = (ask: Ask, caller: KindOfCaller, text: string) => "authorization" in caller.headers && /access/.test(ask.what) && PEOPLE_ONLY.test(text);

/** A stream tells its refusal as its first event, after 200: the status that this event names, or 200. */
async function readStream(body: Dispatcher.ResponseData["body"]): Promise<{ status: number; text: string }> {
  let text = "";
  const deadline = setTimeout(() => body.destroy(), STREAM_MS);
  try {
    for await (const part of body) {
      text += String(part);
      const refused = /"httpStatus":(\d+)/.exec(text)?.[1];
      if (refused) return { status: Number(refused), text };
    }
  } catch (error) {
    // The deadline's end of an open stream.
    if (!body.destroyed) throw error;
  } finally {
    clearTimeout(deadline);
    body.destroy();
  }
  return { status: 200, text };
}

/** Thousands of calls: half of what fetch costs. */
async function send(ask: Ask, caller: KindOfCaller): Promise<{ status: number; text: string }> {
  const answer = await request(server.origin + ask.target, { method: ask.method as Dispatcher.HttpMethod, body: ask.body ?? null, headers: { ...ask.headers, ...caller.headers } });
  if (String(answer.headers["content-type"]).startsWith("text/event-stream")) return readStream(answer.body);
  return { status: answer.statusCode, text: await answer.body.text() };
}

/** Few enough for one process that serves and asks. */
const PARALLEL = 8;
/** A stream that was not refused by then is open. */
const STREAM_MS = 1_000;
/** Some six seconds on an idle machine. */
const ALL_CALLS_MS = 300_000;

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const open = [...items];
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    for (let item = open.pop(); item !== undefined; item = open.pop()) await work(item);
  }));
}

/** A caller who reads that the console is unhealthy, as a busy machine makes it, was let in. */
const isVerdict = (ask: Ask, status: number, text: string) => status === 503 && ask.target.startsWith("/health") && text.includes('"checks"');
const isRefusal = (status: number) => status === 401 || status === 403;

it("every page and route of app/ has a row, and every row its file", () => {
  expect(Object.keys(routeTable).sort()).toEqual(routeFiles);
  const silent = Object.entries(routeTable).filter(([file, row]) => file.endsWith("route.ts") && row.open !== "by procedure" && !row.ask?.length);
  expect(silent).toEqual([]);
});

describe("every procedure and route, by every kind of caller", () => {
  const cases = (isAllowed: boolean) => callers.flatMap((caller) => asks.filter((ask) => ask.isAllowed(caller) === isAllowed).map((ask) => ({ ask, caller })));

  it("refuses what the tables do not grant, before it reads the input, and writes nothing", async () => {
    const before = await database.db.auditEntry.count();
    const wrong: object[] = [];
    const refused = cases(false);
    await inParallel(refused, async ({ ask, caller }) => {
      const { status, text } = await send(ask, caller);
      const wanted = caller.role === null ? 401 : 403;
      if (status !== wanted) wrong.push({ caller: caller.name, ask: ask.what, wanted, status, text: text.slice(0, 200) });
    });
    expect(wrong).toEqual([]);
    expect(await database.db.auditEntry.count()).toBe(before);
    expect(refused.length).toBeGreaterThan(asks.length);
  }, ALL_CALLS_MS);

  it("lets through what they grant", async () => {
    const wrong: object[] = [];
    const granted = cases(true);
    await inParallel(granted, async ({ ask, caller }) => {
      const { status, text } = await send(ask, caller);
      const isWrong = (status >= 500 && !isVerdict(ask, status, text)) || (isRefusal(status) && !isForPeople(ask, caller, text));
      if (isWrong) wrong.push({ caller: caller.name, ask: ask.what, status, text: text.slice(0, 200) });
    });
    expect(wrong).toEqual([]);
    const total = asks.length * callers.length;
    process.stdout.write(`permission table over HTTP: ${procedures.length} procedures, ${asks.length} doors, ${callers.length} kinds of caller, ${total} calls, ${granted.length} granted\n`);
    expect(granted.length).toBeGreaterThan(asks.length);
  }, ALL_CALLS_MS);
});

describe("batches", () => {
  type Part = { result?: object; error?: { json: { message: string; data: { httpStatus: number } } } };
  const as = (name: string): Record<string, string> => callers.find((caller) => caller.name === name)?.headers ?? {};
  const EMPTY = { json: {} };

  async function batch(names: readonly string[], headers: Record<string, string>, method: "GET" | "POST" = "GET") {
    const input = JSON.stringify(Object.fromEntries(names.map((_, index) => [index, EMPTY])));
    const target = `${server.origin}/api/trpc/${names.join(",")}?batch=1`;
    const sent = method === "GET" ? fetch(`${target}&input=${encodeURIComponent(input)}`, { headers }) : fetch(target, { method: "POST", body: input, headers: { ...JSON_TYPE, ...headers } });
    const answer = await sent;
    // Headers beyond 16 KiB are refused without a body.
    const body = JSON.parse((await answer.text()) || "{}") as Part[] | Part;
    return { status: answer.status, parts: Array.isArray(body) ? body.map((part) => part.error?.json.data.httpStatus ?? 200) : [], text: JSON.stringify(body) };
  }

  it("judge each call alone, allowed beside forbidden", async () => {
    const names = ["services.list", "access.users", "queues.list", "settings.effectiveConfig", "access.me"];
    expect(await batch(names, as("viewer"))).toMatchObject({ status: 207, parts: [200, 403, 200, 403, 200] });
    expect(await batch(names, as("admin"))).toMatchObject({ status: 200, parts: [200, 200, 200, 200, 200] });
    expect((await batch(["access.setupState", ...names], {})).parts).toEqual([200, 401, 401, 401, 401, 401]);
  });

  it("of writes refuse the forbidden one without a trace", async () => {
    const before = await database.db.auditEntry.count();
    expect((await batch(["access.createUser", "settings.update", "access.createUser"], as("viewer"), "POST")).parts).toEqual([403, 403, 403]);
    expect(await database.db.auditEntry.count()).toBe(before);
  });

  it.each([11, 500])("of %i calls are refused whole", async (count) => {
    const read = await batch(Array.from({ length: count }, () => "access.me"), as("admin"));
    expect(read.parts).toEqual([]);
    expect([400, 431]).toContain(read.status);
    const write = await batch(Array.from({ length: count }, () => "access.setUp"), {}, "POST");
    expect(write).toMatchObject({ status: 400, parts: [], text: expect.stringMatching(/batch/i) });
  });

  const alone = procedures.filter((row) => row.type === "mutation" && !mayTravel(rulesOf(row.name)));

  it("never carry sign-in, restoring or deleting", async () => {
    expect(alone.map(({ name }) => name)).toEqual(expect.arrayContaining(["access.setUp", "access.acceptInvitation", "access.resetPasswordByLink", "queues.discard", "services.removeCheck", "services.restore"]));
    const wrong: object[] = [];
    for (const { name } of alone) {
      const { parts, text } = await batch([name, name], as("admin"), "POST");
      if (parts.join() !== "400,400" || !text.includes("alone, not in a batch")) wrong.push({ name, parts, text });
    }
    expect(wrong).toEqual([]);
  });

  it("may hold one such call by itself", async () => {
    const { text } = await batch(["queues.discard"], as("admin"), "POST");
    expect(text).not.toContain("alone, not in a batch");
  });
});
