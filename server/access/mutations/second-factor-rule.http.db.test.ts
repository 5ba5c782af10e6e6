/** The rule that asks for a second factor, over HTTP: who owes one can set it up and do nothing else, and nobody is locked out. */
import { encode } from "next-auth/jwt";
import { beforeEach, describe, expect, test } from "vitest";
import { codeOfStep, stepAt } from "../../platform/auth/totp.ts";
import { config } from "../../platform/config.ts";
import { trpcEndpoint } from "../../platform/edge/trpc-endpoint.ts";
import { restEndpoint } from "../../platform/rest/endpoint.ts";
import { makeApiKey } from "../../platform/auth/api-key.ts";
import { newId } from "../../platform/ids.ts";
import type { Role } from "../../platform/permissions.ts";
import { testContext, testDatabase } from "../../platform/testing/database.ts";
import { testServer } from "../../platform/testing/http.ts";
import { appRouter } from "../../root.ts";
import { makeUser, signedIn, TEST_PASSWORD } from "../testing/people.ts";
import { disableSecondFactor, requireSecondFactor } from "./index.ts";

const database = testDatabase();
const server = testServer(database, { "/api/trpc": trpcEndpoint(appRouter), "/api/v1": restEndpoint(appRouter) });

async function person(role: Role) {
  const user = await makeUser(database.db, role);
  const actor = await signedIn(database.db, user);
  const cookie = `seaworthy.session=${await encode({ token: { sid: actor.sessionId }, secret: config().AUTH_SECRET })}`;
  const ctx = testContext({ db: database.db, actor });
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { cookie, "sec-fetch-site": "same-origin", ...(body ? { "content-type": "application/json" } : {}) };
    const answer = await fetch(`${server.origin}/api/v1${path}`, { method, headers, body: body ? JSON.stringify(body) : undefined });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { user, actor, ctx, ask };
}

/** Sets a second factor up as the page does. Returns how the last step was answered. */
async function enrol({ ask }: Awaited<ReturnType<typeof person>>): Promise<number> {
  const begun = await ask("POST", "/access/me/second-factor", { password: TEST_PASSWORD });
  const key = String(begun.body.key);
  return (await ask("POST", "/access/me/second-factor/confirm", { code: codeOfStep(key, stepAt(new Date())) })).status;
}

const OWES = { status: 403, body: expect.objectContaining({ detail: expect.stringContaining("second factor") }) };

beforeEach(async () => {
  await database.db.user.deleteMany();
  await database.db.setting.deleteMany();
});

describe("when administrators must have a second factor", () => {
  test("an admin without one can only set it up, also the one who made the rule, and then all is as before", async () => {
    const admin = await person("admin");
    const viewer = await person("viewer");
    expect(await admin.ask("PUT", "/access/second-factor-rule", { neededBy: "admins" })).toMatchObject({ status: 200, body: { neededBy: "admins", missing: 1 } });
    for (const [method, path] of [["GET", "/services"], ["GET", "/access/users"], ["PUT", "/access/second-factor-rule"], ["GET", "/settings"]] as const) {
      expect(await admin.ask(method, path, method === "PUT" ? { neededBy: "nobody" } : undefined), path).toMatchObject(OWES);
    }
    expect(await admin.ask("POST", "/access/keys", { name: "x", scopes: ["*"], expiresInDays: null })).toMatchObject(OWES);
    expect((await admin.ask("GET", "/access/me")).status).toBe(200);
    expect((await viewer.ask("GET", "/services")).status, "others are not asked").toBe(200);
    expect(await enrol(admin)).toBe(200);
    expect((await admin.ask("GET", "/access/users")).status).toBe(200);
    expect((await admin.ask("GET", "/access/second-factor-rule")).body).toMatchObject({ missing: 0 });
  });

  test("the change is on record, with before and after, and is not made twice", async () => {
    const admin = await person("admin");
    await requireSecondFactor(admin.ctx, { neededBy: "everybody" });
    expect(await database.db.auditEntry.findFirst({ orderBy: { id: "desc" } })).toMatchObject({ action: "access.requireSecondFactor", before: { neededBy: "nobody" }, after: { neededBy: "everybody" }, actorId: admin.actor.id });
    await expect(requireSecondFactor(admin.ctx, { neededBy: "everybody" })).rejects.toMatchObject({ code: "conflict" });
  });

  test("turning it off is refused while the rule asks for it", async () => {
    const admin = await person("admin");
    expect(await enrol(admin)).toBe(200);
    await requireSecondFactor(admin.ctx, { neededBy: "admins" });
    await expect(disableSecondFactor(admin.ctx, { password: TEST_PASSWORD })).rejects.toMatchObject({ code: "precondition" });
    await requireSecondFactor(admin.ctx, { neededBy: "nobody" });
    await disableSecondFactor(admin.ctx, { password: TEST_PASSWORD });
  });

  test("somebody made administrator a second ago is asked with the next request", async () => {
    const admin = await person("admin");
    const editor = await person("editor");
    await requireSecondFactor(admin.ctx, { neededBy: "admins" });
    expect((await editor.ask("GET", "/services")).status).toBe(200);
    await database.db.user.update({ where: { id: editor.user.id }, data: { role: "admin" } });
    expect(await editor.ask("GET", "/services")).toMatchObject(OWES);
  });
});

describe("when everybody must have one", () => {
  test("a viewer owes it too; who signed in elsewhere and keys do not", async () => {
    const admin = await person("admin");
    const viewer = await person("viewer");
    const elsewhere = await person("viewer");
    await database.db.session.update({ where: { id: elsewhere.actor.sessionId }, data: { signedInBy: "single sign-on" } });
    await requireSecondFactor(admin.ctx, { neededBy: "everybody" });
    expect(await viewer.ask("GET", "/services")).toMatchObject(OWES);
    expect((await elsewhere.ask("GET", "/services")).status).toBe(200);
    const { plain, prefix, hash } = makeApiKey();
    await database.db.apiKey.create({ data: { id: newId("key"), name: "ci", prefix, hash, ownerId: viewer.user.id, scopes: ["*"], createdAt: new Date() } });
    expect((await fetch(`${server.origin}/api/v1/services`, { headers: { authorization: `Bearer ${plain}` } })).status).toBe(200);
  });

  test("in a batch, what is allowed answers and the rest is refused", async () => {
    const viewer = await person("viewer");
    await requireSecondFactor((await person("admin")).ctx, { neededBy: "everybody" });
    const cookie = `seaworthy.session=${await encode({ token: { sid: viewer.actor.sessionId }, secret: config().AUTH_SECRET })}`;
    const input = encodeURIComponent(JSON.stringify({ 0: { json: {} }, 1: { json: {} } }));
    const answer = (await (await fetch(`${server.origin}/api/trpc/access.me,services.list?batch=1&input=${input}`, { headers: { cookie } })).json()) as { result?: object; error?: { json: { data: { httpStatus: number } } } }[];
    expect(answer[0]?.result).toBeDefined();
    expect(answer[1]?.error?.json.data.httpStatus).toBe(403);
  });
});
