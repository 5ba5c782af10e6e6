import type { Context } from "../platform/context.ts";
import type { LoadtestsSummary } from "./schema.ts";

/** How many audited changes loadtests has seen. */
export async function getLoadtestsSummary(ctx: Context): Promise<LoadtestsSummary> {
  return { count: await ctx.db.auditEntry.count({ where: { action: { startsWith: "loadtests." } } }) };
}
