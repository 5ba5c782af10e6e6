/** Links that go by mail: to the right person, once, with a token that nothing but the mail holds. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { HOUR_MS } from "../../platform/clock.ts";
import { environment, parseConfig } from "../../platform/config.ts";
import type { Actor, Context } from "../../platform/context.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import { smtpSink, type Sink } from "../../platform/mail/testing/smtp-sink.ts";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, manualClock, testContext, testDatabase } from "../../platform/testing/database.ts";
import { handlers } from "../handlers.ts";
import { getUser } from "../queries/index.ts";
import { makeUser, signedIn } from "../testing/people.ts";
import { acceptInvitation, answerForgottenPassword, disableUser, inviteUser, issueResetLink, mailLink, requestPasswordLink, resetPasswordByLink, signIn } from "./index.ts";

const database = testDatabase();
const clock = manualClock();
const http = createOutbound({ allow: ["127.0.0.1"] });
const NEW_PASSWORD = "another harbour, another tide";
let sink: Sink;
let callers = 0;

const as = (actor: Actor): Context => testContext({ db: database.db, actor, now: clock, http, clientAddress: `198.51.100.${++callers % 250}` });
const worker = () => as(asActor("system"));
const nobody = () => as(asActor("anonymous"));
const latestLink = () => database.db.oneTimeLink.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
const tokenIn = (source: string | undefined) => /#([\w-]{43})/.exec((source ?? "").replaceAll("=\n", ""))?.[1] ?? "";
const queued = (name: string) => database.db.$queryRaw<{ data: unknown }[]>`SELECT data FROM pgboss.job WHERE name = ${name}`;
const send = async (isLast = false) => mailLink(worker(), { linkId: (await latestLink()).id, isLast });

beforeAll(async () => {
  sink = await smtpSink();
  Object.assign(globalThis, { seaworthyConfig: parseConfig({ ...environment(), SMTP_URL: `smtp://127.0.0.1:${sink.port}`, SMTP_FROM: "Seaworthy <ops@example.com>" }) });
});
afterAll(async () => {
  Object.assign(globalThis, { seaworthyConfig: undefined });
  await sink.close();
});
beforeEach(async () => {
  await database.db.user.deleteMany();
  await forgetAudit(database.pool);
});
afterEach(() => {
  sink.set("takes");
  sink.received.length = 0;
});

async function scene() {
  const person = await makeUser(database.db, "editor", clock());
  const admin = as(await signedIn(database.db, await makeUser(database.db, "admin", clock()), clock()));
  return { admin, person };
}

describe("an invitation", () => {
  test("goes to its owner, is accepted, and its token is nowhere but in the mail", async () => {
    const { admin } = await scene();
    const made = await inviteUser(admin, { email: "noor@example.com", role: "viewer", delivery: "mail" });
    expect(made).toMatchObject({ link: null, mailedTo: "noor@example.com" });
    expect(await getUser(admin, made.user.id)).toMatchObject({ linkMail: { state: "queued", problem: null } });
    await send();
    const [mail] = sink.received;
    expect(mail).toMatchObject({ to: ["noor@example.com"], from: "ops@example.com" });
    const token = tokenIn(mail?.source);
    const stored = JSON.stringify([await database.db.oneTimeLink.findMany(), await queued("access.mailLink"), await database.db.auditEntry.findMany()], (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    expect(stored).not.toContain(token);
    expect(await getUser(admin, made.user.id)).toMatchObject({ linkMail: { state: "sent", problem: null } });
    expect(await acceptInvitation(nobody(), { token, name: "Noor", password: NEW_PASSWORD })).toEqual({ email: "noor@example.com" });
    await send();
    expect(sink.received, "a used link is not mailed again").toHaveLength(1);
  });

  test("is shown instead when the administrator wants it", async () => {
    const { admin } = await scene();
    const made = await inviteUser(admin, { email: "noor@example.com", role: "viewer", delivery: "show" });
    expect(made).toMatchObject({ link: { url: expect.stringContaining("/accept-invitation#") }, mailedTo: null });
  });

  test("that no server takes says why, and the last try ends it", async () => {
    const { admin } = await scene();
    const { user } = await inviteUser(admin, { email: "noor@example.com", role: "viewer", delivery: "mail" });
    sink.set("busy");
    await expect(send()).rejects.toThrow(/451/);
    expect(await getUser(admin, user.id)).toMatchObject({ linkMail: { state: "queued", problem: expect.stringContaining("451") } });
    await expect(send(true)).rejects.toThrow(/451/);
    expect(await getUser(admin, user.id)).toMatchObject({ linkMail: { state: "failed" } });
    expect(await database.db.auditEntry.findFirst({ orderBy: { id: "desc" } })).toMatchObject({ action: "access.mailLinkFailed", actorKind: "system" });
  });

  test("whose answer was lost is sent again, and only the newest link works", async () => {
    const { admin } = await scene();
    await inviteUser(admin, { email: "noor@example.com", role: "viewer", delivery: "mail" });
    sink.set("drops answer");
    await expect(send()).rejects.toThrow(/broke off/);
    sink.set("takes");
    await send();
    const [first, second] = sink.received.map(({ source }) => tokenIn(source));
    await expect(acceptInvitation(nobody(), { token: first ?? "", name: "X", password: NEW_PASSWORD })).rejects.toMatchObject({ code: "invalid" });
    await acceptInvitation(nobody(), { token: second ?? "", name: "Noor", password: NEW_PASSWORD });
  });

  test("is given up at once when the mailbox does not exist", async () => {
    const { admin } = await scene();
    await inviteUser(admin, { email: "noor@example.com", role: "viewer", delivery: "mail" });
    sink.set("refuses");
    const job = handlers.find(({ definition }) => definition.name === "access.mailLink");
    const attempt = { jobId: "1", attempt: 1, signal: new AbortController().signal };
    await expect(job?.run(worker(), { linkId: (await latestLink()).id }, attempt)).rejects.toMatchObject({ name: "Permanent" });
  });
});

describe("a forgotten password", () => {
  test("known and unknown addresses are answered alike, and one job each does the rest", async () => {
    const { person } = await scene();
    const answers = [await requestPasswordLink(nobody(), { email: person.email }), await requestPasswordLink(nobody(), { email: "nobody@example.com" })];
    expect(answers).toEqual([{ ok: true }, { ok: true }]);
    expect(new Set((await queued("access.forgottenPassword")).map(({ data }) => (data as { email: string }).email))).toEqual(new Set([person.email, "nobody@example.com"]));
    expect(await database.db.oneTimeLink.count()).toBe(0);
  });

  test("a known person gets a link that works once; old sessions end", async () => {
    const { person } = await scene();
    await answerForgottenPassword(worker(), { email: person.email });
    await send();
    const token = tokenIn(sink.received[0]?.source);
    await resetPasswordByLink(nobody(), { token, password: NEW_PASSWORD });
    await signIn(nobody(), { email: person.email, password: NEW_PASSWORD });
    await expect(resetPasswordByLink(nobody(), { token, password: "a third harbour, a third tide" })).rejects.toMatchObject({ code: "invalid" });
  });

  test("nobody, disabled people, invited people and people who sign in elsewhere get nothing", async () => {
    const { admin, person } = await scene();
    await disableUser(admin, { id: person.id });
    const { user: invited } = await inviteUser(admin, { email: "new@example.com", role: "viewer", delivery: "show" });
    const before = await database.db.oneTimeLink.count();
    for (const email of [person.email, invited.email, "nobody@example.com"]) await answerForgottenPassword(worker(), { email });
    expect(await database.db.oneTimeLink.count()).toBe(before);
  });

  test("a mailbox is not flooded: three an hour", async () => {
    const { person } = await scene();
    for (let index = 0; index < 6; index++) {
      await answerForgottenPassword(worker(), { email: person.email });
      clock.advance(1_000);
    }
    expect(await database.db.oneTimeLink.count()).toBe(3);
    clock.advance(HOUR_MS);
    await answerForgottenPassword(worker(), { email: person.email });
    expect(await database.db.oneTimeLink.count()).toBe(4);
  });

  test("a reset link that an administrator sends goes by mail too", async () => {
    const { admin, person } = await scene();
    expect(await issueResetLink(admin, { id: person.id, delivery: "mail" })).toMatchObject({ link: null, mailedTo: person.email });
    await send();
    expect(sink.received[0]?.source).toContain("new password");
  });

  test("without a mail server everybody is told the same", async () => {
    const mailing = (globalThis as { seaworthyConfig?: unknown }).seaworthyConfig;
    Object.assign(globalThis, { seaworthyConfig: parseConfig(environment()) });
    try {
      for (const email of [(await scene()).person.email, "nobody@example.com"]) {
        await expect(requestPasswordLink(nobody(), { email })).rejects.toMatchObject({ code: "precondition", message: expect.stringContaining("sends no mail") });
      }
    } finally {
      Object.assign(globalThis, { seaworthyConfig: mailing });
    }
  });
});
