/** The job queue: are its tables there, and does somebody take the jobs? */
import type { Db } from "../db.ts";
import type { Check } from "./run-check.ts";

/** Workers look every second; jobs that are due this long have nobody who takes them. */
const STUCK_SECONDS = 300;

type Backlog = { waiting: number; oldest_seconds: number | null };

/** Degraded when due jobs are left lying. Throws when the queue's tables are missing. */
export function queueCheck(db: Db): Check {
  return async () => {
    const [backlog] = await db.$queryRaw<Backlog[]>`
      SELECT count(*)::int AS waiting, floor(extract(epoch FROM now() - min(start_after)))::int AS oldest_seconds
      FROM pgboss.job WHERE state < 'active' AND start_after <= now() AND name <> 'dead-letters'`;
    const oldestSeconds = backlog?.oldest_seconds ?? null;
    const detail = { waiting: backlog?.waiting ?? 0, oldestSeconds };
    if (oldestSeconds !== null && oldestSeconds >= STUCK_SECONDS) {
      return { status: "degraded", error: `A job has been due for ${oldestSeconds} s. Is a worker running?`, detail };
    }
    return { status: "up", detail };
  };
}
