import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { SecondFactor } from "../schema.ts";

/** The caller's own second factor. Throws `forbidden` for a key: it has none. */
export async function getSecondFactor(ctx: Context): Promise<SecondFactor> {
  if (ctx.actor.kind !== "user") throw new AppError("forbidden", "Only a person has a second factor. Sign in to see it.");
  const row = await ctx.db.user.findUniqueOrThrow({
    where: { id: ctx.actor.id },
    select: { passwordHash: true, secondFactor: { select: { confirmedAt: true } }, _count: { select: { recoveryCodes: { where: { usedAt: null } } } } },
  });
  const since = row.secondFactor?.confirmedAt ?? null;
  return { isOn: since !== null, since, recoveryCodesLeft: since ? row._count.recoveryCodes : 0, hasPassword: row.passwordHash !== null };
}
