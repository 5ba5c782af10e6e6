import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import type { QueueFigures } from "../states.ts";

/** Completed jobs are kept this long, so that "last hour" is complete. */
const KEEP_COMPLETED_MINUTES = 65;
const KEEP_SAMPLES_DAYS = 30;
/** Deleted at once; a backlog goes over several runs instead of in one long transaction. */
const DELETE_BATCH = 50_000;

/** Writes what was counted into the row of this minute: the latest figures, and the deepest depth. Any number of workers may. */
export async function recordSamples(ctx: Context, queues: QueueFigures[]): Promise<void> {
  if (queues.length === 0) return;
  const rows = queues.map(({ name, counts, depth, oldestWaitingMs }) => {
    const { waiting, delayed, active, failed, dead } = counts;
    return Prisma.sql`(date_trunc('minute', now()), ${name}, ${waiting}::int, ${delayed}::int, ${active}::int, ${failed}::int, ${dead}::int, ${depth}::int, ${oldestWaitingMs}::float8::bigint)`;
  });
  await ctx.db.$executeRaw`
    INSERT INTO series.queue_sample AS s (at, queue, waiting, delayed, active, failed, dead, depth_max, oldest_waiting_ms)
    VALUES ${Prisma.join(rows)}
    ON CONFLICT (connection, queue, at) DO UPDATE SET
      waiting = excluded.waiting, delayed = excluded.delayed, active = excluded.active, failed = excluded.failed, dead = excluded.dead,
      depth_max = greatest(s.depth_max, excluded.depth_max), oldest_waiting_ms = excluded.oldest_waiting_ms`;
}

/** Deletes completed jobs past their hour and samples past their thirty days. Returns how many of each. */
export async function tidyQueues(ctx: Context): Promise<{ jobs: number; samples: number }> {
  const jobs = await ctx.db.$executeRaw`
    DELETE FROM pgboss.job WHERE (name, id) IN (
      SELECT name, id FROM pgboss.job
      WHERE state = 'completed' AND completed_on < now() - ${KEEP_COMPLETED_MINUTES}::int * interval '1 minute' LIMIT ${DELETE_BATCH}::int)`;
  const samples = await ctx.db.$executeRaw`DELETE FROM series.queue_sample WHERE at < now() - ${KEEP_SAMPLES_DAYS}::int * interval '1 day'`;
  return { jobs, samples };
}
