import { describe, expect, test } from "vitest";
import * as z from "zod";
import { may, router } from "../trpc.ts";
import { openApiDocument } from "./document.ts";
import { readInput } from "./input.ts";
import { findRoute, restRoutes } from "./route-table.ts";

const Thing = z.object({ id: z.string(), size: z.int(), madeAt: z.date() });

const things = router({
  things: router({
    list: may("things:list", { access: "viewer", tier: "read", rest: "GET /things", summary: "List things" })
      .input(z.object({ cursor: z.string().optional(), limit: z.coerce.number().int().min(1).max(100).default(20), tags: z.array(z.string()).optional() }))
      .output(z.object({ items: z.array(Thing), nextCursor: z.string().nullable() }))
      .query(() => ({ items: [], nextCursor: null })),
    latest: may("things:latest", { access: "public", tier: "read", rest: "GET /things/latest", summary: "Show the latest thing" })
      .input(z.object({}))
      .output(Thing)
      .query(() => ({ id: "thg_1", size: 1, madeAt: new Date(0) })),
    rename: may("things:rename", { access: "editor", tier: "write", rest: "POST /things/{id}/rename", summary: "Rename a thing" })
      .input(z.object({ id: z.string(), name: z.string() }))
      .output(Thing)
      .mutation(({ input }) => ({ id: input.id, size: 1, madeAt: new Date(0) })),
    get: may("things:get", { access: "viewer", tier: "read", rest: "GET /things/{id}", summary: "Show a thing" })
      .input(z.object({ id: z.string() }))
      .output(Thing)
      .query(({ input }) => ({ id: input.id, size: 1, madeAt: new Date(0) })),
  }),
});

const routes = restRoutes(things);

describe("route table", () => {
  test.each([
    { method: "GET", path: "/things", procedure: "things.list", params: {} },
    { method: "HEAD", path: "/things", procedure: "things.list", params: {} },
    { method: "GET", path: "/things/latest", procedure: "things.latest", params: {} },
    { method: "GET", path: "/things/thg_9", procedure: "things.get", params: { id: "thg_9" } },
    { method: "GET", path: "/things/a%20b", procedure: "things.get", params: { id: "a b" } },
    { method: "POST", path: "/things/thg_9/rename", procedure: "things.rename", params: { id: "thg_9" } },
  ])("$method $path is $procedure", ({ method, path, procedure, params }) => {
    expect(findRoute(routes, method, path)).toMatchObject({ kind: "route", route: { procedure }, params });
  });

  test("tells an unknown path from a method that is not there", () => {
    expect(findRoute(routes, "GET", "/nothing")).toEqual({ kind: "none" });
    expect(findRoute(routes, "GET", "/things/%")).toEqual({ kind: "none" });
    expect(findRoute(routes, "DELETE", "/things")).toEqual({ kind: "method", allow: ["GET"] });
  });
});

describe("input", () => {
  const at = (method: string, path: string) => {
    const found = findRoute(routes, method, path);
    if (found.kind !== "route") throw new Error("no route");
    return found;
  };

  test("gathers a query string, with lists as lists", async () => {
    const { route, params } = at("GET", "/things");
    const request = new Request("http://x/api/v1/things?limit=5&tags=a");
    expect(await readInput(request, route, params)).toEqual({ limit: "5", tags: ["a"] });
  });

  test("lets the path win over the body", async () => {
    const { route, params } = at("POST", "/things/thg_9/rename");
    const request = new Request("http://x/", { method: "POST", headers: { "content-type": "application/json" }, body: '{"id":"thg_1","name":"n"}' });
    expect(await readInput(request, route, params)).toEqual({ id: "thg_9", name: "n" });
  });

  test.each([
    { what: "malformed", body: "{", type: "application/json", says: "not valid JSON" },
    { what: "a list", body: "[]", type: "application/json", says: "must be a JSON object" },
    { what: "nested deeply", body: `${'{"a":'.repeat(200)}1${"}".repeat(200)}`, type: "application/json", says: "nested deeper" },
    { what: "a form", body: "a=b", type: "application/x-www-form-urlencoded", says: "application/json" },
  ])("refuses a body that is $what", async ({ body, type, says }) => {
    const { route, params } = at("POST", "/things/thg_9/rename");
    const request = new Request("http://x/", { method: "POST", headers: { "content-type": type }, body });
    await expect(readInput(request, route, params)).rejects.toThrow(says);
  });
});

describe("OpenAPI document", () => {
  type Operation = { security: object[]; parameters: { name: string; in: string }[]; requestBody?: object; responses: Record<string, { content: object }> };
  const document = openApiDocument(things, "https://console.example") as { openapi: string; servers: object[]; paths: Record<string, Record<string, Operation>>; components: { schemas: object; securitySchemes: object } };

  test("names this instance and both ways to sign in", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.servers).toEqual([{ url: "https://console.example/api/v1" }]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(["apiKey", "session"]);
  });

  test("describes parameters, bodies and problems", () => {
    const rename = document.paths["/things/{id}/rename"]?.post;
    expect(rename?.parameters).toMatchObject([{ name: "id", in: "path" }]);
    expect(JSON.stringify(rename?.requestBody)).toContain('"name"');
    expect(JSON.stringify(rename?.requestBody)).not.toContain('"id"');
    expect(rename?.responses["409"]?.content).toEqual({ "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } });
    expect(document.paths["/things/latest"]?.get?.security).toEqual([]);
    expect(document.paths["/things"]?.get?.parameters.map((parameter) => parameter.name)).toEqual(["cursor", "limit", "tags"]);
  });

  test("shows times as date-time and no limits that nobody set", () => {
    const text = JSON.stringify(document);
    expect(text).toContain('"format":"date-time"');
    expect(text).not.toContain("9007199254740991");
  });
});
