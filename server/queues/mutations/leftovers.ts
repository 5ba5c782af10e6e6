import type { Context } from "../../platform/context.ts";

/** Operations and their outcomes are kept this long after their end. */
const KEEP_OPERATIONS_DAYS = 30;
/** An attempt's job was written a moment later; one that is younger may still come. */
const KEEP_ATTEMPTS_MINUTES = 5;
const DELETE_BATCH = 50_000;

/** Deletes attempts and quarantine of jobs that are gone, and operations past their thirty days. Returns how many rows went. */
export async function tidyLeftovers(ctx: Context): Promise<number> {
  const attempts = await ctx.db.$executeRaw`
    DELETE FROM series.queue_attempt WHERE id IN (
      SELECT a.id FROM series.queue_attempt a
      WHERE a.ended_at < now() - ${KEEP_ATTEMPTS_MINUTES}::int * interval '1 minute'
        AND NOT EXISTS (SELECT 1 FROM pgboss.job_common j WHERE j.name = a.queue AND j.id = a.job_id)
        AND NOT EXISTS (SELECT 1 FROM pgboss.job_common l WHERE l.source_id = a.job_id)
      LIMIT ${DELETE_BATCH}::int)`;
  const aside = await ctx.db.$executeRaw`
    DELETE FROM queue_quarantine q
    WHERE NOT EXISTS (SELECT 1 FROM pgboss.job_common j WHERE j.name = q.queue AND j.id = q.job_id) AND NOT EXISTS (SELECT 1 FROM pgboss.job_common l WHERE l.source_id = q.job_id)`;
  const items = await ctx.db.$executeRaw`
    DELETE FROM series.queue_operation_item WHERE (operation_id, job_id) IN (
      SELECT i.operation_id, i.job_id FROM queue_operation o JOIN series.queue_operation_item i ON i.operation_id = o.id
      WHERE o.finished_at < now() - ${KEEP_OPERATIONS_DAYS}::int * interval '1 day' OR (o.status IN ('done', 'cancelled') AND i.result = 'done')
      LIMIT ${DELETE_BATCH}::int)`;
  const operations = await ctx.db.$executeRaw`
    DELETE FROM queue_operation o WHERE o.finished_at < now() - ${KEEP_OPERATIONS_DAYS}::int * interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM series.queue_operation_item i WHERE i.operation_id = o.id)`;
  return attempts + aside + items + operations;
}
