import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { makeApiKey } from "../auth/api-key.ts";
import { HOUR_MS } from "../clock.ts";
import { trpcEndpoint } from "../edge/trpc-endpoint.ts";
import { AppError } from "../errors.ts";
import { newId } from "../ids.ts";
import { restEndpoint } from "../rest/endpoint.ts";
import { manualClock, testContext, testDatabase } from "../testing/database.ts";
import { testServer } from "../testing/http.ts";
import { may, router } from "../trpc.ts";
import { pruneAnswers } from "./prune.ts";

const Thing = z.object({ id: z.string(), name: z.string(), madeAt: z.date(), shownOnce: z.string() });
const New = z.object({ name: z.string().min(2) });
const SECRET = "a-secret-shown-only-once";
const open = new Map<string, Promise<void>>();

const things = router({
  things: router({
    create: may("things:create", { access: "editor", tier: "write", isCreate: true, rest: "POST /things", summary: "Make a thing" })
      .input(New)
      .output(Thing)
      .mutation(async ({ ctx, input }) => {
        const at = new Date("2027-01-01T00:00:00Z");
        const id = randomUUID();
        await ctx.db.setting.create({ data: { key: id, value: input.name, updatedAt: at, updatedBy: "test" } });
        await open.get(input.name);
        if (input.name === "refused") throw new AppError("conflict", "Not this one.");
        return { id, name: input.name, madeAt: at, shownOnce: SECRET };
      }),
    offer: may("things:offer", { access: "public", tier: "api", isCreate: true, rest: "POST /offers", summary: "Offer a thing" })
      .input(New)
      .output(z.object({ id: z.string() }))
      .mutation(() => ({ id: randomUUID() })),
    touch: may("things:touch", { access: "editor", tier: "write", rest: "POST /things/touch", summary: "Touch things" })
      .input(z.object({}))
      .output(z.object({ id: z.string() }))
      .mutation(() => ({ id: randomUUID() })),
  }),
});

const database = testDatabase();
const server = testServer(database, { "/api/v1": restEndpoint(things), "/api/trpc": trpcEndpoint(things) });

async function editorKey(): Promise<string> {
  const now = new Date();
  const user = { id: newId("usr"), email: `${newId("usr")}@example.com`, name: "E", role: "editor" as const, createdAt: now, updatedAt: now };
  const key = makeApiKey();
  await database.db.user.create({ data: user });
  await database.db.apiKey.create({ data: { id: newId("key"), name: "test", prefix: key.prefix, hash: key.hash, ownerId: user.id, scopes: ["*"], createdAt: now } });
  return key.plain;
}

let apiKey = "";
beforeEach(async () => {
  apiKey = await editorKey();
  await database.db.setting.deleteMany();
  await database.db.idempotentRequest.deleteMany();
});

type Sent = { key?: string; body?: unknown; as?: string; path?: string };

async function post({ key = "one", body = { name: "anchor" }, as = apiKey, path = "/api/v1/things" }: Sent = {}) {
  const headers = { "content-type": "application/json", "idempotency-key": key, ...(as ? { authorization: `Bearer ${as}` } : {}) };
  const answer = await fetch(server.origin + path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, headers: answer.headers, isReplayed: answer.headers.get("idempotency-replayed") === "true", json: (await answer.json()) as Record<string, unknown> };
}

/** As a client that follows the contract: a console too busy to begin says 503, and the same key is sent again. */
async function postUntilTaken(): Promise<Awaited<ReturnType<typeof post>>> {
  const answer = await post();
  if (answer.status !== 503) return answer;
  await delay(Number(answer.headers.get("retry-after")) * 1_000);
  return postUntilTaken();
}

const rows = () => database.db.setting.count();
const leaveLease = (secondsLeft: number) => database.pool.query("UPDATE idempotent_request SET answer = NULL, lease_until = now() + make_interval(secs => $1)", [secondsLeft]);

describe("a create under an Idempotency-Key", () => {
  test("a hundred at once make one row and get one answer, within the limit of writes", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, postUntilTaken));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
    expect(await rows()).toBe(1);
  });

  test("is the same over tRPC and REST, whatever the order of fields", async () => {
    const first = await post();
    const trpc = await post({ path: "/api/trpc/things.create", body: { json: { name: "anchor" } } });
    expect(trpc.isReplayed).toBe(true);
    expect(trpc.json).toMatchObject({ result: { data: { json: first.json } } });
  });

  test("with another body is refused with 422 and does nothing", async () => {
    await post();
    const other = await post({ body: { name: "buoy" } });
    expect(other).toMatchObject({ status: 422, json: { code: "mismatch" } });
    expect(await rows()).toBe(1);
  });

  test("of another caller is another request", async () => {
    const [first, second] = [await post(), await post({ as: await editorKey(), body: { name: "buoy" } })];
    expect(second).toMatchObject({ status: 200, isReplayed: false });
    expect(second.json.id).not.toBe(first.json.id);
  });

  test("of anonymous callers is kept by address", async () => {
    const first = await post({ as: "", path: "/api/v1/offers" });
    expect(await post({ as: "", path: "/api/v1/offers" })).toMatchObject({ status: 200, isReplayed: true, json: first.json });
    expect((await database.db.idempotentRequest.findFirstOrThrow()).caller).toBe("address:127.0.0.1");
  });

  test("that failed changed nothing and leaves the key free", async () => {
    expect((await post({ body: { name: "refused" } })).status).toBe(409);
    expect((await post({ body: { name: "x" } })).status).toBe(400);
    expect(await rows()).toBe(0);
    expect(await post()).toMatchObject({ status: 200, isReplayed: false });
  });

  test("keeps no secret in clear", async () => {
    expect((await post()).json.shownOnce).toBe(SECRET);
    const kept = await database.db.idempotentRequest.findFirstOrThrow();
    expect(kept.answer).toMatch(/^sw1:/);
    expect(JSON.stringify(kept)).not.toContain(SECRET);
    expect((await post()).json.shownOnce).toBe(SECRET);
  });

  test.each(["", " ", "with space inside", "\u00e4", "k".repeat(256)])("refuses the key %j", async (key) => {
    expect((await post({ key })).status).toBe(400);
  });

  test("means nothing to calls that create nothing, nor in a batch", async () => {
    const [first, second] = [await post({ path: "/api/v1/things/touch", body: {} }), await post({ path: "/api/v1/things/touch", body: {} })];
    expect(first.json.id).not.toBe(second.json.id);
    const batch = await post({ path: "/api/trpc/things.create,things.create?batch=1", body: { 0: { json: { name: "anchor" } }, 1: { json: { name: "buoy" } } } });
    expect(JSON.stringify(batch.json)).toContain("alone, not in a batch");
    expect(await rows()).toBe(0);
  });
});

describe("when the first request dies", () => {
  test("the next one takes over once its lease ran out", async () => {
    await post();
    await database.db.setting.deleteMany();
    await leaveLease(-1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post()));
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
    expect(await rows()).toBe(1);
    expect((await database.db.idempotentRequest.findFirstOrThrow()).attempt).toBe(2);
  });

  test("a dead request's key keeps its body", async () => {
    await post();
    await leaveLease(-1);
    expect((await post({ body: { name: "buoy" } })).status).toBe(422);
  });

  test("until then others are told with 409 when to come back", async () => {
    await post();
    await leaveLease(15);
    const early = await post();
    expect(early.status).toBe(409);
    expect(Number(early.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(early.headers.get("retry-after"))).toBeLessThanOrEqual(15);
  });

  test("a request that was overtaken undoes its work", async () => {
    const gate = Promise.withResolvers<void>();
    open.set("slow", gate.promise);
    const slow = post({ body: { name: "slow" } });
    await expect.poll(() => database.db.idempotentRequest.count()).toBe(1);
    await leaveLease(-1);
    open.delete("slow");
    const faster = await post({ body: { name: "slow" } });
    gate.resolve();
    expect(faster.status).toBe(200);
    expect((await slow).status).toBe(409);
    expect(await rows()).toBe(1);
  });
});

describe("after a day", () => {
  const aDayAgo = () => database.pool.query("UPDATE idempotent_request SET created_at = now() - interval '24 hours 1 second'");

  test("the key is free again, pruned or not", async () => {
    const first = await post();
    await aDayAgo();
    const second = await post({ body: { name: "buoy" } });
    expect(second).toMatchObject({ status: 200, isReplayed: false });
    expect(second.json.id).not.toBe(first.json.id);
  });

  test("answers are forgotten", async () => {
    await post();
    const clock = manualClock(new Date());
    const ctx = testContext({ db: database.db, now: clock });
    expect(await pruneAnswers(ctx)).toBe(0);
    clock.advance(24 * HOUR_MS + 1_000);
    expect(await pruneAnswers(ctx)).toBe(1);
  });
});
