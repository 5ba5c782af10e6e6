import * as z from "zod";
import { NEEDED_BY, SECOND_FACTOR_KEY, type NeededBy } from "../../platform/auth/second-factor-rule.ts";
import type { Context } from "../../platform/context.ts";
import type { SecondFactorRule } from "../schema.ts";

const known = z.enum(NEEDED_BY).catch("nobody");

/** Who must have a second factor, and how many of them have none yet. */
export async function getSecondFactorRule(ctx: Context): Promise<SecondFactorRule> {
  const row = await ctx.db.setting.findUnique({ where: { key: SECOND_FACTOR_KEY } });
  const neededBy: NeededBy = known.parse(row?.value);
  const missing = neededBy === "nobody" ? 0 : await ctx.db.user.count({ where: { disabledAt: null, passwordHash: { not: null }, role: neededBy === "admins" ? "admin" : undefined, NOT: { secondFactor: { confirmedAt: { not: null } } } } });
  return { neededBy, missing, updatedAt: row?.updatedAt ?? null, updatedBy: row?.updatedBy ?? null };
}

/** Throws nothing: true when the rule asks this person for a second factor. */
export async function needsSecondFactor(ctx: Context, role: string): Promise<boolean> {
  const { neededBy } = await getSecondFactorRule(ctx);
  return neededBy === "everybody" || (neededBy === "admins" && role === "admin");
}
