import { beforeEach, describe, expect, test } from "vitest";
import { createCallerFactory } from "../../platform/trpc.ts";
import type { Actor, Context } from "../../platform/context.ts";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { getUser, listUsers } from "../queries/index.ts";
import { accessRouter } from "../router.ts";
import { keyActor, makeUser, signedIn } from "../testing/people.ts";
import { changePassword, createUser, disableUser, enableUser, resetPassword, signIn, updateUser } from "./index.ts";

const database = testDatabase();
const caller = createCallerFactory(accessRouter);
let callers = 0;
const as = (actor: Actor): Context => testContext({ db: database.db, actor, clientAddress: `203.0.113.${++callers % 250}` });
const lastAudit = () => database.db.auditEntry.findFirst({ orderBy: { id: "desc" } });

beforeEach(async () => {
  await database.db.user.deleteMany();
  await forgetAudit(database.pool);
});

async function admin() {
  const user = await makeUser(database.db, "admin");
  return { user, ctx: as(await signedIn(database.db, user)) };
}

describe("createUser", () => {
  test("returns a generated password once, which signs in", async () => {
    const { ctx } = await admin();
    const { user, generatedPassword } = await createUser(ctx, { email: "new@example.com", name: "New", role: "editor" });
    expect(generatedPassword).toMatch(/^[0-9A-Za-z]{20}$/);
    expect(await lastAudit()).toMatchObject({ action: "access.createUser", targetId: user.id, actorId: expect.stringMatching(/^usr_/) });
    expect(JSON.stringify((await lastAudit())?.after)).not.toContain(generatedPassword);
    await signIn(as(asActor("anonymous")), { email: "new@example.com", password: generatedPassword ?? "" });
  });

  test("refuses a taken email, a weak password and a key", async () => {
    const { ctx, user } = await admin();
    await expect(createUser(ctx, { email: user.email, name: "X", role: "viewer" })).rejects.toMatchObject({ code: "conflict" });
    await expect(createUser(ctx, { email: "a@example.com", name: "X", role: "viewer", password: "short" })).rejects.toMatchObject({ code: "invalid" });
    await expect(createUser(as(keyActor(user)), { email: "a@example.com", name: "X", role: "viewer" })).rejects.toMatchObject({ code: "forbidden" });
    expect(await database.db.user.count()).toBe(1);
  });

  test("of two at once with one email, one wins", async () => {
    const { ctx } = await admin();
    const twice = [1, 2].map(() => createUser(ctx, { email: "same@example.com", name: "Same", role: "viewer" }));
    expect((await Promise.allSettled(twice)).map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("roles and states", () => {
  test("a change is audited with before and after", async () => {
    const { ctx } = await admin();
    const user = await makeUser(database.db, "viewer");
    expect(await updateUser(ctx, { id: user.id, role: "editor", name: "Renamed" })).toMatchObject({ role: "editor", name: "Renamed" });
    expect(await lastAudit()).toMatchObject({ action: "access.updateUser", before: { role: "viewer" }, after: { role: "editor" } });
  });

  test("the last enabled admin can be neither demoted nor disabled", async () => {
    const { ctx, user } = await admin();
    const other = await makeUser(database.db, "admin");
    await disableUser(ctx, { id: other.id });
    await expect(updateUser(ctx, { id: user.id, role: "editor" })).rejects.toMatchObject({ code: "precondition", message: expect.stringContaining("last enabled administrator") });
    await expect(disableUser(ctx, { id: user.id })).rejects.toMatchObject({ code: "precondition" });
    await enableUser(ctx, { id: other.id });
    expect(await updateUser(ctx, { id: user.id, role: "editor" })).toMatchObject({ role: "editor" });
  });

  test("two admins who demote or disable each other at once leave one, 50 times", async () => {
    for (let round = 0; round < 50; round++) {
      await database.db.user.deleteMany();
      const [a, b] = [await admin(), await admin()];
      const remove = (ctx: Context, id: string) => (round % 2 === 0 ? updateUser(ctx, { id, role: "viewer" }) : disableUser(ctx, { id }));
      await Promise.allSettled([remove(a.ctx, b.user.id), remove(b.ctx, a.user.id)]);
      expect(await database.db.user.count({ where: { role: "admin", disabledAt: null } })).toBe(1);
    }
  });

  test("disabling ends sessions for good; twice is a conflict; unknown is not_found", async () => {
    const { ctx } = await admin();
    const user = await makeUser(database.db, "viewer");
    await signedIn(database.db, user);
    expect(await getUser(ctx, user.id)).toMatchObject({ liveSessions: 1 });
    expect(await disableUser(ctx, { id: user.id })).toMatchObject({ liveSessions: 0, disabledAt: expect.any(Date) });
    await expect(disableUser(ctx, { id: user.id })).rejects.toMatchObject({ code: "conflict" });
    expect(await enableUser(ctx, { id: user.id })).toMatchObject({ liveSessions: 0, disabledAt: null });
    await expect(enableUser(ctx, { id: user.id })).rejects.toMatchObject({ code: "conflict" });
    for (const change of [disableUser, enableUser, resetPassword]) await expect(change(ctx, { id: "usr_none" })).rejects.toMatchObject({ code: "not_found" });
    await expect(updateUser(ctx, { id: "usr_none", name: "X" })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("passwords", () => {
  test("a reset is shown once, ends sessions and replaces the old one", async () => {
    const { ctx } = await admin();
    const user = await makeUser(database.db, "viewer");
    await signedIn(database.db, user);
    const { generatedPassword, user: after } = await resetPassword(ctx, { id: user.id });
    expect(after.liveSessions).toBe(0);
    await expect(signIn(as(asActor("anonymous")), { email: user.email, password: "a harbour at low tide" })).rejects.toMatchObject({ code: "unauthorized" });
    await signIn(as(asActor("anonymous")), { email: user.email, password: generatedPassword ?? "" });
    expect(JSON.stringify(await database.db.auditEntry.findMany({ select: { after: true, before: true, summary: true } }))).not.toContain(generatedPassword);
  });

  test("changing needs the present one and a good new one", async () => {
    const { ctx, user } = await admin();
    const good = { currentPassword: "a harbour at low tide", newPassword: "another tide, another day" };
    await expect(changePassword(ctx, { ...good, currentPassword: "wrong" })).rejects.toMatchObject({ code: "invalid", detail: { fields: { currentPassword: expect.any(String) } } });
    await expect(changePassword(ctx, { ...good, newPassword: user.email })).rejects.toMatchObject({ code: "invalid", detail: { fields: { newPassword: expect.any(String) } } });
    await expect(changePassword(as(keyActor(user)), good)).rejects.toMatchObject({ code: "forbidden" });
    expect(await changePassword(ctx, good)).toEqual({ ok: true });
    expect(await lastAudit()).toMatchObject({ action: "access.changePassword", targetId: user.id });
  });

  test("of two changes at once, one wins", async () => {
    const { ctx } = await admin();
    const change = (newPassword: string) => changePassword(ctx, { currentPassword: "a harbour at low tide", newPassword });
    const results = await Promise.allSettled([change("first new password"), change("second new password")]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("through the router", () => {
  const id = "usr_none";
  test.each(["viewer", "editor"] as const)("a %s manages nobody and reads no audit", async (role) => {
    const call = caller(as(asActor(role)));
    const refused = [call.users({}), call.createUser({ email: "a@b.example", name: "A", role: "admin" }), call.updateUser({ id, role: "admin" }), call.disableUser({ id }), call.enableUser({ id }), call.resetPassword({ id }), call.audit({}), call.exportAudit({})];
    for (const attempt of refused) await expect(attempt).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await call.me({})).toMatchObject({ role });
  });

  test("nobody is told to sign in", async () => {
    const call = caller(as(asActor("anonymous")));
    await expect(call.me({})).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    expect(await call.setupState({})).toMatchObject({ isNeeded: true });
  });

  test("fields that are not asked for are ignored (T3)", async () => {
    const { ctx } = await admin();
    const input = { email: "n@example.com", name: "N", role: "viewer", id: "usr_mine", passwordHash: "x", disabledAt: null } as const;
    const { user } = await caller(ctx).createUser(input);
    expect(user.id).not.toBe("usr_mine");
    expect(Object.keys(user).join()).not.toMatch(/hash|secret|token|cipher/i);
  });
});

test("users are listed by page, filter and search", async () => {
  const { ctx } = await admin();
  for (const role of ["viewer", "viewer", "editor"] as const) await makeUser(database.db, role);
  const first = await listUsers(ctx, { limit: 3 });
  const second = await listUsers(ctx, { limit: 3, cursor: first.nextCursor ?? undefined });
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 1, null]);
  expect(new Set([...first.items, ...second.items].map((user) => user.id)).size).toBe(4);
  expect((await listUsers(ctx, { limit: 20, role: "viewer" })).items).toHaveLength(2);
  expect((await listUsers(ctx, { limit: 20, state: "disabled" })).items).toHaveLength(0);
  expect((await listUsers(ctx, { limit: 20, search: "EDITOR" })).items).toHaveLength(1);
  await expect(listUsers(ctx, { limit: 3, cursor: "bogus" })).rejects.toMatchObject({ code: "invalid" });
});
