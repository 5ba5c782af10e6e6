import { beforeEach, describe, expect, test } from "vitest";
import { DAY_MS } from "../../platform/clock.ts";
import type { Actor } from "../../platform/context.ts";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, manualClock, testContext, testDatabase } from "../../platform/testing/database.ts";
import { exportAudit, listAudit, listKeys, listSessions } from "../queries/index.ts";
import { CreateKey, SCOPES } from "../schema.ts";
import { keyActor, makeUser, signedIn } from "../testing/people.ts";
import { createKey, disableUser, revokeKey, revokeOtherSessions, revokeSession, signIn, signOut } from "./index.ts";

const database = testDatabase();
const clock = manualClock();
const as = (actor: Actor) => testContext({ db: database.db, actor, now: clock });
const lastAudit = () => database.db.auditEntry.findFirst({ orderBy: { id: "desc" } });
const wish = { name: "ci", scopes: ["services:read"], expiresInDays: 30 } as const;
const all = { limit: 100, owner: "all" } as const;

beforeEach(async () => {
  await database.db.user.deleteMany();
  await forgetAudit(database.pool);
});

async function person(role: "admin" | "editor" | "viewer") {
  const user = await makeUser(database.db, role, clock());
  const actor = await signedIn(database.db, user, clock());
  return { user, actor, ctx: as(actor) };
}

describe("keys", () => {
  test("are shown once, listed without their text, and audited", async () => {
    const { ctx, user } = await person("viewer");
    const { key, plainKey } = await createKey(ctx, { ...wish, scopes: ["services:read", "services:read"] });
    expect(plainKey.startsWith(`${key.prefix}_`)).toBe(true);
    expect(key).toMatchObject({ ownerId: user.id, ownerRole: "viewer", scopes: ["services:read"], state: "active", expiresAt: new Date(clock().getTime() + 30 * DAY_MS) });
    expect(await listKeys(ctx, { limit: 20, owner: "me" })).toEqual({ items: [key], nextCursor: null });
    expect(await lastAudit()).toMatchObject({ action: "access.createKey", targetId: key.id });
    expect(JSON.stringify((await lastAudit())?.after)).not.toContain(plainKey);
  });

  test("cannot make keys", async () => {
    const { user } = await person("admin");
    await expect(createKey(as(keyActor(user)), { ...wish, scopes: ["*"] })).rejects.toMatchObject({ code: "forbidden" });
  });

  test("belong to their owner: others do not find them, an admin does", async () => {
    const [owner, other, admin] = [await person("viewer"), await person("editor"), await person("admin")];
    const { key } = await createKey(owner.ctx, { ...wish, scopes: ["*"] });
    await expect(revokeKey(other.ctx, { id: key.id })).rejects.toMatchObject({ code: "not_found" });
    await expect(listKeys(other.ctx, all)).rejects.toMatchObject({ code: "forbidden" });
    await expect(listKeys(other.ctx, { limit: 20, owner: "me", ownerId: owner.user.id })).rejects.toMatchObject({ code: "forbidden" });
    expect((await listKeys(admin.ctx, all)).items).toHaveLength(1);
    expect(await revokeKey(admin.ctx, { id: key.id })).toMatchObject({ state: "revoked" });
    await expect(revokeKey(owner.ctx, { id: key.id })).rejects.toMatchObject({ code: "conflict" });
    await expect(revokeKey(admin.ctx, { id: "key_none" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("are listed by state", async () => {
    const [owner, admin] = [await person("viewer"), await person("admin")];
    await createKey(owner.ctx, { ...wish, scopes: ["*"], expiresInDays: null });
    clock.advance(1); // ids of one millisecond are unordered
    await createKey(owner.ctx, { ...wish, scopes: ["*"] });
    clock.advance(31 * DAY_MS);
    const states = async () => (await listKeys(admin.ctx, all)).items.map((key) => key.state);
    expect(await states()).toEqual(["expired", "active"]);
    await disableUser(admin.ctx, { id: owner.user.id });
    expect(await states()).toEqual(["expired", "ownerDisabled"]);
    for (const state of ["expired", "ownerDisabled"] as const) expect((await listKeys(admin.ctx, { ...all, state })).items).toMatchObject([{ state }]);
    for (const state of ["active", "revoked"] as const) expect((await listKeys(admin.ctx, { ...all, state })).items).toEqual([]);
  });

  test("have known scopes and offered lifetimes only", () => {
    expect(CreateKey.safeParse({ ...wish, scopes: [...SCOPES] }).success).toBe(true);
    for (const wrong of [{ ...wish, scopes: ["everything"] }, { ...wish, scopes: [] }, { ...wish, expiresInDays: 31 }, { ...wish, name: " " }]) expect(CreateKey.safeParse(wrong).success).toBe(false);
  });
});

describe("sessions", () => {
  test("are one's own to see and to end; an admin's reach is everybody's", async () => {
    const [owner, other, admin] = [await person("viewer"), await person("editor"), await person("admin")];
    const second = await signedIn(database.db, owner.user, clock());
    const mine = await listSessions(owner.ctx, { limit: 20, owner: "me" });
    expect(new Map(mine.items.map((session) => [session.id, session.isCurrent]))).toEqual(new Map([[owner.actor.sessionId, true], [second.sessionId, false]]));
    await expect(revokeSession(other.ctx, { id: second.sessionId })).rejects.toMatchObject({ code: "not_found" });
    await expect(listSessions(other.ctx, all)).rejects.toMatchObject({ code: "forbidden" });
    expect((await listSessions(admin.ctx, all)).items).toHaveLength(4);
    await revokeSession(admin.ctx, { id: second.sessionId });
    expect(await lastAudit()).toMatchObject({ action: "access.revokeSession", targetId: second.sessionId });
    await expect(revokeSession(owner.ctx, { id: second.sessionId })).rejects.toMatchObject({ code: "not_found" });
  });

  test("others of one's own end together", async () => {
    const { ctx, user } = await person("viewer");
    await signedIn(database.db, user, clock());
    expect(await revokeOtherSessions(ctx)).toEqual({ revoked: 1 });
    expect((await listSessions(ctx, { limit: 20, owner: "me" })).items).toMatchObject([{ isCurrent: true }]);
  });
});

describe("signing in and out", () => {
  test("opens a new session, ends the browser's old one, and both are audited as the person", async () => {
    const { ctx, user, actor } = await person("editor");
    const { sessionId } = await signIn(ctx, { email: user.email, password: "a harbour at low tide" });
    expect(sessionId).not.toBe(actor.sessionId);
    expect((await database.db.session.findUniqueOrThrow({ where: { id: actor.sessionId } })).revokedAt).not.toBeNull();
    expect(await lastAudit()).toMatchObject({ action: "access.signIn", actorId: user.id, actorLabel: user.name });
    expect((await database.db.user.findUniqueOrThrow({ where: { id: user.id } })).lastSignInAt).toEqual(clock());
    await signOut(ctx, sessionId);
    await signOut(ctx, sessionId);
    expect(await database.db.auditEntry.count({ where: { action: "access.signOut" } })).toBe(1);
  });

  test("tells a wrong password, a disabled user and an unknown one apart to nobody", async () => {
    const [{ user }, off, admin] = [await person("viewer"), await person("viewer"), await person("admin")];
    await disableUser(admin.ctx, { id: off.user.id });
    const nobody = (n: number) => ({ ...as(asActor("anonymous")), clientAddress: `192.0.2.${n}` });
    const tries = [
      { email: user.email, password: "wrong" },
      { email: off.user.email, password: "a harbour at low tide" },
      { email: "nobody@example.com", password: "a harbour at low tide" },
      { email: "", password: "" },
      { email: user.email, password: "x".repeat(5_000) },
    ];
    for (const [n, attempt] of tries.entries()) await expect(signIn(nobody(n), attempt)).rejects.toMatchObject({ code: "unauthorized", message: expect.stringMatching(/^That email and password do not match\./) });
    expect(await database.db.auditEntry.count({ where: { action: "access.signInFailed" } })).toBe(tries.length);
  });

  test("of 200 guesses at once, five passwords are looked at (T5, G04)", async () => {
    const { user } = await person("viewer");
    const guesser = { ...as(asActor("anonymous")), clientAddress: "198.51.100.7" };
    const guesses = await Promise.allSettled(Array.from({ length: 200 }, (_, n) => signIn(guesser, { email: user.email, password: `guess number ${n}` })));
    const codes = guesses.map((guess) => (guess.status === "rejected" ? (guess.reason as { code: string }).code : "in"));
    expect([codes.filter((code) => code === "unauthorized").length, codes.filter((code) => code === "limit").length]).toEqual([5, 195]);
    await expect(signIn(guesser, { email: user.email, password: "a harbour at low tide" })).rejects.toMatchObject({ code: "limit", detail: { retryAfterSeconds: expect.any(Number) } });
    await signIn({ ...guesser, clientAddress: "198.51.100.8" }, { email: user.email, password: "a harbour at low tide" });
  });

  test("a right password is no failure", async () => {
    const { user } = await person("viewer");
    const ctx = { ...as(asActor("anonymous")), clientAddress: "198.51.100.9" };
    for (let n = 0; n < 8; n++) expect(await signIn(ctx, { email: user.email, password: "a harbour at low tide" })).toMatchObject({ sessionId: expect.any(String) });
  });
});

describe("audit", () => {
  test("is listed newest first, by page and by every filter, and exported", async () => {
    const { ctx, user } = await person("admin");
    for (let n = 0; n < 5; n++) {
      clock.advance(1_000);
      await createKey(ctx, { ...wish, name: `=key ${n}`, scopes: ["*"] });
    }
    const first = await listAudit(ctx, { limit: 3 });
    const second = await listAudit(ctx, { limit: 3, cursor: first.nextCursor ?? undefined });
    expect([...first.items, ...second.items].map((entry) => entry.summary.match(/\d/)?.[0])).toEqual(["4", "3", "2", "1", "0"]);
    const filters = [{ actor: user.id }, { actor: user.name.toUpperCase() }, { action: "access." }, { target: "apiKey" }, { text: "CREATED" }, { from: new Date(0), to: new Date(clock().getTime() + 1) }];
    for (const filter of filters) expect((await listAudit(ctx, { limit: 100, ...filter })).items).toHaveLength(5);
    for (const filter of [{ actor: "nobody" }, { action: "services." }, { target: "x" }, { text: "zzz" }, { to: new Date(0) }]) expect((await listAudit(ctx, { limit: 100, ...filter })).items).toEqual([]);
    expect((await listAudit(ctx, { limit: 100, from: clock() })).items).toHaveLength(1);
    const { csv, rows, isComplete, fileName } = await exportAudit(ctx, {});
    expect([rows, isComplete, csv.trim().split("\r\n").length]).toEqual([5, true, 6]);
    expect(fileName).toMatch(/^seaworthy-audit-[\dT-]+\.csv$/);
  });
});
