import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttp, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createGzip } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../platform/clock.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import { CheckConfig, type CheckConfigInput } from "../check-config.ts";
import { runProbe, type ProbeWorld, type Reading } from "./probe.ts";

const TIMEOUT_MS = 1_000;
/** What the promise allows beyond the limit. */
const GRACE_MS = 500;
const PATTERN_TIMEOUT_MS = 20_000;
const MEGABYTE = 1_048_576;

const open: Server[] = [];
const sockets = new Set<Socket>();
const folder = mkdtempSync(path.join(tmpdir(), "certificates-"));

async function listen(server: Server): Promise<number> {
  open.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of open) server.close();
  rmSync(folder, { recursive: true });
});

let world: ProbeWorld;

/** Certificates: a test authority, and leaves it signed; `days 0` has expired a second later. */
function certificates() {
  const run = (...words: string[]) => execFileSync("openssl", words, { cwd: folder, stdio: "ignore" });
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  run("req", "-x509", ...ec, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test authority", "-days", "30");
  const leaf = (name: string, host: string, days: number) => {
    run("req", ...ec, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`);
    run("x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", String(days), "-copy_extensions", "copy", "-out", `${name}.pem`);
  };
  leaf("good", "target.test", 10);
  leaf("expired", "target.test", 0);
  leaf("wrong", "other.test", 10);
  run("req", "-x509", ...ec, "-keyout", "self.key", "-out", "self.pem", "-subj", "/CN=target.test", "-addext", "subjectAltName=DNS:target.test", "-days", "10");
}
const pem = (name: string) => readFileSync(path.join(folder, name), "utf8");

beforeAll(() => {
  certificates();
  const http = createOutbound({ allow: ["127.0.0.1"], ca: [pem("ca.pem")], lookup: async () => [{ address: "127.0.0.1", family: 4 }] });
  world = { http, now: systemClock, checkSelf: () => Promise.reject(new TypeError("no self here")), readHeartbeat: () => Promise.resolve(null) };
});

/** Probes within the limit, and asserts that the limit and memory held. */
async function probe(config: CheckConfigInput, timeoutMs = TIMEOUT_MS): Promise<Reading> {
  const started = performance.now();
  const reading = await runProbe(world, CheckConfig.parse(config), { timeoutMs });
  expect(performance.now() - started).toBeLessThan(timeoutMs + GRACE_MS);
  return reading;
}
const http = (port: number, more: object = {}) => probe({ kind: "http", url: `http://127.0.0.1:${port}/`, ...more });
const rssGrowth = async (work: () => Promise<unknown>) => {
  const before = process.memoryUsage().rss;
  await work();
  return (process.memoryUsage().rss - before) / MEGABYTE;
};
const serve = (answer: (response: ServerResponse) => void) => listen(createHttp((_request, response) => answer(response.on("error", () => undefined))));
const speak = (talk: (socket: Socket) => void) => listen(createTcp(talk));

/** Writes as fast as the reader takes it. */
function pump(response: ServerResponse, chunk: Buffer): void {
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
}

describe("hostile bodies", () => {
  test("an endless body is read to the cap and memory stays flat", async () => {
    const port = await serve((response) => pump(response, Buffer.alloc(65_536, "x")));
    await http(port);
    const growth = await rssGrowth(async () => {
      for (let n = 0; n < 20; n++) expect((await http(port)).verdict).toBe("up");
    });
    expect(growth).toBeLessThan(100);
  });
  test("a gigabyte in gzip costs the cap, not the gigabyte", async () => {
    const port = await serve((response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      const zip = createGzip();
      zip.on("error", () => undefined).pipe(response);
      response.on("close", () => zip.destroy());
      const zeros = Buffer.alloc(MEGABYTE);
      let left = 1_024;
      const more = () => {
        while (!zip.destroyed && left-- > 0) if (!zip.write(zeros)) return void zip.once("drain", more);
        zip.end();
      };
      more();
    });
    const growth = await rssGrowth(async () => expect((await http(port, { bodyContains: "\u0000\u0000" })).verdict).toBe("up"));
    expect(growth).toBeLessThan(150);
  });
  test("deep JSON is no health document and no JSONPath match", async () => {
    const port = await serve((response) => response.end(`{"status":"DOWN","components":${"[".repeat(200_000)}${"]".repeat(200_000)}}`));
    expect(await http(port)).toMatchObject({ verdict: "up", components: [] });
    expect(await http(port, { jsonPath: { path: "$.status" } })).toMatchObject({ verdict: "down", message: "$.status not found in the body" });
  });
  test("a wrong charset still reads", async () => {
    const port = await serve((response) => response.writeHead(200, { "content-type": "application/json; charset=utf-16" }).end(Buffer.from([0xff, 0x00, 0xd8, 0xc3, 0x28])));
    expect((await http(port)).verdict).toBe("up");
  });
  test("a reset in the middle is down", async () => {
    const port = await serve((response) => {
      response.writeHead(200, { "content-length": "1000" }).write("part");
      setTimeout(() => response.socket?.resetAndDestroy(), 50);
    });
    expect(await http(port)).toMatchObject({ verdict: "down", message: expect.stringMatching(/^connection (?:reset|closed before the answer was complete)$/) as string });
  });
  test("a body shorter than promised is down", async () => {
    const port = await speak((socket) => void socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort")));
    expect(await http(port)).toMatchObject({ verdict: "down", message: "connection closed before the answer was complete" });
  });
  test("a catastrophic pattern on a hostile body is answered in time (T22)", async () => {
    const port = await serve((response) => response.end(`${"a".repeat(500_000)}!`));
    // Counting coverage makes the pattern ten times slower; a backtracking one would take ages on any machine.
    const reading = await probe({ kind: "http", url: `http://127.0.0.1:${port}/`, regex: "^(a+)+$" }, PATTERN_TIMEOUT_MS);
    expect(reading.verdict).toBe("down");
  });
});

/** A name, what the target says once it was spoken to, and what the reading says. */
type Talk = [string, (socket: Socket) => unknown, string | RegExp];

describe("hostile conversations", () => {
  test.each<Talk>([
    ["silent after the connection", () => undefined, "no answer within 1 s"],
    ["closing at once", (socket: Socket) => socket.end(), "connection closed before the answer was complete"],
    ["not HTTP", (socket: Socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"), "the answer is not HTTP"],
    ["headers byte by byte", (socket: Socket): void => drip(socket, "HTTP/1.1 200", ` OK\r\nx: ${"y".repeat(200)}`), "no answer within 1 s"],
    ["headers without end", (socket: Socket): void => flood(socket, "HTTP/1.1 200 OK\r\n", "x-a: bbbbbbbbbbbbbbbb\r\n"), "the answer's headers are longer than 16 KiB"],
    ["1xx without end", (socket: Socket): void => flood(socket, "", "HTTP/1.1 103 Early Hints\r\n\r\n"), /.+/],
    ["a body byte by byte", (socket: Socket): void => drip(socket, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n", "x".repeat(100)), "the answer was not complete within 1 s"],
    ["half a handshake", (socket: Socket) => void socket.pause(), "no answer within 1 s"],
  ])("%s", async (_name, talk, message) => {
    const reading = await http(await speak((socket) => void socket.once("data", () => void talk(socket))));
    expect(reading).toMatchObject({ verdict: "down", latencyMs: null, components: [] });
    expect(reading.message).toMatch(message);
  });
  test("a port without listener", async () => {
    const server = createTcp();
    const port = await listen(server);
    server.close();
    expect(await http(port)).toMatchObject({ verdict: "down", message: "connection refused" });
    expect(await probe({ kind: "tcp", host: "127.0.0.1", port })).toMatchObject({ verdict: "down", message: "connection refused" });
  });
  test("a redirect loop", async () => {
    const port = await serve((response) => response.writeHead(302, { location: "/again" }).end());
    expect(await http(port)).toMatchObject({ verdict: "down", message: "more than 5 redirects" });
  });
  test("an address that policy forbids is unknown, never down", async () => {
    expect(await probe({ kind: "http", url: "http://10.0.0.5/" })).toMatchObject({ verdict: "unknown", message: "blocked by egress policy: 10.0.0.5 is private" });
    expect(await probe({ kind: "tcp", host: "169.254.169.254", port: 80 })).toMatchObject({ verdict: "unknown" });
    expect(await probe({ kind: "redis", url: "redis://10.0.0.5" })).toMatchObject({ verdict: "unknown" });
    expect(await probe({ kind: "postgres", connectionString: "postgresql://u:p@10.0.0.5/db" })).toMatchObject({ verdict: "unknown" });
  });
  test("a fault of ours is unknown and says no internals", async () => {
    expect(await probe({ kind: "self" })).toMatchObject({ verdict: "unknown", message: "the console could not run this check (TypeError)" });
  });
  test("a stalled process proves nothing about its targets (3f)", async () => {
    const port = await speak(() => undefined);
    const work = runProbe(world, CheckConfig.parse({ kind: "http", url: `http://127.0.0.1:${port}/` }), { timeoutMs: 200 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const until = performance.now() + 700;
    while (performance.now() < until);
    expect(await work).toMatchObject({ verdict: "unknown", message: expect.stringContaining("stalled") as string });
  });
});

/** Writes `head` at once and `tail` in 20 ms steps of a byte. */
function drip(socket: Socket, head: string, tail: string): void {
  socket.write(head);
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= tail.length) return clearInterval(timer);
    socket.write(tail[at++] ?? "");
  }, 20);
}
function flood(socket: Socket, head: string, line: string): void {
  socket.write(head);
  const block = line.repeat(1_000);
  const more = () => {
    for (let n = 0; n < 10 && !socket.destroyed; n++) if (!socket.write(block)) return;
    if (!socket.destroyed) setImmediate(more);
  };
  socket.on("drain", more);
  more();
}

describe("certificates", () => {
  const tls = async (name: string) => listen(createHttps({ key: pem(`${name}.key`), cert: pem(`${name}.pem`) }, (_request, response) => response.end("ok")) as unknown as Server);
  const https = (port: number, more: object = {}) => probe({ kind: "http", url: `https://target.test:${port}/`, ...more });

  test("a good one is up, with its end", async () => {
    const reading = await https(await tls("good"), { certificateMinDays: 5 });
    expect(reading).toMatchObject({ verdict: "up", httpStatus: 200 });
    expect((reading.certificateExpiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(8 * 86_400_000);
    expect(reading.timings?.tlsMs).toBeGreaterThan(0);
  });
  test("few days left is degraded", async () => {
    expect(await https(await tls("good"), { certificateMinDays: 30 })).toMatchObject({ verdict: "degraded", message: "certificate expires in 9 days, wanted 30" });
  });
  test.each([
    ["expired", "certificate expired"],
    ["wrong", "certificate for another name"],
    ["self", "certificate self-signed"],
  ])("%s is down and still reports its end", async (name, message) => {
    const reading = await https(await tls(name));
    expect(reading).toMatchObject({ verdict: "down", message });
    expect(reading.certificateExpiresAt).toBeInstanceOf(Date);
  });
  test("errors may be ignored, expiry is still counted when days are asked for", async () => {
    expect((await https(await tls("self"), { ignoreCertificateErrors: true })).verdict).toBe("up");
    const port = await tls("expired");
    expect((await https(port, { ignoreCertificateErrors: true })).verdict).toBe("up");
    expect(await https(port, { ignoreCertificateErrors: true, certificateMinDays: 1 })).toMatchObject({ verdict: "down", message: "certificate expired 1 day ago" });
  });
  test("plain HTTP behind https", async () => {
    expect(await https(await serve((response) => response.end("ok")))).toMatchObject({ verdict: "down", message: "TLS handshake failed: wrong version number" });
    expect(await https(await speak(() => undefined))).toMatchObject({ verdict: "down", message: "no connection within 1 s" });
  });
});

describe("TCP and Redis targets", () => {
  test("an open port is up", async () => {
    const reading = await probe({ kind: "tcp", host: "target.test", port: await speak(() => undefined) });
    expect(reading).toMatchObject({ verdict: "up", message: expect.stringMatching(/^connected in \d+ ms$/) as string });
  });
  test.each<Talk>([
    ["silent", () => undefined, "no answer within 1 s"],
    ["endless", (socket: Socket): void => flood(socket, "+", "x"), "the answer is not Redis: the line is too long"],
    ["another protocol", (socket: Socket) => socket.write("220 mail ESMTP\r\n"), "the answer is not Redis"],
    ["closing", (socket: Socket) => socket.end(), "connection closed before the answer was complete"],
  ])("a Redis that is %s is down", async (_name, talk, message) => {
    const port = await speak((socket) => void socket.once("data", () => void talk(socket)));
    expect(await probe({ kind: "redis", url: `redis://target.test:${port}` })).toMatchObject({ verdict: "down", message });
  });
  test("a Redis that loads its data is degraded", async () => {
    const port = await speak((socket) => void socket.once("data", () => socket.write("-LOADING Redis is loading the dataset in memory\r\n")));
    expect(await probe({ kind: "redis", url: `redis://target.test:${port}` })).toMatchObject({ verdict: "degraded", message: "LOADING Redis is loading the dataset in memory" });
  });
  test.each<Talk>([
    ["silent", () => undefined, "no connection within 1 s"],
    ["endless", (socket: Socket): void => flood(socket, "R\u0000\u0000\u0000\u0008\u0000\u0000\u0000\u0000", "S\u0000\u0000\u0000\u0009a\u0000bb\u0000"), /longer than 1 MiB|no connection within 1 s/],
    ["another protocol", (socket: Socket) => socket.write("220 mail ESMTP\r\n"), /.+/],
    ["closing", (socket: Socket) => socket.end(), /terminated|closed|reset/i],
  ])("a PostgreSQL that is %s is down", async (_name, talk, message) => {
    const port = await speak((socket) => void socket.once("data", () => void talk(socket)));
    const reading = await probe({ kind: "postgres", connectionString: `postgresql://u:p@target.test:${port}/db` });
    expect(reading.verdict).toBe("down");
    expect(reading.message).toMatch(message);
  });
});
