/**
 * Who sends a request. An API key wins over a cookie and then needs no CSRF check; the two never mix. One indexed query
 * per request and nothing remembered between requests, so a revoked session, a revoked key, a new role and a disabled
 * user count from the next request on. A bad cookie is an anonymous caller; a bad key is refused, because whoever sends
 * one means to be somebody.
 */
import { MINUTE_MS, type Clock } from "../clock.ts";
import type { Actor } from "../context.ts";
import type { Db } from "../db.ts";
import { AppError } from "../errors.ts";
import type { Role } from "../permissions.ts";
import { hotRows } from "../statements.ts";
import { matchesKeyHash, prefixOfKey } from "./api-key.ts";
import { SECOND_FACTOR_KEY } from "./second-factor-rule.ts";
import { SESSION_IDLE_MS, sessionIdFrom } from "./session-token.ts";

/** `lastSeenAt` and `lastUsedAt` are written at most this often. */
const TOUCH_INTERVAL_MS = MINUTE_MS;
const BAD_KEY = "This API key is not valid. It may be mistyped, revoked or expired.";

type World = { db: Db; now: Clock };
type HasHeaders = { headers: Headers };

/**
 * True when the request brings an API key, well formed or not: then cookies and CSRF do not matter. Basic credentials are
 * those of a proxy in front of the console, not ours.
 */
export function hasApiKey(request: HasHeaders): boolean {
  return authorization(request.headers) !== null || request.headers.has("x-api-key");
}

function authorization(headers: Headers): string | null {
  const value = headers.get("authorization");
  return value === null || /^basic /i.test(value) ? null : value;
}

/** Finds the caller. Throws `unauthorized` for any API key that does not work. */
export async function actorFromRequest(request: HasHeaders, world: World): Promise<Actor> {
  if (hasApiKey(request)) return actorOfKey(readKey(request.headers), world);
  const sessionId = await sessionIdFrom(request.headers);
  return (sessionId && (await actorOfSession(sessionId, world))) || { kind: "anonymous" };
}

function readKey(headers: Headers): string {
  const bearer = authorization(headers);
  const direct = headers.get("x-api-key");
  if (bearer !== null && direct !== null) throw new AppError("unauthorized", "Send the API key in one header, not in two.");
  if (direct !== null) return direct.trim();
  const match = /^bearer +(\S+)$/i.exec(bearer ?? "");
  if (!match?.[1]) throw new AppError("unauthorized", "Send the API key as `Authorization: Bearer sw_…`.");
  return match[1];
}

type SessionRow = { id: string; user_id: string; name: string; email: string; role: Role; last_seen_at: Date; owes: boolean };

const LIVE_SESSION = {
  name: "live-session",
  text: `SELECT s.id, s.user_id, u.name, u.email, u.role::text AS role, s.last_seen_at,
      coalesce(rule.value #>> '{}' = 'everybody' OR (rule.value #>> '{}' = 'admins' AND u.role = 'admin'), false)
        AND s.signed_in_by <> 'single sign-on'
        AND NOT EXISTS (SELECT 1 FROM second_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS owes
    FROM "session" s JOIN "user" u ON u.id = s.user_id LEFT JOIN setting rule ON rule.key = $4
    WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2::timestamptz AND s.last_seen_at > $3::timestamptz AND u.disabled_at IS NULL`,
};

/** The user of a live session of an enabled account, with the present role; null when there is none. */
export async function actorOfSession(sessionId: string, world: World): Promise<Extract<Actor, { kind: "user" }> | null> {
  const now = world.now();
  const idleSince = new Date(now.getTime() - SESSION_IDLE_MS);
  const [row] = await hotRows<SessionRow>(world.db, LIVE_SESSION, [sessionId, now, idleSince, SECOND_FACTOR_KEY]);
  if (!row) return null;
  const touchBefore = new Date(now.getTime() - TOUCH_INTERVAL_MS);
  if (row.last_seen_at < touchBefore) {
    await world.db.session.updateMany({ where: { id: row.id, lastSeenAt: { lt: touchBefore } }, data: { lastSeenAt: now } });
  }
  return { kind: "user", id: row.user_id, name: row.name, email: row.email, role: row.role, sessionId: row.id, ...(row.owes ? { owesSecondFactor: true } : {}) };
}

type KeyRow = { id: string; name: string; hash: string; scopes: string[]; owner_id: string; role: Role; is_live: boolean; last_used_at: Date | null };

const KEY_BY_PREFIX = {
  name: "key-by-prefix",
  text: `SELECT k.id, k.name, k.hash, k.scopes, k.owner_id, u.role::text AS role, k.last_used_at,
      k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2::timestamptz) AND u.disabled_at IS NULL AS is_live
    FROM "api_key" k JOIN "user" u ON u.id = k.owner_id WHERE k.prefix = $1`,
};

/** What an unknown prefix is compared with, so that it takes as long as a wrong secret. */
const NO_HASH = "0".repeat(64);

async function actorOfKey(plain: string, world: World): Promise<Actor> {
  const prefix = prefixOfKey(plain);
  if (prefix === null) throw new AppError("unauthorized", BAD_KEY);
  const now = world.now();
  const [row] = await hotRows<KeyRow>(world.db, KEY_BY_PREFIX, [prefix, now]);
  const isRight = matchesKeyHash(plain, row?.hash ?? NO_HASH);
  if (!row || !isRight || !row.is_live) throw new AppError("unauthorized", BAD_KEY);
  const touchBefore = new Date(now.getTime() - TOUCH_INTERVAL_MS);
  if (row.last_used_at === null || row.last_used_at < touchBefore) {
    await world.db.apiKey.updateMany({ where: { id: row.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: touchBefore } }] }, data: { lastUsedAt: now } });
  }
  return { kind: "apiKey", id: row.id, name: row.name, ownerId: row.owner_id, role: row.role, scopes: row.scopes };
}
