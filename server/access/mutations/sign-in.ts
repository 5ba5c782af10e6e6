import { audit } from "../../platform/audit.ts";
import { verifyPassword } from "../../platform/auth/password-hash.ts";
import { SESSION_ABSOLUTE_MS } from "../../platform/auth/session-token.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { chargeFailure, forgiveFailure } from "../../platform/limiter/charge.ts";
import { announce } from "../../platform/live/announce.ts";
import { Email, PASSWORD_MAX_LENGTH, type Role } from "../schema.ts";

/** One sentence for every reason, so nobody learns which accounts exist. `remaining` counts the address, not the account. */
function mismatch(remaining: number): AppError {
  const tries = remaining === 1 ? "1 try is" : `${remaining} tries are`;
  const rest = remaining === 0 ? "Sign-in from this address is blocked for now." : `${tries} left before sign-in from this address is blocked.`;
  return new AppError("unauthorized", `That email and password do not match. ${rest}`);
}
const USER_AGENT_MAX = 300;

type Credentials = { email: string; password: string };
type Account = { id: string; email: string; name: string; role: Role; passwordHash: string | null };

/**
 * Checks a password and opens a session with a new id; a session that this browser still had is ended. The attempt is
 * counted before the password is looked at. Throws `unauthorized`, `limit`, `unavailable`,
 * `conflict` when the account changed between the check and the session.
 */
export async function signIn(ctx: Context, input: Credentials): Promise<{ sessionId: string }> {
  const email = Email.safeParse(input.email).data ?? null;
  const on = email === null ? {} : { account: email };
  const { remaining } = await chargeFailure(ctx, on);
  const user = email === null ? null : await ctx.db.user.findUnique({ where: { email } });
  const mayMatch = user !== null && user.disabledAt === null && input.password.length <= PASSWORD_MAX_LENGTH;
  const isRight = await verifyPassword(input.password.slice(0, PASSWORD_MAX_LENGTH), mayMatch ? user.passwordHash : null);
  if (!mayMatch || !isRight) {
    await audit(ctx, { action: "access.signInFailed", target: { kind: "user", id: user?.id ?? "unknown" }, summary: `Failed sign-in as ${email ?? "something that is no email"}` });
    throw mismatch(remaining);
  }
  const opened = await openSession(ctx, user);
  await forgiveFailure(ctx, on);
  return opened;
}

async function openSession(ctx: Context, user: Account): Promise<{ sessionId: string }> {
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    // Whoever disabled the account or changed the password meanwhile wins.
    const { count } = await tx.db.user.updateMany({ where: { id: user.id, disabledAt: null, passwordHash: user.passwordHash }, data: { lastSignInAt: now } });
    if (count === 0) throw new AppError("conflict", "Your account was changed at this moment. Try again.");
    if (tx.actor.kind === "user") await tx.db.session.updateMany({ where: { id: tx.actor.sessionId, revokedAt: null }, data: { revokedAt: now } });
    const sessionId = newId("ses", now);
    const userAgent = tx.request?.userAgent?.slice(0, USER_AGENT_MAX) ?? null;
    const expiresAt = new Date(now.getTime() + SESSION_ABSOLUTE_MS);
    await tx.db.session.create({ data: { id: sessionId, userId: user.id, address: tx.clientAddress, userAgent, createdAt: now, lastSeenAt: now, expiresAt } });
    const actor = { kind: "user", id: user.id, name: user.name, email: user.email, role: user.role, sessionId } as const;
    await audit({ ...tx, actor }, { action: "access.signIn", target: { kind: "session", id: sessionId }, summary: `${user.name} signed in` });
    await announce(tx, { topic: "access", id: user.id });
    return { sessionId };
  });
}

/** Ends a session at its owner's wish. Signing out twice changes nothing. */
export async function signOut(ctx: Context, sessionId: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: tx.now() } });
    if (count === 0) return;
    await audit(tx, { action: "access.signOut", target: { kind: "session", id: sessionId }, summary: "Signed out" });
    await announce(tx, { topic: "access" });
  });
}
