import { encode } from "next-auth/jwt";
import { describe, expect, test } from "vitest";
import { changePassword, createKey, disableUser, resetPassword, revokeKey, revokeSession, signOut, updateUser } from "../../access/mutations/index.ts";
import { makeUser, signedIn, TEST_PASSWORD } from "../../access/testing/people.ts";
import { HOUR_MS, MINUTE_MS } from "../clock.ts";
import { config } from "../config.ts";
import type { Context } from "../context.ts";
import { asActor, manualClock, testContext, testDatabase } from "../testing/database.ts";
import { actorFromRequest } from "./actor.ts";
import { makeApiKey } from "./api-key.ts";

const database = testDatabase();
const bearer = (key: string) => ({ headers: new Headers({ authorization: `Bearer ${key}` }) });

async function browser(sessionId: string) {
  const token = await encode({ token: { sid: sessionId }, secret: config().AUTH_SECRET });
  return { headers: new Headers({ cookie: `seaworthy.session=${token}` }) };
}

/** An admin, another person, and the other's browser and key. */
async function scene(clock = manualClock()) {
  const { db } = database;
  const admin = testContext({ db, now: clock, actor: await signedIn(db, await makeUser(db, "admin", clock()), clock()) });
  const user = await makeUser(db, "editor", clock());
  const actor = await signedIn(db, user, clock());
  const own = testContext({ db, now: clock, actor });
  const { plainKey, key } = await createKey(own, { name: "ci", scopes: ["*"], expiresInDays: 30 });
  const world = { db, now: clock };
  const request = await browser(actor.sessionId);
  return { clock, admin, user, own, sessionId: actor.sessionId, key, bySession: () => actorFromRequest(request, world), byKey: () => actorFromRequest(bearer(plainKey), world), plainKey, world };
}

describe("session cookie (C51, T6)", () => {
  test("is its user with the present role", async () => {
    const { bySession, user, admin, sessionId } = await scene();
    expect(await bySession()).toEqual({ kind: "user", id: user.id, name: user.name, email: user.email, role: "editor", sessionId });
    await updateUser(admin, { id: user.id, role: "viewer" });
    expect(await bySession()).toMatchObject({ role: "viewer" });
  });

  const endings: [string, (s: Awaited<ReturnType<typeof scene>>) => Promise<unknown>][] = [
    ["sign-out", (s) => signOut(s.own, s.sessionId)],
    ["revocation", (s) => revokeSession(s.admin, { id: s.sessionId })],
    ["disabling", (s) => disableUser(s.admin, { id: s.user.id })],
    ["a password reset", (s) => resetPassword(s.admin, { id: s.user.id })],
    ["12 idle hours", async (s) => s.clock.advance(12 * HOUR_MS)],
  ];
  test.each(endings)("is nobody on the very next request after %s", async (_name, end) => {
    const all = await scene();
    expect(await all.bySession()).toMatchObject({ kind: "user" });
    await end(all);
    expect(await all.bySession()).toEqual({ kind: "anonymous" });
  });

  test("ends after 7 days however busy", async () => {
    const { clock, bySession } = await scene();
    for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
      clock.advance(6 * HOUR_MS);
      expect(await bySession()).toMatchObject({ kind: "user" });
    }
    clock.advance(6 * HOUR_MS);
    expect(await bySession()).toEqual({ kind: "anonymous" });
  });

  test("other sessions end when the password changes, this one stays", async () => {
    const { own, user, bySession, world } = await scene();
    const other = await signedIn(database.db, user, world.now());
    await changePassword(own, { currentPassword: TEST_PASSWORD, newPassword: "another harbour, another tide" });
    expect(await bySession()).toMatchObject({ kind: "user" });
    expect(await actorFromRequest(await browser(other.sessionId), world)).toEqual({ kind: "anonymous" });
  });

  test("lastSeenAt is written at most once a minute", async () => {
    const { clock, bySession, sessionId } = await scene();
    const seen = async () => (await database.db.session.findUniqueOrThrow({ where: { id: sessionId } })).lastSeenAt;
    const start = await seen();
    clock.advance(MINUTE_MS - 1);
    await bySession();
    expect(await seen()).toEqual(start);
    clock.advance(2);
    await bySession();
    expect(await seen()).toEqual(clock());
  });
});

describe("API key (T4)", () => {
  test("acts with its owner's present role", async () => {
    const { byKey, admin, user, key } = await scene();
    expect(await byKey()).toEqual({ kind: "apiKey", id: key.id, name: "ci", ownerId: user.id, role: "editor", scopes: ["*"] });
    await updateUser(admin, { id: user.id, role: "viewer" });
    expect(await byKey()).toMatchObject({ role: "viewer" });
  });

  const endings: [string, (s: Awaited<ReturnType<typeof scene>>) => Promise<unknown>][] = [
    ["revocation", (s) => revokeKey(s.own, { id: s.key.id })],
    ["its owner was disabled", (s) => disableUser(s.admin, { id: s.user.id })],
    ["it expired", async (s) => s.clock.advance(30 * 24 * HOUR_MS)],
  ];
  test.each(endings)("is refused on the very next request after %s", async (_name, end) => {
    const all = await scene();
    expect(await all.byKey()).toMatchObject({ kind: "apiKey" });
    await end(all);
    await expect(all.byKey()).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("lastUsedAt is written at most once a minute", async () => {
    const { clock, byKey, key } = await scene();
    const used = async () => (await database.db.apiKey.findUniqueOrThrow({ where: { id: key.id } })).lastUsedAt;
    await byKey();
    const first = clock();
    clock.advance(MINUTE_MS - 1);
    await byKey();
    expect(await used()).toEqual(first);
    clock.advance(2);
    await byKey();
    expect(await used()).toEqual(clock());
  });

  test("wins over a cookie, also when it is bad", async () => {
    const { world, sessionId, plainKey } = await scene();
    const { headers } = await browser(sessionId);
    headers.set("x-api-key", plainKey);
    expect(await actorFromRequest({ headers }, world)).toMatchObject({ kind: "apiKey" });
    headers.set("x-api-key", "nonsense");
    await expect(actorFromRequest({ headers }, world)).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("does not appear in the database", async () => {
    const { plainKey } = await scene();
    const dump = JSON.stringify(await database.db.apiKey.findMany()) + (await auditText(testContext({ db: database.db })));
    expect(dump).not.toContain(plainKey.split("_")[2]);
  });

  test.each([
    ["no scheme", { authorization: "sw_abc" }],
    ["an empty bearer", { authorization: "Bearer " }],
    ["another scheme", { authorization: "Digest x=1" }],
    ["a list", { authorization: "Bearer a, Bearer b" }],
    ["an empty key", { "x-api-key": "" }],
    ["a well-formed unknown key", { "x-api-key": makeApiKey().plain }],
    ["two headers", { authorization: `Bearer ${makeApiKey().plain}`, "x-api-key": makeApiKey().plain }],
    ["ten kilobytes", { authorization: `Bearer ${"a".repeat(10_240)}` }],
    ["SQL", { "x-api-key": "sw_' OR 1=1 --" }],
  ])("refuses %s with unauthorized (T7)", async (_what, headers) => {
    await expect(actorFromRequest({ headers: new Headers(headers as Record<string, string>) }, { db: database.db, now: manualClock() })).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("leaves a proxy's Basic credentials alone", async () => {
    const headers = new Headers({ authorization: "Basic dXNlcjpwYXNz" });
    expect(await actorFromRequest({ headers }, { db: database.db, now: manualClock() })).toEqual(asActor("anonymous"));
  });
});

async function auditText(ctx: Context): Promise<string> {
  return JSON.stringify(await ctx.db.auditEntry.findMany(), (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}
