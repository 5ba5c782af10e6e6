import type { Context } from "../../platform/context.ts";
import { Thresholds } from "../schema/index.ts";

/** Thresholds that differ from the defaults, by queue; those that another version wrote are left out. */
export async function readThresholds(ctx: Context, connection: string, queue?: string): Promise<Map<string, Thresholds>> {
  const rows = await ctx.db.queueThreshold.findMany({ where: { connectionId: connection, ...(queue === undefined ? {} : { queue }) } });
  return new Map(rows.flatMap((row) => {
    const parsed = Thresholds.safeParse(row.rules);
    return parsed.success ? [[row.queue, parsed.data] as const] : [];
  }));
}
