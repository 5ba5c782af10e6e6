import { encode } from "next-auth/jwt";
import { afterEach, describe, expect, it, vi } from "vitest";
import { config } from "../config.ts";
import { authCookies, readCookie, sessionIdFrom } from "./session-token.ts";

const cookie = (value: string) => new Headers({ cookie: `a=1; seaworthy.session=${value}; b=2` });
const base64url = (text: string) => Buffer.from(text).toString("base64url");

afterEach(() => vi.useRealTimers());

describe("session cookie", () => {
  it("gives the same answer again, until the token expires", async () => {
    const token = await encode({ token: { sid: "ses_2" }, secret: config().AUTH_SECRET, maxAge: 60 });
    expect(await sessionIdFrom(cookie(token))).toBe("ses_2");
    expect(await sessionIdFrom(cookie(token))).toBe("ses_2");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 90_000 });
    expect(await sessionIdFrom(cookie(token))).toBeNull();
  });

  it("gives the session id of a token of ours", async () => {
    const token = await encode({ token: { sid: "ses_1" }, secret: config().AUTH_SECRET });
    expect(await sessionIdFrom(cookie(token))).toBe("ses_1");
  });

  it.each([
    ["nothing", ""],
    ["noise", "%%%"],
    ["ten kilobytes", "a".repeat(10_240)],
    ["alg none", `${base64url('{"alg":"none"}')}.${base64url('{"sid":"ses_1"}')}.`],
    ["HS256 with an empty key", `${base64url('{"alg":"HS256"}')}.${base64url('{"sid":"ses_1"}')}.AAAA`],
    ["five empty parts", "...."],
  ])("is nobody for %s", async (_what, value) => {
    expect(await sessionIdFrom(cookie(value))).toBeNull();
  });

  it("is nobody for another secret, an expired token and a token without sid", async () => {
    const secret = config().AUTH_SECRET;
    const tokens = [
      await encode({ token: { sid: "ses_1" }, secret: `${secret}x` }),
      await encode({ token: { sid: "ses_1" }, secret, maxAge: -60 }),
      await encode({ token: { sub: "usr_1" }, secret }),
      await encode({ token: { sid: "ses_1" }, secret, salt: "another flow" }),
    ];
    for (const token of tokens) expect(await sessionIdFrom(cookie(token))).toBeNull();
  });

  it("is __Host- and Secure behind https, and HttpOnly and Lax always", () => {
    expect(authCookies(true).sessionToken).toEqual({ name: "__Host-seaworthy.session", options: { httpOnly: true, sameSite: "lax", path: "/", secure: true } });
    expect(authCookies(false).sessionToken).toEqual({ name: "seaworthy.session", options: { httpOnly: true, sameSite: "lax", path: "/", secure: false } });
  });
});

it("readCookie takes the exact name only", () => {
  expect(readCookie("xseaworthy.session=1; seaworthy.session=2", "seaworthy.session")).toBe("2");
  expect(readCookie("seaworthy.session", "seaworthy.session")).toBeNull();
  expect(readCookie(null, "seaworthy.session")).toBeNull();
});
