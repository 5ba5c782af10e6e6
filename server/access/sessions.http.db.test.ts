/** Sessions and keys over real sockets: what a caller still holds is worth nothing on the very next request, on every kind of route. */
import { beforeEach, describe, expect, test } from "vitest";
import { answerAuth } from "../platform/auth/next-auth.ts";
import type { Context } from "../platform/context.ts";
import { contextFromRequest } from "../platform/edge/context.ts";
import { trpcEndpoint } from "../platform/edge/trpc-endpoint.ts";
import { restEndpoint } from "../platform/rest/endpoint.ts";
import { testContext, testDatabase } from "../platform/testing/database.ts";
import { testServer } from "../platform/testing/http.ts";
import { appRouter } from "../root.ts";
import { changePassword, createKey, disableUser, issueResetLink, resetPassword, resetPasswordByLink, revokeKey, revokeSession, signIn, signOut, updateUser } from "./mutations/index.ts";
import { makeUser, signedIn, TEST_PASSWORD } from "./testing/people.ts";

const database = testDatabase();
const auth = (request: Request) => answerAuth(() => contextFromRequest(request), request, { action: new URL(request.url).pathname.split("/").slice(3), operations: { signIn, signOut } });
const server = testServer(database, { "/api/auth": auth, "/api/trpc": trpcEndpoint(appRouter), "/api/v1": restEndpoint(appRouter) });

beforeEach(() => database.db.user.deleteMany());

/** A browser that keeps its cookies and says where it comes from, as browsers do. */
function browser() {
  const jar = new Map<string, string>();
  const send = async (path: string, init: { method?: string; body?: string; type?: string } = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers: Record<string, string> = { cookie, origin: server.origin, "sec-fetch-site": "same-origin" };
    if (init.body !== undefined) headers["content-type"] = init.type ?? "application/json";
    const response = await fetch(server.origin + path, { method: init.method, body: init.body, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return response;
  };
  const enter = async (email: string) => {
    const { csrfToken } = (await (await send("/api/auth/csrf")).json()) as { csrfToken: string };
    const body = new URLSearchParams({ csrfToken, email, password: TEST_PASSWORD, json: "true" }).toString();
    return send("/api/auth/callback/credentials", { method: "POST", body, type: "application/x-www-form-urlencoded" });
  };
  return { jar, send, enter };
}

/** One request of every kind, with its answer when nobody is signed in. */
const ROUTES: [string, (send: ReturnType<typeof browser>["send"]) => Promise<Response>, number][] = [
  ["a tRPC query", (send) => send("/api/trpc/access.me?input=%7B%22json%22%3A%7B%7D%7D"), 401],
  ["a tRPC mutation", (send) => send("/api/trpc/access.revokeOtherSessions", { method: "POST", body: '{"json":{}}' }), 401],
  ["a REST read", (send) => send("/api/v1/access/me"), 401],
  ["a REST change", (send) => send("/api/v1/access/sessions/revoke-others", { method: "POST", body: "{}" }), 401],
];

type Scene = { admin: Context; own: Context; userId: string; sessionId: string };
const ENDINGS: [string, (scene: Scene) => Promise<unknown>][] = [
  ["sign-out", ({ own, sessionId }) => signOut(own, sessionId)],
  ["revocation", ({ admin, sessionId }) => revokeSession(admin, { id: sessionId })],
  ["disabling", ({ admin, userId }) => disableUser(admin, { id: userId })],
  ["a password reset", ({ admin, userId }) => resetPassword(admin, { id: userId })],
  ["a reset by link", async ({ admin, userId }) => resetPasswordByLink(admin, { token: (await issueResetLink(admin, { id: userId, delivery: "show" })).link?.url.split("#")[1] ?? "", password: "another harbour, another tide" })],
  ["the password changed elsewhere", ({ own }) => changePassword(own, { currentPassword: TEST_PASSWORD, newPassword: "another harbour, another tide" })],
];

async function scene() {
  const { db } = database;
  const user = await makeUser(db, "editor");
  const admin = testContext({ db, actor: await signedIn(db, await makeUser(db, "admin")) });
  const tab = browser();
  await tab.enter(user.email);
  const session = await db.session.findFirstOrThrow({ where: { userId: user.id } });
  const own = testContext({ db, actor: await signedIn(db, user) });
  return { tab, user, admin, own, userId: user.id, sessionId: session.id };
}

describe.each(ENDINGS)("after %s", (_name, end) => {
  test("every kind of route refuses the cookie on the very next request (T6)", async () => {
    const all = await scene();
    expect((await ROUTES[0]?.[1](all.tab.send))?.status).toBe(200);
    await end(all);
    for (const [name, ask, refusal] of ROUTES) expect([name, (await ask(all.tab.send)).status]).toEqual([name, refusal]);
    expect(await (await all.tab.send("/api/auth/session")).json()).toEqual({});
  });
});

test("a demotion counts on the very next request, for the cookie and for the key (T4, T6)", async () => {
  const { tab, admin, own, user } = await scene();
  const { plainKey, key } = await createKey(own, { name: "ci", scopes: ["*"], expiresInDays: 30 });
  const byKey = async () => (await fetch(`${server.origin}/api/v1/access/me`, { headers: { "x-api-key": plainKey } })).json();
  await updateUser(admin, { id: user.id, role: "viewer" });
  expect(await (await tab.send("/api/v1/access/me")).json()).toMatchObject({ role: "viewer" });
  expect(await byKey()).toMatchObject({ role: "viewer" });
  await revokeKey(own, { id: key.id });
  expect(await byKey()).toMatchObject({ status: 401 });
});

test("a cookie from before sign-in is not the one after it (session fixation)", async () => {
  const { user, tab } = await scene();
  const planted = tab.jar.get("seaworthy.session") ?? "";
  await tab.enter(user.email);
  const fresh = tab.jar.get("seaworthy.session") ?? "";
  expect(fresh).not.toBe(planted);
  tab.jar.set("seaworthy.session", planted);
  expect((await tab.send("/api/v1/access/me")).status).toBe(401);
  tab.jar.set("seaworthy.session", fresh);
  expect((await tab.send("/api/v1/access/me")).status).toBe(200);
});

test("an unknown email takes as long as a wrong password", async () => {
  const user = await makeUser(database.db, "viewer");
  const times: Record<"known" | "unknown", number[]> = { known: [], unknown: [] };
  for (let n = 0; n < 11; n++) {
    for (const [kind, email] of [["known", user.email], ["unknown", `nobody${n}@example.com`]] as const) {
      const ctx = testContext({ db: database.db, actor: { kind: "anonymous" }, clientAddress: `2001:db8:${kind === "known" ? 1 : 2}:${n}::1` });
      // Guesses on one account wait for each other; that is another rule.
      await database.pool.query("DELETE FROM limit_attempt");
      const startedAt = performance.now();
      await signIn(ctx, { email, password: "wrong password here" }).catch(() => undefined);
      times[kind].push(performance.now() - startedAt);
    }
  }
  const [known, unknown] = [times.known, times.unknown].map((list) => list.toSorted((a, b) => a - b)[5] ?? 0) as [number, number];
  expect(unknown / known).toBeGreaterThan(0.5);
  expect(unknown / known).toBeLessThan(2);
});
