import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import type { Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { SESSION_IDLE_MS } from "../../platform/auth/session-token.ts";
import { hotRows } from "../../platform/statements.ts";
import type { LinkMail, ListUsers, User } from "../schema.ts";

const UserCursor = z.tuple([z.string()]);

/** What makes a session count as alive, apart from its user being enabled. */
export function liveSession(now: Date): Prisma.SessionWhereInput {
  return { revokedAt: null, expiresAt: { gt: now }, lastSeenAt: { gt: new Date(now.getTime() - SESSION_IDLE_MS) } };
}

/** What makes a key work, apart from its owner being enabled. */
export function liveKey(now: Date): Prisma.ApiKeyWhereInput {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
}

/** A user with its counts in one statement; the list follows people through every page. */
const USER = `
  SELECT u.id, u.email, u.name, u.role::text AS role, u.disabled_at AS "disabledAt", u.last_sign_in_at AS "lastSignInAt", u.created_at AS "createdAt",
    u.password_hash IS NULL AND u.last_sign_in_at IS NULL AS "isInvited",
    EXISTS (SELECT FROM second_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS "hasSecondFactor",
    EXISTS (SELECT FROM external_identity i WHERE i.user_id = u.id) AS "isLinked",
    (SELECT count(*) FROM "session" s
      WHERE u.disabled_at IS NULL AND s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > $1::timestamptz AND s.last_seen_at > $2::timestamptz)::int AS "liveSessions",
    (SELECT count(*) FROM api_key k
      WHERE u.disabled_at IS NULL AND k.owner_id = u.id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $1::timestamptz))::int AS "liveKeys",
    mail.state AS mail_state, mail.problem AS mail_problem, mail.at AS mailed_at
  FROM "user" u LEFT JOIN LATERAL (
    SELECT l.mail_state AS state, l.mail_problem AS problem, l.mailed_at AS at FROM one_time_link l
    WHERE l.user_id = u.id AND l.mail_state IS NOT NULL AND l.used_at IS NULL AND l.revoked_at IS NULL ORDER BY l.created_at DESC LIMIT 1
  ) mail ON true`;

type UserRow = Omit<User, "linkMail"> & { mail_state: LinkMail["state"] | null; mail_problem: string | null; mailed_at: Date | null };

function toUser({ mail_state: state, mail_problem: problem, mailed_at: at, ...user }: UserRow): User {
  return { ...user, linkMail: state && at ? { state, problem, at } : null };
}

const ONE_USER = { name: "one-user", text: `${USER} WHERE u.id = $3` };
const LIST_USERS = {
  name: "list-users",
  text: `${USER}
    WHERE ($3::text IS NULL OR u.id > $3) AND ($4::text IS NULL OR u.role::text = $4) AND ($5::bool IS NULL OR (u.disabled_at IS NOT NULL) = $5)
      AND ($6::text IS NULL OR strpos(lower(u.name), lower($6)) > 0 OR strpos(lower(u.email), lower($6)) > 0)
    ORDER BY u.id LIMIT $7::int`,
};

/** Users in the order they were created. */
export async function listUsers(ctx: Context, input: ListUsers): Promise<{ items: User[]; nextCursor: string | null }> {
  const [after = null] = decodeCursor(input.cursor, UserCursor) ?? [];
  const isDisabled = input.state ? input.state === "disabled" : null;
  const rows = await hotRows<UserRow>(ctx.db, LIST_USERS, [...moments(ctx), after, input.role ?? null, isDisabled, input.search ?? null, input.limit + 1]);
  return toPage(rows.map(toUser), input.limit, (user) => [user.id]);
}

/** One user. Throws `not_found`. */
export async function getUser(ctx: Context, id: string): Promise<User> {
  const [row] = await hotRows<UserRow>(ctx.db, ONE_USER, [...moments(ctx), id]);
  if (!row) throw new AppError("not_found", "There is no user with this id.");
  return toUser(row);
}

/** Now, and since when a living session must have been used. */
function moments(ctx: Context): [Date, Date] {
  const now = ctx.now();
  return [now, new Date(now.getTime() - SESSION_IDLE_MS)];
}
