import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { disableUser, inviteUser, signInElsewhere, unlinkIdentities } from "../../../access/mutations/index.ts";
import { makeUser, signedIn } from "../../../access/testing/people.ts";
import { HOUR_MS } from "../../clock.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { createOutbound } from "../../http/guarded.ts";
import { forgetAudit } from "../../testing/audit.ts";
import { asActor, manualClock, testContext, testDatabase } from "../../testing/database.ts";
import { actorFromRequest } from "../actor.ts";
import { startFakeIssuer } from "../testing/fake-issuer.ts";
import { answerCallback, answerStart } from "./routes.ts";

const database = testDatabase();
const clock = manualClock(new Date());
const CLIENT = { id: "seaworthy", secret: "s3cret/with:signs" };
const http = createOutbound({ allow: ["127.0.0.1"] });
let fake: Awaited<ReturnType<typeof startFakeIssuer>>;
let callers = 0;

beforeAll(async () => {
  fake = await startFakeIssuer({ ...CLIENT, secret: encodeURIComponent(CLIENT.secret) });
});
afterAll(() => fake.stop());
beforeEach(async () => {
  await database.db.user.deleteMany();
  await forgetAudit(database.pool);
  Object.assign(globalThis, { seaworthyIssuer: undefined });
  Object.assign(config(), { OIDC_ISSUER: fake.issuer, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret, OIDC_DEFAULT_ROLE: undefined, OIDC_ALLOWED_DOMAINS: [] });
  Object.assign(fake.state, { person: { sub: "subject-1", email: "maya@example.com", email_verified: true, name: "Maya" }, lie: {}, calls: [], isAway: false });
});

const lastAudit = () => database.db.auditEntry.findFirst({ orderBy: { id: "desc" } });

/** A browser with its cookies, at an address of its own. */
function browser(world: Partial<Context> = {}) {
  const jar = new Map<string, string>();
  const ctx = testContext({ db: database.db, now: clock, http, actor: asActor("anonymous"), clientAddress: `192.0.2.${++callers % 250}`, ...world });
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return response;
  };
  const start = async (query = "") => keep(await answerStart(() => Promise.resolve(ctx), new Request(`http://any.host/api/auth-oidc/start${query}`)));
  const back = async (query: URLSearchParams) =>
    keep(await answerCallback(() => Promise.resolve(ctx), new Request(`http://any.host/api/auth-oidc/callback?${query}`, { headers: { cookie: cookies() } }), signInElsewhere));
  const signIn = async (query = "") => back(fake.authorize((await start(query)).headers.get("location") ?? "", clock()));
  const actor = () => actorFromRequest({ headers: new Headers({ cookie: cookies() }) }, ctx);
  return { jar, start, back, signIn, actor };
}

const where = (response: Response) => response.headers.get("location");

describe("single sign-on", () => {
  test("asks with PKCE, state and nonce, and leaves nothing of them in the clear", async () => {
    const tab = browser();
    const response = await tab.start("?callbackUrl=/services");
    const asked = new URL(where(response) ?? "").searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({ response_type: "code", client_id: "seaworthy", code_challenge_method: "S256", scope: "openid email profile", redirect_uri: expect.stringMatching(/\/api\/auth-oidc\/callback$/) });
    for (const name of ["state", "nonce", "code_challenge"]) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
    expect(response.headers.getSetCookie()[0]).toMatch(/^seaworthy\.flow=[^;]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    expect(tab.jar.get("seaworthy.flow")).not.toContain(asked.get("state"));
  });

  test("links by verified email, once, then knows the subject even when the address changed", async () => {
    const user = await makeUser(database.db, "editor", clock());
    Object.assign(fake.state.person, { email: user.email.toUpperCase() });
    const tab = browser();
    expect(where(await tab.signIn("?callbackUrl=/services"))).toBe("/services");
    expect(await tab.actor()).toMatchObject({ kind: "user", id: user.id, role: "editor" });
    expect(await database.db.session.findFirst()).toMatchObject({ signedInBy: "single sign-on" });
    expect((await database.db.auditEntry.findMany()).map((row) => row.action)).toEqual(["access.linkIdentity", "access.signIn"]);
    Object.assign(fake.state.person, { email: "renamed@example.com" });
    const again = browser();
    await again.signIn();
    expect(await again.actor()).toMatchObject({ id: user.id });
    expect(await database.db.externalIdentity.count()).toBe(1);
  });

  test("gives an invited person the role of the invitation", async () => {
    const admin = testContext({ db: database.db, now: clock });
    const { user } = await inviteUser(admin, { email: "maya@example.com", role: "editor", delivery: "show" });
    const tab = browser();
    await tab.signIn();
    expect(await tab.actor()).toMatchObject({ id: user.id, role: "editor" });
  });

  test("creates an account only when a default role is set, and only for allowed domains", async () => {
    expect(where(await browser().signIn())).toBe("/sign-in?problem=forbidden");
    expect(await lastAudit()).toMatchObject({ action: "access.signInFailed", summary: expect.stringContaining("no account") });
    Object.assign(config(), { OIDC_DEFAULT_ROLE: "viewer", OIDC_ALLOWED_DOMAINS: ["other.example"] });
    expect(where(await browser().signIn())).toBe("/sign-in?problem=invalid");
    Object.assign(config(), { OIDC_ALLOWED_DOMAINS: ["example.com"] });
    const tab = browser();
    expect(where(await tab.signIn())).toBe("/");
    expect(await tab.actor()).toMatchObject({ role: "viewer", name: "Maya", email: "maya@example.com" });
  });

  test("of many first sign-ins at once, one account is made", async () => {
    Object.assign(config(), { OIDC_DEFAULT_ROLE: "viewer" });
    await Promise.all(Array.from({ length: 6 }, () => browser().signIn()));
    expect([await database.db.user.count(), await database.db.externalIdentity.count()]).toEqual([1, 1]);
  });

  test("does not hand an account to another subject with its address, until an admin cuts the link", async () => {
    const user = await makeUser(database.db, "admin", clock());
    const admin = testContext({ db: database.db, now: clock, actor: await signedIn(database.db, await makeUser(database.db, "admin", clock()), clock()) });
    Object.assign(fake.state.person, { email: user.email });
    await browser().signIn();
    Object.assign(fake.state.person, { sub: "subject-2" });
    expect(where(await browser().signIn())).toBe("/sign-in?problem=forbidden");
    expect(await unlinkIdentities(admin, { id: user.id })).toMatchObject({ isLinked: false, liveSessions: 0 });
    expect(await lastAudit()).toMatchObject({ action: "access.unlinkIdentities" });
    await expect(unlinkIdentities(admin, { id: user.id })).rejects.toMatchObject({ code: "precondition" });
    await expect(unlinkIdentities(admin, { id: "usr_none" })).rejects.toMatchObject({ code: "not_found" });
    expect(where(await browser().signIn())).toBe("/");
  });

  test("refuses a disabled account, before and after it was linked", async () => {
    const admin = testContext({ db: database.db, now: clock, actor: await signedIn(database.db, await makeUser(database.db, "admin", clock()), clock()) });
    const user = await makeUser(database.db, "viewer", clock());
    Object.assign(fake.state.person, { email: user.email });
    await browser().signIn();
    await disableUser(admin, { id: user.id });
    expect(where(await browser().signIn())).toBe("/sign-in?problem=forbidden");
    Object.assign(fake.state.person, { sub: "subject-3" });
    expect(where(await browser().signIn())).toBe("/sign-in?problem=forbidden");
  });

  test("makes a session id that no cookie from before can know (T6)", async () => {
    const user = await makeUser(database.db, "viewer", clock());
    Object.assign(fake.state.person, { email: user.email });
    const before = await signedIn(database.db, user, clock());
    const tab = browser({ actor: before });
    await tab.signIn();
    const after = await tab.actor();
    expect(after.kind === "user" && after.sessionId !== before.sessionId).toBe(true);
    expect((await database.db.session.findUniqueOrThrow({ where: { id: before.sessionId } })).revokedAt).not.toBeNull();
  });

  test("asks the userinfo address when the token has no email", async () => {
    const user = await makeUser(database.db, "viewer", clock());
    Object.assign(fake.state, { person: { sub: "s" }, lie: { userinfo: { email: user.email, email_verified: "true" } } });
    expect(where(await browser().signIn())).toBe("/");
    Object.assign(fake.state, { lie: { userinfo: { sub: "other", email: user.email, email_verified: true } } });
    expect(where(await browser().signIn())).toBe("/sign-in?problem=unauthorized");
  });

  test("reads new keys once the issuer rotated, remembers them otherwise", async () => {
    const user = await makeUser(database.db, "viewer", clock());
    Object.assign(fake.state.person, { email: user.email });
    await browser().signIn();
    await browser().signIn();
    expect(fake.state.calls.filter((path) => path === "/keys")).toHaveLength(1);
    fake.rotate();
    clock.advance(2 * 60_000);
    expect(where(await browser().signIn())).toBe("/");
    expect(fake.state.calls.filter((path) => path === "/keys")).toHaveLength(2);
  });
});

describe("is refused, and no session opened, for", () => {
  const now = () => Math.floor(clock().getTime() / 1_000);
  const lies: [string, () => object, string][] = [
    ["another nonce", () => ({ claims: { nonce: "x".repeat(43) } }), "unauthorized"],
    ["no nonce", () => ({ claims: { nonce: undefined } }), "unauthorized"],
    ["another issuer", () => ({ claims: { iss: "https://evil.example" } }), "unauthorized"],
    ["another audience", () => ({ claims: { aud: "someone-else" } }), "unauthorized"],
    ["several audiences without azp", () => ({ claims: { aud: ["seaworthy", "x"] } }), "unauthorized"],
    ["another azp", () => ({ claims: { aud: ["seaworthy", "x"], azp: "x" } }), "unauthorized"],
    ["an expired token", () => ({ claims: { exp: now() - 61 } }), "unauthorized"],
    ["a token from the future", () => ({ claims: { iat: now() + 3_600 } }), "unauthorized"],
    ["an empty subject", () => ({ claims: { sub: "" } }), "unauthorized"],
    ["a foreign signature", () => ({ foreignKey: true }), "unauthorized"],
    ["alg none", () => ({ header: { alg: "none" } }), "unauthorized"],
    ["an algorithm that is none of ours", () => ({ header: { alg: "constructor" } }), "unauthorized"],
    ["an algorithm of another kind of key", () => ({ header: { alg: "ES256" } }), "unauthorized"],
    ["an unknown key id", () => ({ header: { kid: "nobody" } }), "unauthorized"],
    ["a critical header", () => ({ header: { crit: ["x"] } }), "unauthorized"],
    ["no token", () => ({ token: "" }), "unauthorized"],
    ["a token that is none", () => ({ token: "a.b.c" }), "unauthorized"],
    ["a huge token", () => ({ token: `${"a".repeat(40_000)}.b.c` }), "unauthorized"],
    ["an error of the token address", () => ({ tokenStatus: 400 }), "unauthorized"],
    ["an email that is not verified", () => ({ claims: { email_verified: false } }), "invalid"],
    ["an email nobody speaks for", () => ({ claims: { email_verified: undefined } }), "invalid"],
    ["no email", () => ({ claims: { email: undefined } }), "invalid"],
    ["a homoglyph", () => ({ claims: { email: "mаya@example.com" } }), "invalid"],
    ["a Kelvin sign that becomes a k", () => ({ claims: { email: "mi\u212Ae@example.com" } }), "invalid"],
    ["a full-width @", () => ({ claims: { email: "maya＠example.com" } }), "invalid"],
    ["two addresses", () => ({ claims: { email: "maya@example.com,eve@evil.example" } }), "invalid"],
    ["a punycode domain", () => ({ claims: { email: "maya@xn--xample-2of.com" } }), "invalid"],
    ["an overlong address", () => ({ claims: { email: `${"m".repeat(300)}@example.com` } }), "invalid"],
    ["an overlong local part", () => ({ claims: { email: `${"m".repeat(65)}@example.com` } }), "invalid"],
    ["an email that is a list", () => ({ claims: { email: ["maya@example.com"] } }), "invalid"],
  ];
  test.each(lies)("%s", async (_what, lie, problem) => {
    Object.assign(config(), { OIDC_DEFAULT_ROLE: "admin" });
    const tab = browser();
    fake.state.lie = lie();
    expect(where(await tab.signIn())).toBe(`/sign-in?problem=${problem}`);
    expect(await tab.actor()).toEqual({ kind: "anonymous" });
    expect([await database.db.session.count(), await database.db.user.count(), tab.jar.get("seaworthy.flow")]).toEqual([0, 0, ""]);
  });

  test("a token signed with the public key as an HMAC secret", async () => {
    const text = `${Buffer.from('{"alg":"HS256","kid":"k1"}').toString("base64url")}.${Buffer.from(JSON.stringify({ sub: "x" })).toString("base64url")}`;
    fake.state.lie = { token: `${text}.${createHmac("sha256", JSON.stringify(fake.publicJwk())).update(text).digest("base64url")}` };
    expect(where(await browser().signIn())).toBe("/sign-in?problem=unauthorized");
  });

  test("another state, no cookie, a cookie of another browser, an old cookie", async () => {
    const [tab, other] = [browser(), browser()];
    const query = fake.authorize(where(await tab.start()) ?? "", clock());
    expect(where(await other.back(query))).toBe("/sign-in?problem=unauthorized");
    await other.start();
    expect(where(await other.back(query))).toBe("/sign-in?problem=unauthorized");
    expect(where(await tab.back(new URLSearchParams({ code: query.get("code") ?? "", state: "x" })))).toBe("/sign-in?problem=unauthorized");
    expect(fake.state.calls).not.toContain("/token");
  });

  test("a session cookie in the place of the flow's", async () => {
    const user = await makeUser(database.db, "viewer", clock());
    Object.assign(fake.state.person, { email: user.email });
    const tab = browser();
    await tab.signIn();
    const query = fake.authorize(where(await tab.start()) ?? "", clock());
    const flow = tab.jar.get("seaworthy.flow") ?? "";
    tab.jar.set("seaworthy.flow", tab.jar.get("seaworthy.session") ?? "");
    tab.jar.set("seaworthy.session", flow);
    expect(await tab.actor()).toEqual({ kind: "anonymous" });
    expect(where(await tab.back(query))).toBe("/sign-in?problem=unauthorized");
  });

  test("a replayed answer", async () => {
    const user = await makeUser(database.db, "viewer", clock());
    Object.assign(fake.state.person, { email: user.email });
    const tab = browser();
    const query = fake.authorize(where(await tab.start()) ?? "", clock());
    const flow = tab.jar.get("seaworthy.flow") ?? "";
    expect(where(await tab.back(query))).toBe("/");
    tab.jar.set("seaworthy.flow", flow);
    expect(where(await tab.back(query))).toBe("/sign-in?problem=unauthorized");
  });

  test("an issuer that declined, or that is another one", async () => {
    const tab = browser();
    const asked = new URL(where(await tab.start()) ?? "").searchParams;
    const answer = (more: object) => new URLSearchParams({ state: asked.get("state") ?? "", ...more });
    expect(where(await tab.back(answer({ error: "access_denied", error_description: "<b>no</b>" })))).toBe("/sign-in?problem=precondition");
    await tab.start();
    expect(where(await tab.back(new URLSearchParams({ state: "x", code: "c", iss: "https://evil.example" })))).toBe("/sign-in?problem=unauthorized");
  });

  test("too many wrong answers from one address (T5)", async () => {
    const tab = browser();
    const places: (string | null)[] = [];
    for (let n = 0; n < 7; n++) places.push(where(await tab.back(new URLSearchParams({ state: "x", code: "y" }))));
    expect(places.slice(0, 5)).toEqual(Array(5).fill("/sign-in?problem=unauthorized"));
    expect(places.slice(5)).toEqual(Array(2).fill("/sign-in?problem=limit"));
  });
});

describe("the issuer", () => {
  test("away or blocked by the guard leads back with a word", async () => {
    fake.state.isAway = true;
    expect(where(await browser().start())).toBe("/sign-in?problem=unavailable");
    fake.state.isAway = false;
    clock.advance(HOUR_MS);
    expect(where(await browser({ http: createOutbound({ allow: [] }) }).start())).toBe("/sign-in?problem=unavailable");
  });

  test("that is not set up is not there", async () => {
    Object.assign(config(), { OIDC_ISSUER: undefined });
    expect(where(await browser().start())).toBe("/sign-in?problem=not_found");
  });

  test.each(["https://evil.example/", "//evil.example", "/\\evil.example"])("never leads to %s afterwards", async (target) => {
    const user = await makeUser(database.db, "viewer", clock());
    Object.assign(fake.state.person, { email: user.email });
    expect(where(await browser().signIn(`?callbackUrl=${encodeURIComponent(target)}`))).toBe("/");
  });
});
