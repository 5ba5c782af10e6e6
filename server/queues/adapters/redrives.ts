/** How often a job came back from the dead letters, kept by the console for systems that do not count. */
import type { Context } from "../../platform/context.ts";

/** Counts by job key; a job that never came back is absent. */
export async function readRedrives(ctx: Context, connection: string, keys: readonly string[]): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const rows = await ctx.db.queueRedrive.findMany({ where: { connectionId: connection, jobKey: { in: [...keys] } }, select: { jobKey: true, count: true } });
  return new Map(rows.map(({ jobKey, count }) => [jobKey, count]));
}

/** Counts one more for each. */
export async function countRedrives(ctx: Context, connection: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await ctx.db.$executeRaw`
    INSERT INTO queue_redrive AS r (connection_id, job_key, count, last_at)
    SELECT ${connection}, key, 1, ${ctx.now()} FROM unnest(${[...new Set(keys)]}::text[]) AS key
    ON CONFLICT (connection_id, job_key) DO UPDATE SET count = r.count + 1, last_at = excluded.last_at`;
}
