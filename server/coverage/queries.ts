import type { Context } from "../platform/context.ts";
import type { CoverageSummary } from "./schema.ts";

/** How many audited changes coverage has seen. */
export async function getCoverageSummary(ctx: Context): Promise<CoverageSummary> {
  return { count: await ctx.db.auditEntry.count({ where: { action: { startsWith: "coverage." } } }) };
}
