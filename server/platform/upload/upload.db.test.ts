import { connect } from "node:net";
import { readdirSync } from "node:fs";
import os from "node:os";
import { gzipSync } from "node:zlib";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { makeApiKey } from "../auth/api-key.ts";
import { bodyLimitOf, EDGE_LIMITS } from "../edge/limits.ts";
import { restEndpoint } from "../rest/endpoint.ts";
import { testContext, testDatabase } from "../testing/database.ts";
import { testServer } from "../testing/http.ts";
import { createCallerFactory, may, router, type ProcedureMeta } from "../trpc.ts";
import { appRouter } from "../../root.ts";
import { defineUpload } from "./define.ts";

const MIB = 1_024 * 1_024;
const MAX_BYTES = 24 * MIB;
const Input = z.object({ name: z.string().min(2, "Use two characters or more"), content: z.string().optional() });

let reads = 0;
const lines = defineUpload({
  maxBytes: MAX_BYTES,
  input: Input,
  read: async (file) => {
    reads += 1;
    let count = 0;
    for await (const chunk of file.chunks()) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count += 1;
    return { count };
  },
});

const files = router({
  coverage: router({
    push: may("coverage:push", { access: "editor", tier: "api", isCreate: true, upload: lines.rule, rest: "POST /coverage/reports", summary: "Send a file" })
      .input(Input)
      .output(z.object({ name: z.string(), lines: z.number(), bytes: z.number(), sha256: z.string() }))
      .mutation(({ ctx, input }) => {
        const { bytes, sha256, content } = lines.of(ctx);
        return { name: input.name, lines: content.count, bytes, sha256 };
      }),
  }),
});

const database = testDatabase();
const server = testServer(database, { "/api/v1": restEndpoint(files) });
const keys = { editor: "", reader: "" };

async function addKey(scopes: string[]): Promise<string> {
  const key = makeApiKey();
  await database.db.apiKey.create({ data: { id: `key_${key.prefix}`, name: "ci", prefix: key.prefix, hash: key.hash, ownerId: "usr_editor", scopes, createdAt: new Date() } });
  return key.plain;
}

beforeAll(async () => {
  const now = new Date();
  await database.db.user.create({ data: { id: "usr_editor", email: "e@example.com", name: "E", role: "editor", createdAt: now, updatedAt: now } });
  keys.editor = await addKey(["coverage:write"]);
  keys.reader = await addKey(["coverage:read"]);
});
beforeEach(() => {
  reads = 0;
});

const spooled = () => readdirSync(os.tmpdir()).filter((name) => name.startsWith("seaworthy-upload-"));

async function send(body: string | Uint8Array<ArrayBuffer>, { key = keys.editor, query = "?name=report", headers = {} }: { key?: string; query?: string; headers?: Record<string, string> } = {}) {
  const answer = await fetch(`${server.origin}/api/v1/coverage/reports${query}`, { method: "POST", body, headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...headers } });
  return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Record<string, unknown> };
}

describe("a file over REST", () => {
  test("is read as it comes, whatever type it claims", async () => {
    expect(await send("a\nb\n")).toMatchObject({ status: 200, json: { name: "report", lines: 2, bytes: 4 } });
    expect(await send('{"a":\n1}', { headers: { "content-type": "application/json" } })).toMatchObject({ status: 200, json: { lines: 1 } });
  });

  test("may be far larger than other bodies", async () => {
    const text = "line of text\n".repeat(MIB);
    expect(text.length).toBeGreaterThan(EDGE_LIMITS.bodyBytes * 10);
    expect(await send(text)).toMatchObject({ status: 200, json: { lines: MIB, bytes: text.length } });
    expect(spooled()).toEqual([]);
  });

  test("may be gzip", async () => {
    expect(await send(gzipSync("a\nb\nc\n"))).toMatchObject({ status: 200, json: { lines: 3 } });
  });

  test("that unpacks to gigabytes is refused at the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_BYTES + 1), { level: 9 });
    expect(bomb.length).toBeLessThan(MIB);
    const answer = await send(new Uint8Array(bomb));
    expect(answer).toMatchObject({ status: 400, json: { detail: "The file unpacks to more than 24 MiB. Nothing was kept." } });
  });

  test.each([
    ["cut off", gzipSync("some text that is long enough\n".repeat(100)).subarray(0, 60)],
    ["damaged", Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])],
  ])("of gzip that is %s is refused", async (_, body) => {
    expect(await send(new Uint8Array(body))).toMatchObject({ status: 400, json: { detail: "The gzip file is damaged or cut off. Nothing was kept." } });
  });

  test("that is empty is refused", async () => {
    expect(await send("")).toMatchObject({ status: 400 });
    expect(reads).toBe(0);
  });

  test("is not taken from who may not send it, nor for a wrong input", async () => {
    expect(await send("a\n", { key: "" })).toMatchObject({ status: 401 });
    expect(await send("a\n", { key: keys.reader })).toMatchObject({ status: 403, json: { detail: "This API key lacks the scope coverage:write." } });
    expect(await send("a\n", { query: "?name=r" })).toMatchObject({ status: 400, json: { fields: { name: "Use two characters or more" } } });
    expect(reads).toBe(0);
  });

  test("that is cut off leaves nothing", async () => {
    const { hostname, port } = new URL(server.origin);
    const socket = connect(Number(port), hostname);
    socket.write(`POST /api/v1/coverage/reports?name=report HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keys.editor}\r\nContent-Length: 1000000\r\n\r\na\nb\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
    expect((await send("a\n")).status).toBe(200);
    expect(reads).toBe(1);
    expect(spooled()).toEqual([]);
  });

  test("sent twice under one key is done once, another file under it is refused", async () => {
    const headers = { "idempotency-key": "first" };
    const once = await send("a\n", { headers });
    const again = await send("a\n", { headers });
    expect(again.json).toEqual(once.json);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await send("b\n", { headers })).toMatchObject({ status: 422 });
  });
});

test("a small file travels over tRPC as text", async () => {
  const caller = createCallerFactory(files)(testContext({ db: database.db }));
  expect(await caller.coverage.push({ name: "report", content: "a\nb\n" })).toMatchObject({ lines: 2, bytes: 4 });
  await expect(caller.coverage.push({ name: "report" })).rejects.toThrow("Send the file");
});

test("the edge lets through as much as each upload accepts", () => {
  const procedures = Object.values(appRouter._def.procedures) as unknown as { _def: { meta: ProcedureMeta } }[];
  const uploads = procedures.map(({ _def }) => _def.meta.rules).filter((rules) => rules.upload !== undefined);
  const wanted = uploads.map((rules) => ({ path: `/api/v1${rules.rest!.split(" ")[1]}`, bytes: rules.upload!.maxBytes }));
  expect(wanted.map(({ path }) => ({ path, bytes: bodyLimitOf(path, 0) }))).toEqual(wanted);
});
