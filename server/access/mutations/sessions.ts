import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { isAdmin, personOf } from "../caller.ts";
import type { ById } from "../schema.ts";
import { endSessions } from "./user-row.ts";

/** Ends a session from its next request on: one's own, or anybody's for an admin. Throws `not_found` also for others'. */
export async function revokeSession(ctx: Context, input: ById): Promise<{ ok: true }> {
  return inTransaction(ctx, async (tx) => {
    const userId = isAdmin(tx.actor) ? undefined : personOf(tx.actor);
    const { count } = await tx.db.session.updateMany({ where: { id: input.id, userId, revokedAt: null }, data: { revokedAt: tx.now() } });
    if (count === 0) throw new AppError("not_found", "There is no live session with this id.");
    const session = await tx.db.session.findUniqueOrThrow({ where: { id: input.id }, select: { user: { select: { id: true, name: true } } } });
    await audit(tx, { action: "access.revokeSession", target: { kind: "session", id: input.id }, summary: `Ended a session of ${session.user.name}`, after: { userId: session.user.id } });
    await announce(tx, { topic: "access", id: input.id });
    return { ok: true };
  });
}

/** Ends the caller's sessions but the one that asks. */
export async function revokeOtherSessions(ctx: Context): Promise<{ revoked: number }> {
  const userId = personOf(ctx.actor);
  const keptId = ctx.actor.kind === "user" ? ctx.actor.sessionId : undefined;
  return inTransaction(ctx, async (tx) => {
    const revoked = await endSessions(tx, userId, keptId);
    await audit(tx, { action: "access.revokeOtherSessions", target: { kind: "user", id: userId }, summary: `Ended ${revoked} other sessions of their own` });
    await announce(tx, { topic: "access", id: userId });
    return { revoked };
  });
}
