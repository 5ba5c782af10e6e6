import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createLogger } from "../logger.ts";
import { parseTrusted } from "./address.ts";
import { createEdgeServer, type EdgeOptions, type EdgeServer, type Handler } from "./server.ts";

type Line = { msg: string; path?: string; status?: number; route?: string; userId?: string; requestId?: string; address?: string; level: number };
type World = { edge: EdgeServer; port: number; lines: Line[] };

const running: EdgeServer[] = [];

async function start(handler: Handler, options: Partial<EdgeOptions> = {}): Promise<World> {
  const lines: Line[] = [];
  const log = createLogger({ level: "debug", write: (line) => lines.push(JSON.parse(line) as Line) });
  const edge = createEdgeServer({ handler, trusted: [], security: { isHttps: false, isDev: false, hstsPreload: false }, log, routeOf: () => "stub", ...options });
  running.push(edge);
  edge.server.listen(0, "127.0.0.1");
  await once(edge.server, "listening");
  return { edge, port: (edge.server.address() as AddressInfo).port, lines };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((edge) => edge.drain(100)));
});

type Answer = { status: number; headers: IncomingMessage["headers"]; body: string };

/** A request that may send its body in pieces and see the answer before it is done. */
function send(port: number, options: RequestOptions & { chunks?: Buffer[] } = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const req = httpRequest({ host: "127.0.0.1", port, agent: false, ...options }, (res) => {
    const parts: Buffer[] = [];
    res.on("data", (part: Buffer) => parts.push(part));
    res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(parts).toString() }));
  });
  req.on("error", reject);
  for (const chunk of options.chunks ?? []) req.write(chunk);
  req.end();
  return promise;
}

const ok: Handler = (_req, res) => void res.end("ok");

/** Reads the whole body, as a route would. */
const readAll: Handler = async (req, res) => {
  let bytes = 0;
  for await (const chunk of req) bytes += (chunk as Buffer).byteLength;
  res.end(String(bytes));
};

const MIB = 1_024 * 1_024;

describe("callers", () => {
  const echo: Handler = (req, res) => void res.end(JSON.stringify(req.headers));

  test("cannot choose their address, whatever they send", async () => {
    const { port } = await start(echo);
    const headers = { "x-forwarded-for": "6.6.6.6", "x-real-ip": "6.6.6.6", forwarded: "for=6.6.6.6", "x-seaworthy-client-address": "6.6.6.6", "x-middleware-subrequest": "x" };
    const seen = JSON.parse((await send(port, { path: "/api/x", headers })).body) as Record<string, string>;
    expect(seen["x-seaworthy-client-address"]).toBe("127.0.0.1");
    expect(JSON.stringify(seen)).not.toContain("6.6.6.6");
    expect(seen).not.toHaveProperty("x-middleware-subrequest");
  });

  test("behind a trusted proxy are told apart, and are not local", async () => {
    const { port, lines } = await start(echo, { trusted: parseTrusted(["127.0.0.0/8"]) });
    const seen = JSON.parse((await send(port, { path: "/api/x", headers: { "x-forwarded-for": "6.6.6.6, 198.51.100.7" } })).body) as Record<string, string>;
    expect(seen).toMatchObject({ "x-seaworthy-client-address": "198.51.100.7", "x-seaworthy-peer": "proxied" });
    await vi.waitFor(() => expect(lines.at(-1)?.address).toBe("198.51.100.7"));
  });

  test("get their request id back when it is well formed (SRV-079, C49)", async () => {
    const { port } = await start(ok);
    expect((await send(port, { headers: { "x-request-id": "my-request-1" } })).headers["x-request-id"]).toBe("my-request-1");
    expect((await send(port, { headers: { "x-request-id": "<bad>" } })).headers["x-request-id"]).toMatch(/^req_/);
    expect((await send(port, { headers: { "x-request-id": ["my-request-1", "my-request-2"] } })).headers["x-request-id"]).toMatch(/^req_/);
  });
});

describe("bodies", () => {
  test("up to the limit pass, declared or in chunks", async () => {
    const { port } = await start(readAll);
    const body = Buffer.alloc(MIB);
    expect((await send(port, { method: "POST", path: "/api/x", headers: { "content-length": MIB }, chunks: [body] })).body).toBe(String(MIB));
    expect((await send(port, { method: "POST", path: "/api/x", headers: { "transfer-encoding": "chunked" }, chunks: [body] })).body).toBe(String(MIB));
  });

  test.each([
    { how: "declared", headers: { "content-length": MIB + 1 } },
    { how: "in chunks", headers: { "transfer-encoding": "chunked" } },
  ])("one byte over the limit, $how, is refused with 413 before the handler has it", async ({ headers }) => {
    let received = 0;
    const handler: Handler = async (req, res) => {
      for await (const chunk of req) received += (chunk as Buffer).byteLength;
      res.end("never");
    };
    const { port } = await start(handler);
    const answer = await send(port, { method: "POST", path: "/api/x", headers, chunks: [Buffer.alloc(MIB), Buffer.alloc(1)] });
    expect(answer.status).toBe(413);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(answer.body)).toMatchObject({ code: "too_large", status: 413, requestId: answer.headers["x-request-id"] });
    expect(received).toBeLessThanOrEqual(MIB);
  });

  test("without end are cut, and cost no memory", async () => {
    const { port } = await start(readAll);
    const before = process.memoryUsage.rss();
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("POST /api/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const chunk = Buffer.concat([Buffer.from("40000\r\n"), Buffer.alloc(0x40000), Buffer.from("\r\n")]);
    let answer = "";
    let written = 0;
    socket.on("data", (data) => (answer += data.toString()));
    const pump = () => {
      while (!socket.destroyed && written < 300 * MIB && socket.write(chunk)) written += chunk.byteLength;
    };
    socket.on("drain", pump);
    pump();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(answer).toContain("413");
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MIB);
  });

  test("announced with Expect: 100-continue are refused before they are sent", async () => {
    const { port } = await start(readAll);
    const req = httpRequest({ host: "127.0.0.1", port, method: "POST", path: "/api/x", headers: { expect: "100-continue", "content-length": 5 * MIB } });
    let isInvited = false;
    req.on("continue", () => (isInvited = true));
    req.flushHeaders();
    const [res] = (await once(req, "response")) as [IncomingMessage];
    expect(res.statusCode).toBe(413);
    expect(isInvited).toBe(false);
    req.destroy();
  });
});

describe("methods and targets", () => {
  test("pages are only read, and the refusal names what is allowed", async () => {
    const { port } = await start(ok);
    const answer = await send(port, { method: "POST", path: "/services", headers: { "next-action": "x" } });
    expect(answer).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    expect((await send(port, { method: "TRACE", path: "/api/x" })).status).toBe(405);
  });

  test.each(["http://other.example/", "//other.example/x", "/health/../api/trpc/services.list", "/_next/%2e%2e/api/v1", "/api\\v1"])("the target %s is refused before anybody reads it", async (path) => {
    let isReached = false;
    const { port } = await start(() => void (isReached = true));
    const answer = await send(port, { path });
    expect(answer).toMatchObject({ status: 400, headers: { "content-type": "application/problem+json" } });
    expect(answer.headers).not.toHaveProperty("location");
    expect(isReached).toBe(false);
  });

  test("a header or a query cannot change the method", async () => {
    const { port } = await start((req, res) => void res.end(JSON.stringify({ method: req.method, headers: req.headers })));
    const headers = { "x-http-method-override": "DELETE", "x-http-method": "DELETE", "x-method-override": "DELETE" };
    const seen = (await send(port, { path: "/api/x?_method=DELETE", headers })).body;
    expect(JSON.parse(seen)).toMatchObject({ method: "GET" });
    expect(seen).not.toContain("DELETE");
  });

  test.each([
    { what: "a bare line feed in a header", raw: "GET /api/x HTTP/1.1\r\nHost: x\r\nX-A: a\nX-Seaworthy-Client-Address: 6.6.6.6\r\n\r\n" },
    { what: "a folded header", raw: "GET /api/x HTTP/1.1\r\nHost: x\r\nX-Request-Id: abcd-1234\r\n\tinjected\r\n\r\n" },
    { what: "a zero byte in a header", raw: "GET /api/x HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n" },
    { what: "a blank before the colon", raw: "GET /api/x HTTP/1.1\r\nHost: x\r\nX-Forwarded-For : 6.6.6.6\r\n\r\n" },
    { what: "a length and chunks", raw: "POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/smuggled HTTP/1.1\r\nHost: x\r\n\r\n" },
    { what: "two lengths", raw: "POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 44\r\n\r\n" },
    { what: "no host", raw: "GET /api/x HTTP/1.1\r\n\r\n" },
  ])("$what ends the connection with 400", async ({ raw }) => {
    const seen: (string | undefined)[] = [];
    const { port } = await start((req, res) => {
      seen.push(req.url);
      res.end("reached");
    });
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (data) => (answer += data.toString()));
    socket.on("error", () => undefined);
    socket.write(raw);
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(seen).toEqual([]);
  });
});

describe("answers", () => {
  test("carry every security header once, and pages a nonce of their own", async () => {
    const { port } = await start((req, res) => void res.end(String(req.headers["x-nonce"])));
    const first = await send(port, { path: "/" });
    const second = await send(port, { path: "/" });
    expect(first.headers["content-security-policy"]).toContain(`'nonce-${first.body}'`);
    expect(first.body).not.toBe(second.body);
    for (const name of ["x-content-type-options", "x-frame-options", "referrer-policy", "permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"]) {
      expect(String(first.headers[name])).not.toContain(", nosniff,");
      expect(first.headers).toHaveProperty(name);
    }
    expect(first.headers).not.toHaveProperty("x-powered-by");
    const api = await send(port, { path: "/api/x" });
    expect(api.headers["content-security-policy"]).toMatch(/^default-src 'none'/);
    expect(api.body).toBe("undefined");
    expect(api.headers["cross-origin-resource-policy"]).toBe("same-origin");
    const badge = await send(port, { path: "/badge/coverage/shop.svg" });
    expect(badge.headers["content-security-policy"]).toMatch(/^default-src 'none'/);
    expect(badge.headers["cross-origin-resource-policy"]).toBe("cross-origin");
  });

  test("that wait for a slow reader leave no listener behind, compressed or not", async () => {
    const counts: number[] = [];
    const { port } = await start(async (_req, res) => {
      res.setHeader("content-type", "text/plain");
      for (let chunk = 0; chunk < 60; chunk++) {
        // Noise, so that the compressor is what the writer waits for.
        if (!res.write(randomBytes(64 * 1_024).toString("base64"))) await once(res, "drain");
        counts.push(res.listenerCount("drain"));
      }
      res.end();
    });
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on("warning", hear);
    for (const headers of [{ "accept-encoding": "gzip" }, {}]) expect((await send(port, { path: "/api/large", headers })).status).toBe(200);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", hear);
    expect(warnings).toEqual([]);
    expect(Math.max(...counts)).toBeLessThan(5);
  });

  test("above 1 KiB are compressed, below and streams are not", async () => {
    const handler: Handler = (req, res) => {
      res.setHeader("content-type", req.url === "/api/stream" ? "text/event-stream" : "text/plain");
      res.end("x".repeat(req.url === "/api/small" ? 100 : 5_000));
    };
    const { port } = await start(handler);
    const headers = { "accept-encoding": "gzip" };
    expect((await send(port, { path: "/api/large", headers })).headers["content-encoding"]).toBe("gzip");
    expect((await send(port, { path: "/api/small", headers })).headers).not.toHaveProperty("content-encoding");
    expect((await send(port, { path: "/api/stream", headers })).headers).not.toHaveProperty("content-encoding");
  });

  test("of a handler that throws are a problem document without the cause", async () => {
    const { port, lines } = await start(() => Promise.reject(new Error("secret detail")));
    const answer = await send(port, { path: "/api/x" });
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain("secret detail");
    expect(lines.some((line) => line.msg === "request failed" && line.requestId === answer.headers["x-request-id"])).toBe(true);
  });

  test("are logged once, with what the route told and without its notes to the edge", async () => {
    const handler: Handler = (_req, res) => {
      res.setHeader("x-seaworthy-route", "/api/v1/things/{id}");
      res.setHeader("x-seaworthy-caller", "usr_1");
      res.end("ok");
    };
    const { port, lines } = await start(handler);
    const answer = await send(port, { path: "/api/v1/things/thg_1?token=secret" });
    expect(answer.headers).not.toHaveProperty("x-seaworthy-route");
    await vi.waitFor(() => expect(lines.filter((line) => line.msg === "request")).toHaveLength(1));
    expect(lines.find((line) => line.msg === "request")).toMatchObject({ path: "/api/v1/things/thg_1", route: "/api/v1/things/{id}", userId: "usr_1", status: 200 });
    expect(JSON.stringify(lines)).not.toContain("secret");
  });
});

describe("under load", () => {
  test("more requests than may be worked on are refused at once with 503, while health answers", async () => {
    const gate = Promise.withResolvers<void>();
    const { port } = await start(async (_req, res) => gate.promise.then(() => void res.end("ok")), { limits: { maxInFlight: 4 } });
    const held = Array.from({ length: 4 }, () => send(port, { path: "/api/x" }));
    await vi.waitFor(async () => expect((await send(port, { path: "/api/x" })).status).toBe(503));
    const refused = await send(port, { path: "/api/x" });
    expect(refused.headers["retry-after"]).toBe("1");
    // A refused read has no body to wait for, so its connection is kept: new ones are what a busy process is slowest at.
    const kept = new Agent({ keepAlive: true });
    expect((await send(port, { path: "/api/x", agent: kept, headers: { connection: "keep-alive" } })).headers.connection).toBe("keep-alive");
    kept.destroy();
    expect((await send(port, { path: "/health/live" })).status).toBe(200);
    expect((await send(port, { path: "/health" })).status).toBe(200);
    gate.resolve();
    expect((await Promise.all(held)).map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    expect((await send(port, { path: "/api/x" })).status).toBe(200);
  });

  test("open streams do not count as work", async () => {
    const stream: Handler = (req, res) => {
      if (req.url !== "/api/stream") return void res.end("ok");
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.write(": hello\n\n");
    };
    const { port } = await start(stream, { limits: { maxInFlight: 2 } });
    const streams = Array.from({ length: 5 }, () => httpRequest({ host: "127.0.0.1", port, path: "/api/stream", agent: false }).end());
    await Promise.all(streams.map((req) => once(req, "response")));
    expect((await send(port, { path: "/api/x" })).status).toBe(200);
    for (const req of streams) req.destroy();
  });
});

describe("draining", () => {
  test("lets requests finish, ends streams, closes idle and silent connections and refuses new ones", async () => {
    const gate = Promise.withResolvers<void>();
    const handler: Handler = async (req, res) => {
      if (req.url === "/api/stream") {
        res.writeHead(200, { "content-type": "text/event-stream" });
        res.write(": hello\n\n");
        return;
      }
      await gate.promise;
      res.end("finished");
    };
    const { edge, port } = await start(handler);
    const silent = connect(port, "127.0.0.1");
    await once(silent, "connect");
    const stream = httpRequest({ host: "127.0.0.1", port, path: "/api/stream", agent: false }).end();
    const [streamed] = (await once(stream, "response")) as [IncomingMessage];
    streamed.resume();
    const slow = send(port, { path: "/api/slow" });
    await vi.waitFor(() => new Promise<void>((resolve, reject) => edge.server.getConnections((_error, count) => (count === 3 ? resolve() : reject(new Error(String(count)))))));
    const drained = edge.drain(5_000);
    await once(streamed, "end");
    await once(silent, "close");
    await expect(send(port, { path: "/api/new" })).rejects.toThrow("ECONNREFUSED");
    gate.resolve();
    const answer = await slow;
    expect(answer).toMatchObject({ status: 200, body: "finished", headers: { connection: "close" } });
    await drained;
  });

  test("cuts what does not finish in time", async () => {
    const { edge, port } = await start(() => Promise.withResolvers<void>().promise);
    const hanging = send(port, { path: "/api/x" });
    const ended = hanging.then(
      () => "answered",
      (error: Error) => error.message,
    );
    await vi.waitFor(() => new Promise<void>((resolve, reject) => edge.server.getConnections((_error, count) => (count === 1 ? resolve() : reject(new Error("none"))))));
    const startedAt = performance.now();
    await edge.drain(200);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(await ended).toMatch(/hang up|reset/i);
  });
});
