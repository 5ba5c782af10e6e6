import { audit } from "../../platform/audit.ts";
import { hashPassword } from "../../platform/auth/password-hash.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { refuseKeys } from "../caller.ts";
import { getUser } from "../queries/index.ts";
import type { ById, ChangePassword, UserWithPassword } from "../schema.ts";
import { provePassword } from "./own-password.ts";
import { assertGoodPassword, endSessions, generatePassword, revokeLinks } from "./user-row.ts";

/**
 * Changes the caller's own password and ends their other sessions. Throws `forbidden` for keys, `invalid` when the
 * present password is wrong or the new one is refused, `conflict` when it was changed meanwhile, `limit`.
 */
export async function changePassword(ctx: Context, input: ChangePassword): Promise<{ ok: true }> {
  const before = await provePassword(ctx, { password: input.currentPassword, field: "currentPassword" });
  const { person } = before;
  assertGoodPassword(input.newPassword, { email: person.email, field: "newPassword" });
  const passwordHash = await hashPassword(input.newPassword);
  return inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.user.updateMany({
      where: { id: person.id, passwordHash: before.passwordHash, disabledAt: null },
      data: { passwordHash, updatedAt: tx.now() },
    });
    if (count === 0) throw new AppError("conflict", "Your password was changed meanwhile. Sign in again.");
    await revokeLinks(tx, person.id);
    const ended = await endSessions(tx, person.id, person.sessionId);
    await audit(tx, { action: "access.changePassword", target: { kind: "user", id: person.id }, summary: `Changed their own password, ended ${ended} other sessions` });
    await announce(tx, { topic: "access", id: person.id });
    return { ok: true };
  });
}

/** Gives a user a generated password, shown once, and ends all their sessions. Throws `not_found`. */
export async function resetPassword(ctx: Context, input: ById): Promise<UserWithPassword> {
  refuseKeys(ctx);
  const generatedPassword = generatePassword();
  const passwordHash = await hashPassword(generatedPassword);
  return inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.user.updateMany({ where: { id: input.id }, data: { passwordHash, updatedAt: tx.now() } });
    if (count === 0) throw new AppError("not_found", "There is no user with this id.");
    await revokeLinks(tx, input.id);
    const ended = await endSessions(tx, input.id);
    const user = await getUser(tx, input.id);
    await audit(tx, { action: "access.resetPassword", target: { kind: "user", id: user.id }, summary: `Reset the password of ${user.name}, ended ${ended} sessions` });
    await announce(tx, { topic: "access", id: user.id });
    return { user, generatedPassword };
  });
}
