/** The weights of the areas and the score to reach. */
import type { Context } from "../../platform/context.ts";
import { DEFAULT_WEIGHTS, WeightsInput, type Policy } from "../schema/index.ts";

/** The score to reach until somebody sets another. */
export const DEFAULT_GOAL = 85;

/** The policy in force; revision 0 until the first save. Weights that this version cannot read are the defaults. */
export async function getPolicy(ctx: Context): Promise<Policy> {
  const row = await ctx.db.readinessPolicy.findFirst();
  if (!row) return { weights: DEFAULT_WEIGHTS, goal: DEFAULT_GOAL, revision: 0, updatedAt: null, updatedBy: null };
  const weights = WeightsInput.safeParse(row.weights);
  if (!weights.success) ctx.log.warn({ err: weights.error }, "stored weights are not valid, the defaults are used");
  return { weights: weights.success ? weights.data : DEFAULT_WEIGHTS, goal: row.goal, revision: row.revision, updatedAt: row.updatedAt, updatedBy: row.updatedBy };
}
