import { describe, expect, test } from "vitest";
import type { Actor } from "../context.ts";
import { isCrossSite } from "./cross-site.ts";
import { dropSpoofable, requestIdFrom } from "./incoming.ts";
import { bodyLimitOf, kindOf, methodsOf } from "./limits.ts";
import { isPlainPath } from "./target.ts";
import { DATA_POLICY, newNonce, pagePolicy, securityHeaders } from "./security-headers.ts";

describe("targets", () => {
  test.each(["/", "/services", "/services/", "/services.", "/services;v=1", "/api/v1/queues/services.rollup", "/api/v1/x/a%20b", "/api/v1/x/a%2Fb", "/_next/static/chunks/%5Broot%5D__a._.js", "/..hidden", "/a..b/c", "/.well-known/x", "/API/v1"])("%s is plain", (path) => {
    expect(isPlainPath(path)).toBe(true);
  });

  test.each(["", "*", "http://x/", "//", "//evil.example", "/api//v1", "/api/v1//", "/health/../api/trpc/x", "/health/./x", "/..", "/.", "/a/..", "/_next/%2e%2e/api", "/_next/%2E./api", "/_next/..%2fapi", "/a%2f%2fb", "/a%2f/b", "/a\\b", "/a%5cb", "/a%5C..%5Cb", "/a%00b", "/a%0d%0ab", "/a%7f", "/%", "/a%zz", "/a%2"])("%j is refused", (path) => {
    expect(isPlainPath(path)).toBe(false);
  });
});

describe("what a request may say about itself", () => {
  test("drops every header that a proxy or the framework would believe, and nothing else", () => {
    const kept = { host: "h", cookie: "c", authorization: "a", rsc: "1", "next-router-state-tree": "t", "user-agent": "u", "x-api-key": "k", "last-event-id": "3" };
    const dropped = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip", "x-middleware-subrequest", "x-middleware-rewrite", "x-seaworthy-client-address", "x-nextjs-data", "next-action", "content-security-policy", "x-nonce", "x-http-method-override", "x-http-method", "x-method-override", "cf-connecting-ip", "x-original-url"];
    const headers: Record<string, string> = { ...kept, ...Object.fromEntries(dropped.map((name) => [name, "6.6.6.6"])) };
    dropSpoofable(headers, false);
    expect(headers).toEqual(kept);
  });

  test.each<{ id: string | string[] | undefined; isKept: boolean }>([
    { id: "abcd-1234", isKept: true },
    { id: "A.b_c-9876", isKept: true },
    { id: "x".repeat(64), isKept: true },
    { id: "x".repeat(65), isKept: false },
    { id: "short", isKept: false },
    { id: "with space1", isKept: false },
    { id: "line\nbreak1", isKept: false },
    { id: "forged\r\nset-cookie: a=b", isKept: false },
    { id: "{\"level\":60}", isKept: false },
    { id: "\u001b[31mred-1", isKept: false },
    { id: "${jndi:ldap://x}", isKept: false },
    { id: "requ\u0435st-1", isKept: false },
    { id: "", isKept: false },
    { id: ["abcd-1234", "abcd-5678"], isKept: false },
    { id: undefined, isKept: false },
  ])("request id $id kept: $isKept (C49)", ({ id, isKept }) => {
    const given = requestIdFrom(id);
    expect(given === id).toBe(isKept);
    expect(given).toMatch(isKept ? /^[\w.-]{8,64}$/ : /^req_[0-9A-Z]{26}$/);
  });
});

describe("paths", () => {
  test.each([
    ["/_next/static/a.js", "asset"],
    ["/api-docs/start.js", "asset"],
    ["/api-docs", "page"],
    ["/api/trpc/a.b", "api"],
    ["/apiary", "page"],
    ["/health/ready", "health"],
    ["/healthy", "page"],
    ["/metrics", "health"],
    ["/", "page"],
  ])("%s is %s", (path, kind) => expect(kindOf(path)).toBe(kind));

  test("pages are only read; sign-in bodies are small", () => {
    expect(methodsOf("page", false)).toEqual(["GET", "HEAD"]);
    expect(methodsOf("api", false)).toContain("POST");
    expect(bodyLimitOf("/api/auth/callback", 1_000_000)).toBe(65_536);
    expect(bodyLimitOf("/api/trpc/a.b", 1_000_000)).toBe(1_000_000);
  });
});

describe("cross-site requests", () => {
  const user: Actor = { kind: "user", id: "usr_1", name: "n", email: "e", role: "admin", sessionId: "s" };
  const key: Actor = { kind: "apiKey", id: "key_1", name: "n", ownerId: "usr_1", role: "admin", scopes: ["*"] };
  const anonymous: Actor = { kind: "anonymous" };
  const own = "https://console.example";

  test.each<{ why: string; headers: Record<string, string>; user: boolean; anonymous: boolean }>([
    { why: "same origin by fetch metadata", headers: { "sec-fetch-site": "same-origin", origin: own }, user: false, anonymous: false },
    { why: "same origin by Origin alone", headers: { origin: own }, user: false, anonymous: false },
    { why: "the host that was asked, behind another public name", headers: { origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" }, user: false, anonymous: false },
    { why: "cross-site form", headers: { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, user: true, anonymous: true },
    { why: "sibling subdomain", headers: { "sec-fetch-site": "same-site", origin: "https://other.example" }, user: true, anonymous: true },
    { why: "other port", headers: { origin: "https://console.example:8443" }, user: true, anonymous: true },
    { why: "null origin", headers: { origin: "null" }, user: true, anonymous: true },
    { why: "forged metadata does not outweigh the origin", headers: { "sec-fetch-site": "same-origin", origin: "https://evil.example" }, user: true, anonymous: true },
    { why: "no proof at all", headers: {}, user: true, anonymous: false },
    { why: "typed by hand", headers: { "sec-fetch-site": "none" }, user: true, anonymous: true },
  ])("$why", ({ headers, user: forUser, anonymous: forAnonymous }) => {
    const ask = (actor: Actor) => isCrossSite({ headers: new Headers(headers), actor, publicOrigin: own });
    expect(ask(user)).toBe(forUser);
    expect(ask(anonymous)).toBe(forAnonymous);
    expect(ask(key)).toBe(false);
  });
});

describe("security headers", () => {
  const options = { isHttps: false, isDev: false, hstsPreload: false };

  test("a page's policy allows scripts by its own nonce only (C53, MDL3-096)", () => {
    const policy = pagePolicy("abc=", options);
    expect(policy).toContain("script-src 'self' 'nonce-abc=' 'strict-dynamic';");
    for (const directive of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: https:", "connect-src 'self'"]) {
      expect(policy.split("; ")).toContain(directive);
    }
    expect(policy).not.toContain("unsafe-eval");
    expect(pagePolicy("abc=", { ...options, isDev: true })).toContain("'unsafe-eval'");
  });

  test("nonces differ", () => {
    const nonces = new Set(Array.from({ length: 1_000 }, newNonce));
    expect(nonces.size).toBe(1_000);
  });

  test("HSTS only over https, preload only on request (C54, MDL3-097)", () => {
    expect(securityHeaders(options)).not.toHaveProperty("Strict-Transport-Security");
    expect(securityHeaders({ ...options, isHttps: true })["Strict-Transport-Security"]).toBe("max-age=31536000; includeSubDomains");
    expect(securityHeaders({ ...options, isHttps: true, hstsPreload: true })["Strict-Transport-Security"]).toMatch(/; preload$/);
  });

  test("the rest of the set", () => {
    expect(Object.keys(securityHeaders(options))).toEqual(["X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "X-DNS-Prefetch-Control"]);
    expect(DATA_POLICY).toContain("default-src 'none'");
  });
});
