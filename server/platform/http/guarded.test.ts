import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOutbound } from "./guarded.ts";
import { OutboundError, type OutboundRequest } from "./outbound.ts";
import { nextHop, type Hop } from "./redirects.ts";

type Seen = { url: string; method: string; headers: IncomingMessage["headers"]; body: string };

let seen: Seen[] = [];
let servers: Server[] = [];
let [here, there] = ["", ""];
let metadataCalls = 0;

/** Answers by path; remembers every request. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const url = request.url ?? "";
    seen.push({ url, method: request.method ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() });
    const to = /^\/to\/(\d+)\/(.*)$/.exec(url);
    if (to) return void response.writeHead(Number(to[1]), { location: decodeURIComponent(to[2] ?? "") }).end();
    if (url === "/loop") return void response.writeHead(302, { location: "/loop" }).end();
    const packed = { "/gzip": gzipSync, "/br": brotliCompressSync, "/deflate": deflateSync }[url];
    if (packed) return void response.writeHead(200, { "content-encoding": url.slice(1) }).end(packed("unpacked"));
    if (url === "/broken-gzip") return void response.writeHead(200, { "content-encoding": "gzip" }).end("not gzip at all");
    if (url === "/long") return void response.end("x".repeat(5_000));
    if (url === "/slow") return void setTimeout(() => response.end("slow"), 300);
    if (url === "/many") response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.end(`hello ${url}`);
  });
}

const listen = async (): Promise<string> => {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  [here, there] = [await listen(), await listen()];
});
afterAll(() => {
  for (const server of servers) server.close();
  servers = [];
});

const outbound = createOutbound({
  allow: ["127.0.0.1"],
  lookup: async (host) => {
    if (host.startsWith("metadata")) metadataCalls++;
    return [{ address: host === "both.test" ? "127.0.0.1" : "169.254.169.254", family: 4 }];
  },
});
const call = (url: string, more: Partial<OutboundRequest> = {}) => {
  seen = [];
  return outbound.request({ url, timeoutMs: 3_000, maxBodyBytes: 1_000, ...more });
};
const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (thrown: unknown) => thrown);
  return error instanceof OutboundError ? [error.failure, error.message] : error;
};
const text = (body: Uint8Array) => Buffer.from(body).toString();
const redirectTo = (status: number, url: string) => `${here}/to/${status}/${encodeURIComponent(url)}`;

describe("an exchange", () => {
  test("brings status, headers, body, address and phases", async () => {
    const found = await call(`${here}/many`);
    expect(found).toMatchObject({ status: 200, redirects: 0, isTruncated: false, remoteAddress: "127.0.0.1", certificate: null, finalUrl: `${here}/many` });
    expect(found.headers["set-cookie"]).toBe("a=1, b=2");
    expect(text(found.body)).toBe("hello /many");
    expect(found.timings.totalMs).toBeGreaterThanOrEqual(found.timings.firstByteMs ?? Infinity);
  });
  test("keeps the name in Host while connecting to the checked address", async () => {
    const port = new URL(here).port;
    await call(`http://both.test:${port}/x`);
    expect(seen[0]?.headers.host).toBe(`both.test:${port}`);
    expect(seen[0]?.headers.connection).toBe("close");
  });
  test("sends method, headers and body", async () => {
    await call(`${here}/x`, { method: "POST", headers: { "X-Token": "t", "User-Agent": "mine" }, body: "payload" });
    expect(seen[0]).toMatchObject({ method: "POST", body: "payload", headers: { "x-token": "t", "user-agent": "mine", "content-length": "7" } });
  });
  test.each(["gzip", "br", "deflate"])("unpacks %s", async (encoding) => {
    expect(text((await call(`${here}/${encoding}`)).body)).toBe("unpacked");
  });
  test("a damaged body is a protocol failure", async () => {
    expect(await failureOf(call(`${here}/broken-gzip`))).toEqual(["protocol", "the compressed body is damaged"]);
  });
  test("stops reading at the cap", async () => {
    const found = await call(`${here}/long`);
    expect([found.body.length, found.isTruncated]).toEqual([1_000, true]);
    expect((await call(`${here}/long`, { maxBodyBytes: 5_000 })).isTruncated).toBe(false);
  });
  test("measures latency within 20 ms or 5 %", async () => {
    await call(`${here}/x`);
    const { timings } = await call(`${here}/slow`);
    expect(timings.totalMs).toBeGreaterThanOrEqual(295);
    expect(timings.totalMs).toBeLessThanOrEqual(300 + 50);
  });
  test("ends with the caller's signal", async () => {
    const controller = new AbortController();
    const work = failureOf(call(`${here}/slow`, { signal: controller.signal }));
    controller.abort();
    expect(await work).toEqual(["aborted", "the call was cancelled"]);
    expect(await failureOf(call(`${here}/slow`, { signal: AbortSignal.abort() }))).toEqual(["aborted", "the call was cancelled"]);
  });
  test("a header with a line break never leaves", async () => {
    expect(await failureOf(call(`${here}/x`, { headers: { "x-a": "b\r\nx-c: d" } }))).toEqual(["aborted", "the console could not make this call"]);
    expect(seen).toEqual([]);
  });
});

describe("redirects", () => {
  test("are followed, and counted", async () => {
    const found = await call(redirectTo(302, "/end"));
    expect([found.redirects, found.finalUrl, text(found.body)]).toEqual([1, `${here}/end`, "hello /end"]);
  });
  test("to metadata and private addresses are blocked, by number and by name", async () => {
    expect(await failureOf(call(redirectTo(302, "http://169.254.169.254/latest/")))).toEqual(["blocked", "blocked by egress policy: 169.254.169.254 is a metadata address"]);
    expect(await failureOf(call(redirectTo(307, "http://10.0.0.5/")))).toEqual(["blocked", "blocked by egress policy: 10.0.0.5 is private"]);
    expect(await failureOf(call(redirectTo(301, "http://metadata.test/")))).toEqual(["blocked", "blocked by egress policy: 169.254.169.254 is a metadata address"]);
    expect(metadataCalls).toBe(1);
    expect(await failureOf(call(redirectTo(302, "file:///etc/passwd")))).toEqual(["blocked", "blocked by egress policy: only http and https are called"]);
    expect(await failureOf(call(redirectTo(302, `http://u:p@127.0.0.1:${new URL(there).port}/`)))).toEqual(["blocked", "blocked by egress policy: credentials in the address"]);
  });
  test("to another origin drop every header the caller set, also on the way back", async () => {
    const back = `${there}/to/302/${encodeURIComponent(`${here}/end`)}`;
    await call(redirectTo(302, back), { headers: { Authorization: "Bearer canary", "X-Secret": "canary", Cookie: "s=canary" } });
    expect(seen).toHaveLength(3);
    expect(JSON.stringify(seen[0]?.headers)).toContain("canary");
    expect(JSON.stringify(seen.slice(1))).not.toContain("canary");
  });
  test("within an origin keep them", async () => {
    await call(redirectTo(302, "/end"), { headers: { Authorization: "Bearer canary" } });
    expect(seen[1]?.headers.authorization).toBe("Bearer canary");
  });
  test("that loop end after five", async () => {
    expect(await failureOf(call(`${here}/loop`))).toEqual(["redirects", "more than 5 redirects"]);
    expect(seen).toHaveLength(6);
    expect(await failureOf(call(`${here}/loop`, { maxRedirects: 50 }))).toEqual(["redirects", "more than 5 redirects"]);
  });
  test("are the answer when none may be followed", async () => {
    expect(await call(`${here}/loop`, { maxRedirects: 0 })).toMatchObject({ status: 302, redirects: 0 });
  });

  const hop = (more: Partial<Hop> = {}): Hop => ({ url: "https://a.test/x", method: "POST", headers: { authorization: "t", "content-type": "text/plain" }, body: "b", redirectsLeft: 5, ...more });
  const next = (status: number, location: string, from = hop()) => nextHop(from, { from: new URL(from.url), status, headers: { location } }, 5);

  test.each([[301], [302], [303]])("%i turns POST into GET without the body", (status) => {
    expect(next(status, "/y")).toEqual({ url: "https://a.test/y", method: "GET", headers: { authorization: "t" }, body: null, redirectsLeft: 4 });
  });
  test.each([[307], [308]])("%i repeats the request, but a body never crosses origins", (status) => {
    expect(next(status, "/y")).toMatchObject({ method: "POST", body: "b" });
    expect(() => next(status, "https://b.test/")).toThrow("send the body to another origin");
    expect(next(status, "https://b.test/", hop({ method: "GET", body: null }))).toMatchObject({ headers: {} });
  });
  test("never leave https, and an unreadable place is refused", () => {
    expect(() => next(302, "http://a.test/")).toThrow("from https to http");
    expect(() => next(302, "http://[")).toThrow("cannot be read");
    expect(next(304, "/y")).toBeNull();
  });
});
