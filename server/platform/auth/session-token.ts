/**
 * The session cookie: an encrypted JWT (A256GCM, made and read by next-auth) that carries only `sid`, the id of a row in
 * `session`. The row decides; the cookie is never believed about a name or a role. HttpOnly, SameSite=Lax, and with an
 * https address Secure under the `__Host-` prefix, so neither a sibling domain nor plain http can set or read it.
 */
import { hash } from "node:crypto";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../clock.ts";
import { config, publicUrl } from "../config.ts";

/** Makes and reads tokens; loaded with the first cookie, which a worker never sees. */
const loadTokens = () => import("next-auth/jwt");

/** A session ends this long after sign-in, whatever happens. */
export const SESSION_ABSOLUTE_MS = 7 * DAY_MS;
/** A session ends after this long without a request. */
export const SESSION_IDLE_MS = 12 * HOUR_MS;

/** Ours has about 250 characters; browsers refuse more than 4096. */
const MAX_TOKEN_LENGTH = 4_096;

type CookieOptions = { httpOnly: boolean; sameSite: "lax"; path: string; secure: boolean };
type Cookie = { name: string; options: CookieOptions };
export type AuthCookies = { sessionToken: Cookie; callbackUrl: Cookie; csrfToken: Cookie; flow: Cookie };

/** Names and flags of the cookies for a console that people open by https or not. */
export function authCookies(isSecure: boolean): AuthCookies {
  const prefix = isSecure ? "__Host-" : "";
  const options: CookieOptions = { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure };
  const cookie = (name: string): Cookie => ({ name: `${prefix}seaworthy.${name}`, options });
  return { sessionToken: cookie("session"), callbackUrl: cookie("callback"), csrfToken: cookie("csrf"), flow: cookie("flow") };
}

/** Whether people open this console by https. */
export function isSecureAddress(): boolean {
  return publicUrl().startsWith("https://");
}

/** The Set-Cookie line; nothing that we put into cookies needs escaping. */
export function setCookie({ name, options }: Cookie, value: string, maxAgeSeconds: number): string {
  return `${name}=${value}; Path=${options.path}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${options.secure ? "; Secure" : ""}`;
}

/** The Set-Cookie line of a session that was just opened. */
export async function sessionCookie(sessionId: string): Promise<string> {
  const maxAge = SESSION_ABSOLUTE_MS / SECOND_MS;
  const { encode } = await loadTokens();
  const token = await encode({ token: { sid: sessionId }, secret: config().AUTH_SECRET, maxAge });
  return setCookie(authCookies(isSecureAddress()).sessionToken, token, maxAge);
}

/** One cookie's value out of a Cookie header; null when absent. */
export function readCookie(header: string | null, name: string): string | null {
  for (const part of (header ?? "").split(";")) {
    const [key, value] = [part.slice(0, part.indexOf("=")).trim(), part.slice(part.indexOf("=") + 1).trim()];
    if (key === name && value !== "") return value;
  }
  return null;
}

/** What a token said; its secrets stay out of memory. */
type Read = { sid: string; endsAt: number };

/** Tokens remembered: more browsers than look at one console at once. */
const MAX_READ = 1_000;
const read = new Map<string, Read>();

/**
 * Takes a token apart, which costs more than all else that is asked about a caller, once per token. What it says never
 * changes until it expires; whether its session still lives is asked of the database every time.
 */
async function readToken(token: string): Promise<string | null> {
  const key = hash("sha256", token, "base64url");
  const known = read.get(key);
  if (known && known.endsAt > Date.now()) return known.sid;
  read.delete(key);
  const { decode } = await loadTokens();
  const claims = await decode({ token, secret: config().AUTH_SECRET });
  if (typeof claims?.sid !== "string") return null;
  if (read.size >= MAX_READ) read.clear();
  if (typeof claims.exp === "number") read.set(key, { sid: claims.sid, endsAt: claims.exp * SECOND_MS });
  return claims.sid;
}

/** The session id inside the cookie of these headers. Null for no cookie and for one that we did not make. */
export async function sessionIdFrom(headers: Headers): Promise<string | null> {
  const token = readCookie(headers.get("cookie"), authCookies(isSecureAddress()).sessionToken.name);
  if (token === null || token.length > MAX_TOKEN_LENGTH) return null;
  // Not a token of ours, or an expired one: nobody is signed in.
  return readToken(token).catch(() => null);
}
