import { spawnSync } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import fs from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import S3rver from "s3rver";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readCatalogue, verifyBackup } from "../archive/verify.ts";
import { restoreBackup } from "../restore/restore.ts";
import { localStore, takeOne, testFolder, testKeys, testWorld } from "../testing/world.ts";
import { openLocalStore } from "./local.ts";
import { openS3Store } from "./s3/store.ts";
import type { Store } from "./store.ts";

const folder = testFolder();
const limits = { timeoutMs: 700, retry: { attempts: 3, baseMs: 1, growth: "fixed" as const, capMs: 1, jitter: "none" as const } };
const MB = 1_048_576;

const bytesOf = async (store: Store, name: string, range = {}) => Buffer.concat(await Array.fromAsync((await store.get(name, range)) as AsyncIterable<Buffer>));
const from = (...pieces: (Buffer | string)[]) => Readable.from(pieces.map((piece) => Buffer.from(piece)));
const names = async (store: Store, prefix = "") => (await Array.fromAsync(store.list(prefix))).map((object) => object.name);

const bucket = (port: number, prefix = "") => ({ kind: "s3" as const, endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", bucket: "backups", prefix, accessKeyId: "S3RVER", secretAccessKey: "S3RVER", pathStyle: true });

let s3: S3rver;
let s3Port = 0;
beforeAll(async () => {
  s3 = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory: path.join(folder, "s3"), configureBuckets: [{ name: "backups", configs: [] }] });
  s3Port = (await s3.run()).port;
});
afterAll(() => s3.close());

describe.each(["local", "s3"] as const)("a %s store", (kind) => {
  let store: Store;
  beforeAll(async () => {
    store = kind === "local" ? await localStore(path.join(folder, "plain")) : await openS3Store(bucket(s3Port, "one/two"), testWorld, { limits });
  });

  test("keeps whole objects: written, listed by name, read whole and in part, removed", async () => {
    const { freeBytes } = await store.check();
    expect(freeBytes === null).toBe(kind === "s3");
    expect(await names(store)).toEqual([]);
    const put = await store.put("b/two", from("hello ", "world"));
    expect(put).toEqual({ bytes: 11 });
    await store.put("a/one", from(""));
    expect(await names(store)).toEqual(["a/one", "b/two"]);
    expect(await names(store, "b/")).toEqual(["b/two"]);
    expect(String(await bytesOf(store, "b/two"))).toBe("hello world");
    expect(String(await bytesOf(store, "b/two", { start: 6 }))).toBe("world");
    expect(String(await bytesOf(store, "b/two", { start: 2, end: 4 }))).toBe("ll");
    expect(await bytesOf(store, "a/one")).toHaveLength(0);
    expect(await store.stat("b/two")).toMatchObject({ bytes: 11 });
    await store.delete("b/two");
    await store.delete("b/two");
    expect(await store.stat("b/two")).toBeNull();
    await expect(store.get("b/two")).rejects.toMatchObject({ code: "not_found" });
  });

  test("never overwrites", async () => {
    await store.put("once", from("first"));
    await expect(store.put("once", from("second"))).rejects.toMatchObject({ code: "conflict" });
    expect(String(await bytesOf(store, "once"))).toBe("first");
  });

  test("20 MB come back as they went, whatever the pieces", async () => {
    const big = Buffer.alloc(20 * MB, "0123456789abcdef").fill("x", 9 * MB, 9 * MB + 5);
    await store.put("big", from(big.subarray(0, 3), big.subarray(3, 17 * MB), big.subarray(17 * MB)));
    expect((await bytesOf(store, "big")).equals(big)).toBe(true);
  });

  test.each(["../out", "/etc/passwd", "a/../../b", "a//b", "a/./b", "..", ".", "", "a\\b", "a\0b", "a~b", `${"x".repeat(401)}`, "ö"])("refuses the name %j", async (name) => {
    await expect(store.put(name, from("x"))).rejects.toMatchObject({ code: "invalid" });
    await expect(store.get(name)).rejects.toMatchObject({ code: "invalid" });
    await expect(store.delete(name)).rejects.toMatchObject({ code: "invalid" });
  });

  test("a source that breaks leaves nothing under the name, and what a killed writer left is swept", async () => {
    const breaking = (async function* () {
      yield await Promise.resolve(Buffer.alloc(9 * MB));
      throw new Error("broke in the middle");
    })();
    await expect(store.put("broken", breaking)).rejects.toThrow(/broke in the middle/);
    expect(await store.stat("broken")).toBeNull();
    expect(await store.sweep(new Date())).toBe(0);
  });

  test("a whole backup goes in, is found again by its manifest alone, and comes out", async () => {
    const source = path.join(folder, `source-${kind}`);
    fs.mkdirSync(path.join(source, "sub"), { recursive: true });
    fs.writeFileSync(path.join(source, "sub", "ünïcode 名.txt"), "content");
    const scratch = path.join(folder, "scratch");
    const { manifest } = await takeOne({ source: { kind: "folder", path: source, include: [], exclude: [], links: "refuse" }, store, scratch });
    const found = (await Array.fromAsync(readCatalogue({ store, keys: testKeys, prefix: "orders/" }, testWorld)))[0];
    expect(found).toMatchObject({ manifest, isArchiveThere: true, problem: null });
    expect(await verifyBackup({ store, manifest, keys: testKeys }, testWorld)).toMatchObject({ isIntact: true });
    const target = path.join(folder, `target-${kind}`);
    await restoreBackup({ store, manifest, keys: testKeys, place: { kind: "folder", path: target }, selection: {}, scratchParent: scratch, onProgress: () => undefined }, testWorld);
    expect(fs.readFileSync(path.join(target, "sub", "ünïcode 名.txt"), "utf8")).toBe("content");
  });
});

describe("a folder", () => {
  test("is private, also its files", async () => {
    const store = await localStore(path.join(folder, "private"));
    await store.put("a/b", from("x"));
    const mode = (name: string) => (fs.statSync(path.join(folder, "private", name)).mode & 0o777).toString(8);
    expect([mode(""), mode("a"), mode("a/b")]).toEqual(["700", "700", "600"]);
  });

  test("is not left through a link", async () => {
    const store = await localStore(path.join(folder, "linked"));
    fs.symlinkSync(folder, path.join(folder, "linked", "out"));
    fs.writeFileSync(path.join(folder, "secret"), "secret");
    fs.symlinkSync(path.join(folder, "secret"), path.join(folder, "linked", "file"));
    await expect(store.put("out/x", from("x"))).rejects.toThrow(/leads out of/);
    await expect(store.get("out/secret")).rejects.toThrow(/leads out of/);
    await expect(store.get("file")).rejects.toMatchObject({ code: "not_found" });
    expect(await names(store)).toEqual([]);
  });

  test("sweeps partial files of dead writers, and lists none of them", async () => {
    const store = await localStore(path.join(folder, "swept"));
    await store.put("a/kept", from("x"));
    fs.writeFileSync(path.join(folder, "swept", "a", "kept~0a1b2c3d.partial"), "half");
    expect(await names(store)).toEqual(["a/kept"]);
    expect(await store.sweep(new Date(Date.now() - 60_000))).toBe(0);
    expect(await store.sweep(new Date(Date.now() + 60_000))).toBe(1);
    expect(fs.readdirSync(path.join(folder, "swept", "a"))).toEqual(["kept"]);
  });

  test("that takes no folders is refused at once, and so is a file in the way", async () => {
    await expect(openLocalStore({ kind: "local", folder: "/proc/backups/here" })).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("it is not there and cannot be made") });
    fs.writeFileSync(path.join(folder, "file"), "x");
    await expect(openLocalStore({ kind: "local", folder: path.join(folder, "file") })).rejects.toThrow(/a file is in its way/);
    await expect(openLocalStore({ kind: "local", folder: path.join(folder, "file", "sub") })).rejects.toThrow(/a file is in its way/);
    fs.mkdirSync(path.join(folder, "above"));
    await (await openLocalStore({ kind: "local", folder: path.join(folder, "above", "one", "two") })).check();
    expect(fs.statSync(path.join(folder, "above", "one")).mode & 0o777).toBe(0o700);
  });

  test("on a full disk says so, and keeps nothing half", async () => {
    const mount = path.join(folder, "full");
    fs.mkdirSync(mount);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", mount]);
    expect(mounted.status, String(mounted.stderr)).toBe(0);
    try {
      const store = await openLocalStore({ kind: "local", folder: mount });
      await expect(store.put("big", from(Buffer.alloc(3 * MB)))).rejects.toThrow(/the disk is full/);
      expect(fs.readdirSync(mount)).toEqual([]);
      await store.put("small", from("fits"));
    } finally {
      spawnSync("umount", [mount]);
    }
  });
});

describe("an object store in trouble", () => {
  let server: Server;
  let calls: string[] = [];
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function broken(answer: (request: IncomingMessage, response: ServerResponse, call: number) => void): Promise<Store> {
    calls = [];
    server = createServer((request, response) => {
      calls.push(`${request.method} ${request.url}`);
      request.resume();
      response.setHeader("date", "Fri, 15 Jan 2027 02:00:00 GMT");
      request.once("end", () => answer(request, response, calls.length));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return openS3Store(bucket((server.address() as AddressInfo).port), testWorld, { limits });
  }

  const refuse = (response: ServerResponse, status: number, code: string) => response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
  const ok = (response: ServerResponse) => response.writeHead(200, { etag: '"x"' }).end();
  const absent = (request: IncomingMessage, response: ServerResponse) => request.method === "HEAD" && (response.writeHead(404).end(), true);

  test("that refuses: the reason is said at once, nothing is tried twice", async () => {
    const store = await broken((_request, response) => refuse(response, 403, "AccessDenied"));
    await expect(store.get("x", { end: 5 }).then((stream) => Array.fromAsync(stream))).rejects.toThrow(/access is denied/);
    expect(calls).toHaveLength(1);
  });

  test("that is out of quota: not tried again", async () => {
    const store = await broken((request, response) => absent(request, response) || refuse(response, 507, "XMinioStorageFull"));
    await expect(store.put("x", from("data"))).rejects.toThrow(/has no room left/);
    expect(calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  });

  test("that hangs: given up after the limit, three times", async () => {
    const store = await broken(() => undefined);
    await expect(store.stat("x")).rejects.toThrow(/no answer within/);
    expect(calls).toHaveLength(3);
  });

  test("that fails twice and then works: the caller notices nothing", async () => {
    const store = await broken((request, response, call) => absent(request, response) || (call < 4 ? refuse(response, call === 2 ? 500 : 503, "SlowDown") : ok(response)));
    expect(await store.put("x", from("data"))).toMatchObject({ bytes: 4 });
    expect(calls).toHaveLength(4);
  });

  test("that cuts answers at half: the part is read again, never taken for the whole", async () => {
    let isCut = true;
    const store = await broken((_request, response) => {
      response.writeHead(206, { "content-length": "10" });
      if (isCut) response.write("01234", () => response.destroy());
      else response.end("0123456789");
      isCut = false;
    });
    expect(String(await bytesOf(store, "x", { end: 10 }))).toBe("0123456789");
    expect(calls).toHaveLength(2);
  });

  test("that returns other bytes than asked: refused", async () => {
    const store = await broken((_request, response) => response.writeHead(200).end("whole object instead of a part"));
    await expect(bytesOf(store, "x", { end: 10 })).rejects.toThrow(/did not return the asked part/);
  });

  test("that loses a multipart upload at its end: the parts are removed and the run fails", async () => {
    const store = await broken((request, response) => {
      if (absent(request, response)) return;
      if (request.url?.includes("uploads")) return response.writeHead(200).end("<r><UploadId>u1</UploadId></r>");
      if (request.method === "PUT") return ok(response);
      if (request.method === "DELETE") return response.writeHead(204).end();
      return response.writeHead(200).end("<Error><Code>InternalError</Code></Error>");
    });
    await expect(store.put("x", from(Buffer.alloc(9 * MB)))).rejects.toThrow(/did not complete the upload: InternalError/);
    expect(calls.at(-1)).toMatch(/^DELETE .*uploadId=u1/);
  });

  test("with a clock that is an hour off: the store's own time is used", async () => {
    const store = await broken((request, response) => {
      const signedAt = String(request.headers["x-amz-date"]);
      if (signedAt.startsWith("20270115T0300")) return response.writeHead(404).end();
      response.setHeader("date", "Fri, 15 Jan 2027 03:00:00 GMT");
      refuse(response, 403, "RequestTimeTooSkewed");
    });
    expect(await store.stat("x")).toBeNull();
    expect(calls).toHaveLength(2);
  });

  test("every request signs what it carries", async () => {
    let hash = "";
    const store = await broken((request, response) => {
      if (request.method === "PUT") hash = String(request.headers["x-amz-content-sha256"]);
      return absent(request, response) || ok(response);
    });
    await store.put("x", from("hello world"));
    expect(hash).toBe("b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
  });

  test("one store of two fails: the backup is there, and the other says why it is not", async () => {
    const failing = await broken((request, response) => absent(request, response) || refuse(response, 403, "AccessDenied"));
    const good = await localStore(path.join(folder, "good"));
    const source = path.join(folder, "pair");
    fs.mkdirSync(source, { recursive: true });
    fs.writeFileSync(path.join(source, "a"), "x");
    const taken = await takeOne({ source: { kind: "folder", path: source, include: [], exclude: [], links: "refuse" }, store: good, stores: [{ id: "bucket", store: failing }, { id: "folder", store: good }], scratch: path.join(folder, "scratch") });
    expect(taken.stores).toEqual([
      { id: "bucket", isStored: false, problem: expect.stringContaining("access is denied") },
      { id: "folder", isStored: true, problem: null },
    ]);
    expect(await verifyBackup({ store: good, manifest: taken.manifest, keys: testKeys }, testWorld)).toMatchObject({ isIntact: true });
  });
});
