import { audit } from "../../platform/audit.ts";
import { SESSION_ABSOLUTE_MS } from "../../platform/auth/session-token.ts";
import type { Context } from "../../platform/context.ts";
import type { Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import type { Role, SignedInBy } from "../schema.ts";

const USER_AGENT_MAX = 300;

export type Opening = {
  user: { id: string; email: string; name: string; role: Role };
  signedInBy: SignedInBy;
  /** What must still be true of the account, beside its being enabled. */
  unchanged?: Prisma.UserWhereInput;
};

/**
 * Opens a session with a new id, inside the caller's transaction; a session that this browser still had is ended, so an id
 * from before sign-in is worth nothing. Throws `conflict` when the account changed since it was looked at.
 */
export async function openSession(tx: Context, { user, signedInBy, unchanged }: Opening): Promise<{ sessionId: string }> {
  const now = tx.now();
  const { count } = await tx.db.user.updateMany({ where: { ...unchanged, id: user.id, disabledAt: null }, data: { lastSignInAt: now } });
  if (count === 0) throw new AppError("conflict", "Your account was changed at this moment. Try again.");
  if (tx.actor.kind === "user") await tx.db.session.updateMany({ where: { id: tx.actor.sessionId, revokedAt: null }, data: { revokedAt: now } });
  const sessionId = newId("ses", now);
  const userAgent = tx.request?.userAgent?.slice(0, USER_AGENT_MAX) ?? null;
  const expiresAt = new Date(now.getTime() + SESSION_ABSOLUTE_MS);
  await tx.db.session.create({ data: { id: sessionId, userId: user.id, address: tx.clientAddress, userAgent, createdAt: now, lastSeenAt: now, expiresAt, signedInBy } });
  const actor = { kind: "user", id: user.id, name: user.name, email: user.email, role: user.role, sessionId } as const;
  await audit({ ...tx, actor }, { action: "access.signIn", target: { kind: "session", id: sessionId }, summary: `${user.name} signed in by ${signedInBy}` });
  await announce(tx, { topic: "access", id: user.id });
  return { sessionId };
}
