import { verifyPassword } from "../../platform/auth/password-hash.ts";
import type { Actor, Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { chargeFailure, forgiveFailure } from "../../platform/limiter/charge.ts";
import { refuseKeys } from "../caller.ts";

type Person = Extract<Actor, { kind: "user" }>;

/**
 * Makes sure that the signed-in person sits at the keyboard: their password is right. Whoever found an open browser must
 * not guess it from inside either, so failures count as at sign-in. Throws `forbidden` for keys, `precondition` for an
 * account without a password, `invalid` for a wrong one, `limit`.
 */
export async function provePassword(ctx: Context, proof: { password: string; field: string }): Promise<{ person: Person; passwordHash: string }> {
  const { actor } = ctx;
  refuseKeys(ctx);
  if (actor.kind !== "user") throw new AppError("precondition", "Only a person has a password.");
  const on = { account: actor.email };
  await chargeFailure(ctx, on);
  const row = await ctx.db.user.findUnique({ where: { id: actor.id }, select: { passwordHash: true } });
  const isRight = await verifyPassword(proof.password, row?.passwordHash ?? null);
  if (!row?.passwordHash) {
    throw new AppError("precondition", "This account has no password: it signs in elsewhere. An administrator can send a link to set one.");
  }
  if (!isRight) {
    const problem = "This is not your present password. Nothing was changed.";
    throw new AppError("invalid", problem, { detail: { fields: { [proof.field]: problem } } });
  }
  await forgiveFailure(ctx, on);
  return { person: actor, passwordHash: row.passwordHash };
}
