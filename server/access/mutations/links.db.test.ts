import { beforeEach, describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../platform/clock.ts";
import type { Actor, Context } from "../../platform/context.ts";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, manualClock, testContext, testDatabase } from "../../platform/testing/database.ts";
import { getUser, openLink } from "../queries/index.ts";
import { keyActor, makeUser, signedIn, TEST_PASSWORD } from "../testing/people.ts";
import { acceptInvitation, changePassword, disableUser, enableUser, inviteUser, issueResetLink, renewInvitation, resetPassword, resetPasswordByLink, signIn } from "./index.ts";

const database = testDatabase();
const clock = manualClock();
let callers = 0;
const as = (actor: Actor): Context => testContext({ db: database.db, actor, now: clock, clientAddress: `198.51.100.${++callers % 250}` });
const nobody = () => as(asActor("anonymous"));
const lastAudit = () => database.db.auditEntry.findFirst({ orderBy: { id: "desc" } });
const tokenOf = (url: string) => url.split("#")[1] ?? "";
const NEW_PASSWORD = "another harbour, another tide";
const GONE = { code: "invalid", message: expect.stringContaining("does not work any more") };

beforeEach(async () => {
  await database.db.user.deleteMany();
  await forgetAudit(database.pool);
});

async function scene() {
  const admin = as(await signedIn(database.db, await makeUser(database.db, "admin", clock()), clock()));
  const invite = async (email = "new@example.com") => {
    const { user, link } = await inviteUser(admin, { email, role: "editor", delivery: "show" });
    if (!link) throw new Error("no link was shown");
    return { user, link, token: tokenOf(link?.url ?? "") };
  };
  return { admin, invite };
}

describe("invitation", () => {
  test("makes an account that cannot sign in, and a link that lets its owner, once", async () => {
    const { admin, invite } = await scene();
    const { user, link, token } = await invite();
    expect(user).toMatchObject({ email: "new@example.com", role: "editor", isInvited: true });
    expect(link).toEqual({ url: expect.stringMatching(/^http.*\/accept-invitation#[\w-]{43}$/), expiresAt: new Date(clock().getTime() + 7 * DAY_MS) });
    expect(await lastAudit()).toMatchObject({ action: "access.inviteUser", targetId: user.id });
    const stored = JSON.stringify([await database.db.oneTimeLink.findMany(), await lastAudit()], (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    expect(stored).not.toContain(token);
    for (const password of ["", "x", TEST_PASSWORD]) await expect(signIn(nobody(), { email: user.email, password })).rejects.toMatchObject({ code: "unauthorized" });
    expect(await openLink(nobody(), { token })).toEqual({ kind: "invitation", email: user.email, name: user.email, expiresAt: link.expiresAt });
    expect(await acceptInvitation(nobody(), { token, name: "Noor", password: NEW_PASSWORD })).toEqual({ email: user.email });
    expect(await lastAudit()).toMatchObject({ action: "access.acceptInvitation", actorKind: "anonymous", targetId: user.id });
    await signIn(nobody(), { email: user.email, password: NEW_PASSWORD });
    expect(await getUser(admin, user.id)).toMatchObject({ name: "Noor", isInvited: false });
    await expect(acceptInvitation(nobody(), { token, name: "Mallory", password: "yet another long secret" })).rejects.toMatchObject(GONE);
    await expect(openLink(nobody(), { token })).rejects.toMatchObject(GONE);
  });

  test("of two acceptances at once, one wins", async () => {
    const { token } = await (await scene()).invite();
    const both = await Promise.allSettled(["A", "B"].map((name) => acceptInvitation(nobody(), { token, name, password: NEW_PASSWORD })));
    expect(both.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  });

  test("is refused to keys, for a taken email, and twice", async () => {
    const { admin, invite } = await scene();
    const { user } = await invite();
    await expect(invite()).rejects.toMatchObject({ code: "conflict", detail: { fields: { email: expect.any(String) } } });
    await expect(inviteUser(as(keyActor(await makeUser(database.db, "admin"))), { email: "k@example.com", role: "viewer", delivery: "show" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(issueResetLink(admin, { id: user.id, delivery: "show" })).rejects.toMatchObject({ code: "precondition" });
    await expect(renewInvitation(admin, { id: "usr_none", delivery: "show" })).rejects.toMatchObject({ code: "not_found" });
    await expect(renewInvitation(admin, { id: (await makeUser(database.db, "viewer")).id, delivery: "show" })).rejects.toMatchObject({ code: "precondition" });
  });

  test("renewed makes the old link worthless", async () => {
    const { admin, invite } = await scene();
    const { user, token } = await invite();
    const renewed = await renewInvitation(admin, { id: user.id, delivery: "show" });
    expect(await lastAudit()).toMatchObject({ action: "access.renewInvitation" });
    await expect(acceptInvitation(nobody(), { token, name: "X", password: NEW_PASSWORD })).rejects.toMatchObject(GONE);
    await acceptInvitation(nobody(), { token: tokenOf(renewed.link?.url ?? ""), name: "Noor", password: NEW_PASSWORD });
  });

  test("a weak password leaves the link usable", async () => {
    const { token } = await (await scene()).invite();
    await expect(acceptInvitation(nobody(), { token, name: "Noor", password: "short" })).rejects.toMatchObject({ code: "invalid", detail: { fields: { password: expect.any(String) } } });
    expect(await acceptInvitation(nobody(), { token, name: "Noor", password: NEW_PASSWORD })).toEqual({ email: "new@example.com" });
  });
});

describe("password reset", () => {
  async function reset() {
    const { admin } = await scene();
    const user = await makeUser(database.db, "viewer", clock());
    const actor = await signedIn(database.db, user, clock());
    const { link } = await issueResetLink(admin, { id: user.id, delivery: "show" });
    return { admin, user, actor, link, token: tokenOf(link?.url ?? "") };
  }
  const use = (token: string) => resetPasswordByLink(nobody(), { token, password: NEW_PASSWORD });

  test("by link sets the password once and ends every session; a replay is refused", async () => {
    const { user, actor, link, token } = await reset();
    expect(link).toEqual({ url: expect.stringMatching(/\/reset-password#[\w-]{43}$/), expiresAt: new Date(clock().getTime() + HOUR_MS) });
    expect(await lastAudit()).toMatchObject({ action: "access.issueResetLink", targetId: user.id });
    await signIn(nobody(), { email: user.email, password: TEST_PASSWORD });
    await use(token);
    expect(await database.db.session.count({ where: { userId: user.id, revokedAt: null } })).toBe(0);
    expect((await database.db.session.findUniqueOrThrow({ where: { id: actor.sessionId } })).revokedAt).not.toBeNull();
    expect(await lastAudit()).toMatchObject({ action: "access.resetPasswordByLink" });
    await expect(signIn(nobody(), { email: user.email, password: TEST_PASSWORD })).rejects.toMatchObject({ code: "unauthorized" });
    await signIn(nobody(), { email: user.email, password: NEW_PASSWORD });
    await expect(use(token)).rejects.toMatchObject(GONE);
  });

  const endings: [string, (s: Awaited<ReturnType<typeof reset>>) => Promise<unknown>][] = [
    ["an hour", async () => clock.advance(HOUR_MS)],
    ["another link", (s) => issueResetLink(s.admin, { id: s.user.id, delivery: "show" })],
    ["the person changed the password", (s) => changePassword(as(s.actor), { currentPassword: TEST_PASSWORD, newPassword: "a third harbour, a third tide" })],
    ["an admin made a new password", (s) => resetPassword(s.admin, { id: s.user.id })],
    ["the account was disabled", (s) => disableUser(s.admin, { id: s.user.id })],
    ["the account was disabled and enabled", async (s) => (await disableUser(s.admin, { id: s.user.id }), enableUser(s.admin, { id: s.user.id }))],
  ];
  test.each(endings)("by link is refused after %s", async (_name, end) => {
    const all = await reset();
    await end(all);
    await expect(use(all.token)).rejects.toMatchObject(GONE);
    await expect(openLink(nobody(), { token: all.token })).rejects.toMatchObject(GONE);
  });

  test("by the link of an invitation is refused, and the other way round", async () => {
    const { token } = await reset();
    await expect(acceptInvitation(nobody(), { token, name: "X", password: NEW_PASSWORD })).rejects.toMatchObject(GONE);
    await use(token);
  });

  test("guessing tokens blocks the address like guessing passwords (T5)", async () => {
    const guesser = nobody();
    const codes: string[] = [];
    for (let n = 0; n < 7; n++) codes.push(await openLink(guesser, { token: `guess${n}` }).then(() => "in", (error: { code: string }) => error.code));
    expect(codes).toEqual(["invalid", "invalid", "invalid", "invalid", "invalid", "limit", "limit"]);
  });

  test("is not offered for a disabled account, nor to keys", async () => {
    const { admin, user } = await reset();
    await disableUser(admin, { id: user.id });
    await expect(issueResetLink(admin, { id: user.id, delivery: "show" })).rejects.toMatchObject({ code: "precondition" });
    await expect(issueResetLink(as(keyActor(user)), { id: user.id, delivery: "show" })).rejects.toMatchObject({ code: "forbidden" });
  });
});
