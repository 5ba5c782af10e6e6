import { once } from "node:events";
import { createServer, get, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { throughDoors } from "./direct.ts";
import { openDoor, type Answer } from "./doors.ts";
import type { Handler } from "./server.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

const framework: Handler = (_req, res) => void res.end("framework");

/** Serves one door at /api/door; what it throws is told by the answer 500. */
async function start(answer: Answer, methods = ["GET", "POST"]): Promise<string> {
  openDoor("/api/door", methods, answer);
  const handler = throughDoors((path) => path.replace(/\/$/, ""), framework);
  const server = createServer((req, res) => {
    Promise.resolve(handler(req, res)).catch((error: Error) => {
      res.statusCode = 500;
      res.end(error.message);
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const say = (text: string, init?: ResponseInit): Answer => () => Promise.resolve(new Response(text, init));

describe("a route whose door is open", () => {
  test("is answered by its function, which sees method, path, query, headers and body", async () => {
    const origin = await start(async (request) => {
      const { pathname, search } = new URL(request.url);
      return Response.json({ method: request.method, path: pathname + search, name: request.headers.get("x-name"), body: await request.text() });
    });
    const answer = await fetch(`${origin}/api/door?a=%20b`, { method: "POST", headers: { "x-name": "n" }, body: "hello" });
    expect(await answer.json()).toEqual({ method: "POST", path: "/api/door?a=%20b", name: "n", body: "hello" });
    expect(answer.headers.get("content-type")).toBe("application/json");
  });

  test("keeps status, every cookie and an empty body", async () => {
    const headers = new Headers([["set-cookie", "a=1"], ["set-cookie", "b=2"], ["x-one", "1"]]);
    const origin = await start(() => Promise.resolve(new Response(null, { status: 204, headers })));
    const answer = await fetch(`${origin}/api/door`);
    expect([answer.status, answer.headers.getSetCookie(), answer.headers.get("x-one"), await answer.text()]).toEqual([204, ["a=1", "b=2"], "1", ""]);
  });

  test("answers HEAD as GET without the body", async () => {
    const origin = await start(say("hello", { headers: { etag: "x" } }));
    const answer = await fetch(`${origin}/api/door`, { method: "HEAD" });
    expect([answer.status, answer.headers.get("etag"), await answer.text()]).toEqual([200, "x", ""]);
  });

  test("passes on what its function throws", async () => {
    const origin = await start(() => Promise.reject(new Error("broken")));
    const answer = await fetch(`${origin}/api/door`);
    expect([answer.status, await answer.text()]).toEqual([500, "broken"]);
  });

  test("leaves methods that it has not, and addresses that are redirected, to the framework", async () => {
    const origin = await start(say("door"));
    const text = async (path: string, method = "GET") => (await fetch(origin + path, { method })).text();
    expect(await text("/api/door")).toBe("door");
    expect(await text("/api/door", "DELETE")).toBe("framework");
    expect(await text("/api/door/")).toBe("framework");
    expect(await text("/api/other")).toBe("framework");
    expect(await text("/page")).toBe("framework");
  });

  test("never takes the host of the request for its own address", async () => {
    const origin = await start((request) => Promise.resolve(new Response(new URL(request.url).host)));
    const req = httpRequest(`${origin}/api/door`, { headers: { host: "evil.example:1" } });
    req.end();
    const [res] = (await once(req, "response")) as [IncomingMessage];
    let body = "";
    for await (const part of res) body += String(part);
    expect(body).toBe("console");
  });
});

describe("a stream", () => {
  test("arrives part by part, and its source ends when the reader leaves", async () => {
    let cancelled = false;
    let signal: AbortSignal | undefined;
    const origin = await start((request) => {
      signal = request.signal;
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
        cancel: () => void (cancelled = true),
      });
      return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
    });
    const req = get(`${origin}/api/door`);
    const [res] = (await once(req, "response")) as [IncomingMessage];
    const [first] = (await once(res, "data")) as [Buffer];
    expect(first.toString()).toBe("data: 1\n\n");
    req.destroy();
    await vi.waitFor(() => expect([cancelled, signal?.aborted]).toEqual([true, true]));
  });

  test("is complete when it is longer than what a socket holds", async () => {
    const part = new Uint8Array(256 * 1_024);
    let left = 40;
    const origin = await start(() => {
      const body = new ReadableStream({ pull: (controller) => (left-- > 0 ? controller.enqueue(part) : controller.close()) });
      return Promise.resolve(new Response(body, { headers: { "transfer-encoding": "chunked" } }));
    });
    const answer = await fetch(`${origin}/api/door`);
    expect((await answer.arrayBuffer()).byteLength).toBe(40 * part.byteLength);
  });
});
