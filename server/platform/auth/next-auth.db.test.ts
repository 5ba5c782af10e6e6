import { describe, expect, test } from "vitest";
import { signIn, signOut } from "../../access/mutations/index.ts";
import { makeUser, TEST_PASSWORD } from "../../access/testing/people.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { asActor, testContext, testDatabase } from "../testing/database.ts";
import { actorFromRequest } from "./actor.ts";
import { answerAuth, type AuthOperations } from "./next-auth.ts";

const database = testDatabase();
const real: AuthOperations = { signIn, signOut };

let browsers = 0;

/** A browser that keeps its cookies, at an address of its own. */
function browser(operations: AuthOperations = real, world: Partial<Context> = {}) {
  const jar = new Map<string, string>();
  const ctx = testContext({ db: database.db, actor: asActor("anonymous"), clientAddress: `192.0.2.${++browsers}`, ...world });
  const call = async (action: string, form?: Record<string, string>, type = "application/x-www-form-urlencoded") => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const request = new Request(`http://any.host:1/api/auth/${action}`, {
      method: form ? "POST" : "GET",
      headers: { cookie, ...(form ? { "content-type": type } : {}) },
      body: form ? new URLSearchParams(form).toString() : undefined,
    });
    const response = await answerAuth(() => Promise.resolve(ctx), request, { action: action.split("/"), operations });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return response;
  };
  const csrf = async () => ((await (await call("csrf")).json()) as { csrfToken: string }).csrfToken;
  const actor = () => actorFromRequest({ headers: new Headers({ cookie: `seaworthy.session=${jar.get("seaworthy.session") ?? ""}` }) }, ctx);
  return { jar, call, csrf, actor };
}

describe("sign-in", () => {
  test("sets an HttpOnly cookie that is the user, and goes to the asked path", async () => {
    const user = await makeUser(database.db, "editor");
    const tab = browser();
    const form = { csrfToken: await tab.csrf(), email: user.email.toUpperCase(), password: TEST_PASSWORD, callbackUrl: "/services?state=down", json: "true" };
    const response = await tab.call("callback/credentials", form);
    expect(response.status).toBe(200);
    expect(new URL(((await response.json()) as { url: string }).url).pathname).toBe("/services");
    const line = response.headers.getSetCookie().find((text) => text.startsWith("seaworthy.session="));
    expect(line).toMatch(/HttpOnly/);
    expect(line).toMatch(/SameSite=Lax/);
    expect(await tab.actor()).toMatchObject({ kind: "user", id: user.id, role: "editor" });
    expect(await (await tab.call("session")).json()).toMatchObject({ user: { email: user.email } });
  });

  test.each(["https://evil.example/", "//evil.example", "javascript:alert(1)"])("never leads to %s", async (callbackUrl) => {
    const user = await makeUser(database.db, "viewer");
    const tab = browser();
    const response = await tab.call("callback/credentials", { csrfToken: await tab.csrf(), email: user.email, password: TEST_PASSWORD, callbackUrl });
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("/");
  });

  test("a wrong password is 401 and sets no session", async () => {
    const user = await makeUser(database.db, "viewer");
    const tab = browser();
    const response = await tab.call("callback/credentials", { csrfToken: await tab.csrf(), email: user.email, password: "wrong password here" });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: "unauthorized" } });
    expect(tab.jar.has("seaworthy.session")).toBe(false);
  });

  test("without the CSRF token nothing is checked (T8)", async () => {
    const user = await makeUser(database.db, "viewer");
    const tab = browser({ ...real, signIn: () => Promise.reject(new Error("was reached")) });
    const response = await tab.call("callback/credentials", { csrfToken: "guess", email: user.email, password: TEST_PASSWORD });
    expect(response.status).toBe(403);
  });

  test("from another site it is refused", async () => {
    const tab = browser(real, { request: { isCrossSite: true, userAgent: null, responseHeaders: new Headers() } });
    expect((await tab.call("callback/credentials", { csrfToken: await tab.csrf() })).status).toBe(403);
  });

  test("a limit says when to come back", async () => {
    const signIn = () => Promise.reject(new AppError("limit", "Too many.", { detail: { retryAfterSeconds: 900 } }));
    const tab = browser({ ...real, signIn });
    const response = await tab.call("callback/credentials", { csrfToken: await tab.csrf(), email: "a@b.example", password: "x" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "900"]);
  });

  test("an unexpected error is a 500 that tells nothing", async () => {
    const tab = browser({ ...real, signIn: () => Promise.reject(new Error("connection string postgres://secret")) });
    const response = await tab.call("callback/credentials", { csrfToken: await tab.csrf(), email: "a@b.example", password: "x" });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
  });
});

describe("sign-out", () => {
  test("ends the row and clears the cookie", async () => {
    const user = await makeUser(database.db, "viewer");
    const tab = browser();
    await tab.call("callback/credentials", { csrfToken: await tab.csrf(), email: user.email, password: TEST_PASSWORD });
    const before = tab.jar.get("seaworthy.session") ?? "";
    await tab.call("signout", { csrfToken: await tab.csrf() });
    expect(tab.jar.get("seaworthy.session")).toBe("");
    tab.jar.set("seaworthy.session", before);
    expect(await tab.actor()).toEqual({ kind: "anonymous" });
    expect(await (await tab.call("session")).json()).toEqual({});
  });

  test("that could not end the row says so and keeps the cookie", async () => {
    const user = await makeUser(database.db, "viewer");
    const tab = browser({ ...real, signOut: () => Promise.reject(new AppError("unavailable", "The database is away.")) });
    await tab.call("callback/credentials", { csrfToken: await tab.csrf(), email: user.email, password: TEST_PASSWORD });
    expect((await tab.call("signout", { csrfToken: await tab.csrf() })).status).toBe(503);
    expect(await tab.actor()).toMatchObject({ kind: "user" });
  });
});

test("asking for the session while the database is away does not sign anybody out", async () => {
  const user = await makeUser(database.db, "viewer");
  const tab = browser();
  await tab.call("callback/credentials", { csrfToken: await tab.csrf(), email: user.email, password: TEST_PASSWORD });
  const refuse = () => Promise.reject(new AppError("unavailable", "The database is away."));
  const away = { ...database.db, $queryRaw: refuse, $queryRawUnsafe: refuse } as unknown as Context["db"];
  const request = new Request("http://any.host/api/auth/session", { headers: { cookie: `seaworthy.session=${tab.jar.get("seaworthy.session") ?? ""}` } });
  const response = await answerAuth(() => Promise.resolve(testContext({ db: away, actor: asActor("anonymous") })), request, { action: ["session"], operations: real });
  expect([response.status, response.headers.getSetCookie()]).toEqual([503, []]);
  expect(await tab.actor()).toMatchObject({ kind: "user" });
});

describe("odd requests are refused, never 500 (T7)", () => {
  test.each([
    ["JSON", "callback/credentials", "application/json"],
    ["multipart", "callback/credentials", "multipart/form-data"],
    ["plain text", "signout", "text/plain"],
  ])("%s to %s", async (_what, action, type) => {
    expect((await browser().call(action, { a: "b" }, type)).status).toBe(400);
  });

  test.each(["nothing", "callback/unknown", "callback/credentials", "error", "signin", "signout", "providers", "_log"])("GET %s", async (action) => {
    expect((await browser().call(action)).status).toBeLessThan(500);
  });

  test("a bad API key", async () => {
    const refuse = () => Promise.reject(new AppError("unauthorized", "This API key is not valid."));
    const response = await answerAuth(refuse, new Request("http://any.host/api/auth/session"), { action: ["session"], operations: real });
    expect([response.status, response.headers.get("cache-control")]).toEqual([401, "no-store"]);
  });

  test("redirects name no host", async () => {
    expect((await browser().call("signin")).headers.get("location")).toBe("/sign-in?callbackUrl=%2F");
  });

  test("broken cookies", async () => {
    const tab = browser();
    tab.jar.set("seaworthy.session", "%E0%A4");
    tab.jar.set("seaworthy.csrf", "%");
    tab.jar.set("seaworthy.callback", "not a url");
    expect(await (await tab.call("session")).json()).toEqual({});
    expect((await tab.call("callback/credentials", { csrfToken: "x" })).status).toBe(403);
  });
});
