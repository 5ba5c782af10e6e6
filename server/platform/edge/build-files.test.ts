import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFiles } from "./build-files.ts";
import { compressAnswer } from "./compress.ts";

const SCRIPT = `export const a = "${"seaworthy ".repeat(400)}";`;
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "seaworthy-build-"));
  mkdirSync(path.join(folder, "static/chunks"), { recursive: true });
  mkdirSync(path.join(folder, "static/media"));
  writeFileSync(path.join(folder, "static/chunks/0a-b~c.js"), SCRIPT);
  writeFileSync(path.join(folder, "static/media/inter.0a.woff2"), Buffer.alloc(4_096, 7));
  writeFileSync(path.join(folder, "secret.js"), "secret");
  const serve = buildFiles(folder);
  server = createServer((req, res) => {
    const answer = async () => {
      await compressAnswer(req, res);
      if (!(await serve(req, res))) res.writeHead(404).end("framework");
    };
    answer().catch((error: Error) => res.writeHead(500).end(error.message));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Answer = { status: number | undefined; headers: IncomingHttpHeaders; body: Buffer };

/** Asks with the path as it is given, which fetch would tidy. */
async function ask(target: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const asked = request({ port: (server.address() as AddressInfo).port, path: target, method, headers }).end();
  const [res] = (await once(asked, "response")) as [import("node:http").IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of res) parts.push(part as Buffer);
  return { status: res.statusCode, headers: res.headers, body: Buffer.concat(parts) };
}

const FILE = "/_next/static/chunks/0a-b~c.js";

test.each([
  ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
  ["gzip;q=1.0, br;q=0", "gzip", gunzipSync],
  ["gzip", "gzip", gunzipSync],
])("a browser that takes %s gets %s, twice the same", async (accepted, encoding, unpack) => {
  const first = await ask(FILE, { "accept-encoding": accepted });
  const second = await ask(FILE, { "accept-encoding": accepted });
  expect(first.headers).toMatchObject({ "content-encoding": encoding, "content-length": String(first.body.length), vary: "Accept-Encoding", "cache-control": "public, max-age=31536000, immutable", "content-type": "application/javascript; charset=UTF-8" });
  expect(unpack(first.body).toString()).toBe(SCRIPT);
  expect(second.body.equals(first.body)).toBe(true);
});

test("nothing is compressed that need not be: fonts, and for callers that take no encoding", async () => {
  const plain = await ask(FILE);
  expect([plain.headers["content-encoding"], plain.body.toString()]).toEqual([undefined, SCRIPT]);
  const font = await ask("/_next/static/media/inter.0a.woff2", { "accept-encoding": "br, gzip" });
  expect([font.headers["content-encoding"], font.headers["content-type"], font.body.length]).toEqual([undefined, "font/woff2", 4_096]);
});

test("HEAD is answered without the body", async () => {
  const { status, headers, body } = await ask(FILE, { "accept-encoding": "br" }, "HEAD");
  expect([status, headers["content-encoding"], body.length]).toEqual([200, "br", 0]);
  expect(Number(headers["content-length"])).toBeGreaterThan(0);
});

test.each(["/_next/static/chunks/none.js", "/_next/static/../secret.js", "/_next/static/chunks/../../secret.js", "/_next/static/chunks/..%2f..%2fsecret.js", "/_next/static/secret.js", "/_next/static/chunks/a.map", `${FILE}?x=1`])("the framework is asked for %s", async (target) => {
  expect(await ask(target)).toMatchObject({ status: 404 });
});

test("parts and conditions are the framework's", async () => {
  expect((await ask(FILE, { range: "bytes=0-9" })).status).toBe(404);
  expect((await ask(FILE, { "if-none-match": "x" })).status).toBe(404);
});
