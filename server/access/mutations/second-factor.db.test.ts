import { beforeEach, describe, expect, test } from "vitest";
import { codeOfStep, stepAt } from "../../platform/auth/totp.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Actor, Context } from "../../platform/context.ts";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, manualClock, testContext, testDatabase } from "../../platform/testing/database.ts";
import { getSecondFactor, getUser } from "../queries/index.ts";
import { keyActor, makeUser, signedIn, TEST_PASSWORD } from "../testing/people.ts";
import { beginSecondFactor, changePassword, confirmSecondFactor, disableSecondFactor, renewRecoveryCodes, resetAccount, resetSecondFactor, signIn } from "./index.ts";

const database = testDatabase();
const clock = manualClock();
let callers = 0;
/** Each call from an address of its own, so that only the account's own counters are met. */
const as = (actor: Actor): Context => testContext({ db: database.db, actor, now: clock, clientAddress: `203.0.113.${++callers % 250}` });
const nobody = () => as(asActor("anonymous"));
const lastAudit = () => database.db.auditEntry.findFirst({ orderBy: { id: "desc" } });
const proof = { password: TEST_PASSWORD };

beforeEach(async () => {
  clock.advance(HOUR_MS);
  await database.db.user.deleteMany();
  await forgetAudit(database.pool);
});

/** A person whose second factor is on. */
async function enrolled() {
  const user = await makeUser(database.db, "editor", clock());
  const actor = await signedIn(database.db, user, clock());
  const { key } = await beginSecondFactor(as(actor), proof);
  const code = (offset = 0) => codeOfStep(key, stepAt(clock()) + offset);
  const { recoveryCodes } = await confirmSecondFactor(as(actor), { code: code() });
  clock.advance(MINUTE_MS);
  const enter = (typed?: string) => signIn(nobody(), { email: user.email, password: TEST_PASSWORD, code: typed });
  return { user, actor, key, code, recoveryCodes, enter };
}

describe("setting up", () => {
  test("shows the secret once, stores it sealed, and counts only after a first code", async () => {
    const user = await makeUser(database.db, "viewer", clock());
    const actor = await signedIn(database.db, user, clock());
    const other = await signedIn(database.db, user, clock());
    const { key, uri } = await beginSecondFactor(as(actor), proof);
    expect(uri).toContain(`secret=${key}`);
    expect((await database.db.secondFactor.findUniqueOrThrow({ where: { userId: user.id } })).secret).not.toContain(key);
    expect(await getSecondFactor(as(actor))).toEqual({ isOn: false, since: null, recoveryCodesLeft: 0, hasPassword: true });
    await signIn(nobody(), { email: user.email, password: TEST_PASSWORD });
    await expect(confirmSecondFactor(as(actor), { code: "000000" })).rejects.toMatchObject({ code: "invalid", detail: { fields: { code: expect.any(String) } } });
    const { recoveryCodes } = await confirmSecondFactor(as(actor), { code: codeOfStep(key, stepAt(clock())) });
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await getSecondFactor(as(actor))).toMatchObject({ isOn: true, since: clock(), recoveryCodesLeft: 10 });
    expect(await getUser(as(actor), user.id)).toMatchObject({ hasSecondFactor: true, liveSessions: 1 });
    expect((await database.db.session.findUniqueOrThrow({ where: { id: other.sessionId } })).revokedAt).not.toBeNull();
    expect(await lastAudit()).toMatchObject({ action: "access.confirmSecondFactor", targetId: user.id });
    const stored = JSON.stringify(await database.db.recoveryCode.findMany());
    for (const code of recoveryCodes) expect(stored).not.toContain(code);
  });

  test("needs the password, a person, and no second factor yet", async () => {
    const { actor, user } = await enrolled();
    await expect(beginSecondFactor(as(actor), proof)).rejects.toMatchObject({ code: "conflict" });
    await expect(beginSecondFactor(as(actor), { password: "wrong password here" })).rejects.toMatchObject({ code: "invalid", detail: { fields: { password: expect.any(String) } } });
    await expect(beginSecondFactor(as(keyActor(user)), proof)).rejects.toMatchObject({ code: "forbidden" });
    await expect(confirmSecondFactor(as(actor), { code: "1" })).rejects.toMatchObject({ code: "conflict" });
    await expect(getSecondFactor(as(keyActor(user)))).rejects.toMatchObject({ code: "forbidden" });
  });

  test("cannot be confirmed before it was begun, nor without a password of one's own", async () => {
    const user = await makeUser(database.db, "viewer", clock());
    const actor = await signedIn(database.db, user, clock());
    await expect(confirmSecondFactor(as(actor), { code: "123456" })).rejects.toMatchObject({ code: "precondition" });
    await database.db.user.updateMany({ data: { passwordHash: null } });
    await expect(beginSecondFactor(as(actor), proof)).rejects.toMatchObject({ code: "precondition" });
  });

  test("of two confirmations at once, one wins", async () => {
    const user = await makeUser(database.db, "viewer", clock());
    const actor = await signedIn(database.db, user, clock());
    const { key } = await beginSecondFactor(as(actor), proof);
    const both = await Promise.allSettled([1, 2].map(() => confirmSecondFactor(as(actor), { code: codeOfStep(key, stepAt(clock())) })));
    expect(both.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    expect(await database.db.recoveryCode.count()).toBe(10);
  });
});

describe("signing in", () => {
  test("asks for a code after the right password only", async () => {
    const { user, enter, code } = await enrolled();
    await expect(enter()).rejects.toMatchObject({ code: "precondition" });
    await expect(signIn(nobody(), { email: user.email, password: "wrong password here" })).rejects.toMatchObject({ code: "unauthorized", message: expect.stringContaining("email and password") });
    await expect(signIn(nobody(), { email: user.email, password: "wrong password here", code: code() })).rejects.toMatchObject({ message: expect.stringContaining("email and password") });
    const { sessionId } = await enter(code());
    expect(await database.db.session.findUniqueOrThrow({ where: { id: sessionId } })).toMatchObject({ signedInBy: "password and code" });
  });

  test("takes a code once, also of two at the same time", async () => {
    const { enter, code } = await enrolled();
    const both = await Promise.allSettled([enter(code()), enter(code())]);
    expect(both.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    await expect(enter(code())).rejects.toMatchObject({ code: "unauthorized" });
    await expect(enter(code(-1))).rejects.toMatchObject({ code: "unauthorized" });
    clock.advance(30 * SECOND_MS);
    await enter(code());
  });

  test("takes the code of a clock that is a step off, not of two steps", async () => {
    const { enter, code } = await enrolled();
    for (const offset of [-2, 2]) await expect(enter(code(offset))).rejects.toMatchObject({ code: "unauthorized" });
    await enter(code(1));
  });

  test("takes each recovery code once, typed in any way", async () => {
    const { actor, enter, recoveryCodes } = await enrolled();
    const [first = "", second = ""] = recoveryCodes;
    const both = await Promise.allSettled([enter(first), enter(first.toLowerCase().replaceAll("-", " "))]);
    expect(both.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    await enter(second.replaceAll("-", ""));
    expect(await getSecondFactor(as(actor))).toMatchObject({ recoveryCodesLeft: 8 });
  });

  test("of a burst of guesses from many addresses, five are looked at, then each has to wait (T5)", async () => {
    const { user, enter, code } = await enrolled();
    const guesses = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => enter(String(n).padStart(6, "0"))));
    const codes = guesses.map((guess) => (guess.status === "rejected" ? (guess.reason as { code: string }).code : "in"));
    expect(codes.filter((each) => each !== "limit").length).toBeLessThanOrEqual(5);
    await expect(enter(code())).rejects.toMatchObject({ code: "limit", detail: { retryAfterSeconds: expect.any(Number) } });
    clock.advance(2 * MINUTE_MS);
    await enter(code());
    expect(await database.db.secondFactor.findUniqueOrThrow({ where: { userId: user.id } })).toMatchObject({ failures: 0 });
  });

  test("asking for the code step does not forgive wrong codes", async () => {
    const { user, enter } = await enrolled();
    for (let n = 0; n < 3; n++) {
      await expect(enter("000000")).rejects.toMatchObject({ code: "unauthorized" });
      await expect(enter()).rejects.toMatchObject({ code: "precondition" });
    }
    expect(await database.db.secondFactor.findUniqueOrThrow({ where: { userId: user.id } })).toMatchObject({ failures: 3 });
    expect(await lastAudit()).toMatchObject({ action: "access.signInFailed", targetId: user.id });
  });
});

describe("turning it off", () => {
  test("takes the password, and removes the recovery codes", async () => {
    const { actor, user } = await enrolled();
    await expect(disableSecondFactor(as(actor), { password: "wrong password here" })).rejects.toMatchObject({ code: "invalid" });
    await disableSecondFactor(as(actor), proof);
    expect(await database.db.recoveryCode.count()).toBe(0);
    expect(await lastAudit()).toMatchObject({ action: "access.disableSecondFactor" });
    await expect(disableSecondFactor(as(actor), proof)).rejects.toMatchObject({ code: "precondition" });
    await signIn(nobody(), { email: user.email, password: TEST_PASSWORD });
  });

  test("by an admin ends the person's sessions", async () => {
    const { user, actor } = await enrolled();
    const admin = as(await signedIn(database.db, await makeUser(database.db, "admin", clock()), clock()));
    expect(await resetSecondFactor(admin, { id: user.id })).toMatchObject({ hasSecondFactor: false, liveSessions: 0 });
    expect((await database.db.session.findUniqueOrThrow({ where: { id: actor.sessionId } })).revokedAt).not.toBeNull();
    expect(await lastAudit()).toMatchObject({ action: "access.resetSecondFactor", targetId: user.id });
    await expect(resetSecondFactor(admin, { id: user.id })).rejects.toMatchObject({ code: "precondition" });
    await expect(resetSecondFactor(admin, { id: "usr_none" })).rejects.toMatchObject({ code: "not_found" });
    await expect(resetSecondFactor(as(keyActor(user)), { id: user.id })).rejects.toMatchObject({ code: "forbidden" });
  });

  test("from the command line comes with resetting the account", async () => {
    const { user, enter } = await enrolled();
    await resetAccount(as(asActor("system")), { id: user.id, email: user.email, name: user.name, role: "editor", password: TEST_PASSWORD, reset: true });
    expect(await enter()).toMatchObject({ sessionId: expect.any(String) });
  });
});

test("new recovery codes replace the old ones", async () => {
  const { actor, enter, recoveryCodes } = await enrolled();
  const fresh = await renewRecoveryCodes(as(actor), proof);
  expect(await lastAudit()).toMatchObject({ action: "access.renewRecoveryCodes" });
  await expect(enter(recoveryCodes[0] ?? "")).rejects.toMatchObject({ code: "unauthorized" });
  await enter(fresh.recoveryCodes[0] ?? "");
  await disableSecondFactor(as(actor), proof);
  await expect(renewRecoveryCodes(as(actor), proof)).rejects.toMatchObject({ code: "precondition" });
});

test("a new password leaves the second factor on", async () => {
  const { user, actor } = await enrolled();
  await changePassword(as(actor), { currentPassword: TEST_PASSWORD, newPassword: "another harbour, another tide" });
  await expect(signIn(nobody(), { email: user.email, password: "another harbour, another tide" })).rejects.toMatchObject({ code: "precondition" });
});
