import { afterEach, beforeEach, expect, it, vi } from "vitest";

type Asked = { url: string; method: string; token: string | null };

const TOKEN = "/api/auth/csrf";
const ENTER = "/api/auth/callback/credentials";
const WHO = { email: "ada@example.test", password: "a-long-password-1" };

let asked: Asked[];
let tokens: (string | null)[];
/** Tokens that the server honours. */
let good: string[];

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

beforeEach(() => {
  vi.resetModules();
  asked = [];
  tokens = ["first", "second", "third"];
  good = ["first", "second", "third"];
  vi.stubGlobal("fetch", async (url: string, init: { method?: string; body?: URLSearchParams } = {}) => {
    const token = init.body?.get("csrfToken") ?? null;
    asked.push({ url, method: init.method ?? "GET", token });
    if (url === TOKEN) {
      const next = tokens.shift();
      return next ? json({ csrfToken: next }) : json({ error: { code: "unavailable", message: "Busy." } }, 503);
    }
    if (url !== ENTER) throw new TypeError("the page is not there yet");
    return good.includes(token ?? "") ? json({ url: "/" }) : json({ error: { code: "forbidden", message: "This form was open for too long. Try again." } }, 403);
  });
});

afterEach(() => vi.unstubAllGlobals());

const load = () => import("./auth-calls.ts");
const urls = () => asked.map(({ url, token }) => (token ? `${url} ${token}` : url));

it("asks for the token and knocks at the next page before anything is pressed; the press is one request", async () => {
  const { expectSignIn, signIn } = await load();
  expectSignIn("/services");
  expect(asked).toEqual([{ url: TOKEN, method: "GET", token: null }, { url: "/services", method: "HEAD", token: null }]);
  await signIn(WHO);
  expect(urls().slice(2)).toEqual([`${ENTER} first`]);
  await signIn(WHO);
  expect(urls().slice(3), "a token serves one try").toEqual([TOKEN, `${ENTER} second`]);
});

it("signs in where nothing was asked ahead, or in vain", async () => {
  const { expectSignIn, signIn } = await load();
  await signIn(WHO);
  expect(urls()).toEqual([TOKEN, `${ENTER} first`]);
  tokens = [null, "later"];
  good = ["later"];
  expectSignIn("/");
  await signIn(WHO);
  expect(urls().slice(-2)).toEqual([TOKEN, `${ENTER} later`]);
});

it("tries once more when another tab's token has replaced the one asked ahead", async () => {
  const { expectSignIn, signIn } = await load();
  good = ["second"];
  expectSignIn("/");
  await signIn(WHO);
  expect(urls().slice(2)).toEqual([`${ENTER} first`, TOKEN, `${ENTER} second`]);
});

it("says what the server said when it refuses for good", async () => {
  const { expectSignIn, signIn } = await load();
  good = [];
  expectSignIn("/");
  await expect(signIn(WHO)).rejects.toThrow("open for too long");
  expect(urls().filter((url) => url.startsWith(ENTER))).toHaveLength(2);
});
