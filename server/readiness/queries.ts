import type { Context } from "../platform/context.ts";
import type { ReadinessSummary } from "./schema.ts";

/** How many audited changes readiness has seen. */
export async function getReadinessSummary(ctx: Context): Promise<ReadinessSummary> {
  return { count: await ctx.db.auditEntry.count({ where: { action: { startsWith: "readiness." } } }) };
}
