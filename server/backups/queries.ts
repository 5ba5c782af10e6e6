import type { Context } from "../platform/context.ts";
import type { BackupsSummary } from "./schema.ts";

/** How many audited changes backups has seen. */
export async function getBackupsSummary(ctx: Context): Promise<BackupsSummary> {
  return { count: await ctx.db.auditEntry.count({ where: { action: { startsWith: "backups." } } }) };
}
