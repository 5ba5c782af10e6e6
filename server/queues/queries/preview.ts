/** What an operation on many jobs would reach, and what a person should know before it starts. */
import { MINUTE_MS, monotonicMs, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { JobQuery, QueueReading } from "../adapters/adapter.ts";
import { isEmptyFilter, parseJobFilter } from "../job-filter.ts";
import type { BulkPreview, BulkTarget, Job } from "../schema/index.ts";
import { isRetrying, obstacleTo } from "./guard.ts";
import { systemOf, type OpenedSystem } from "./systems.ts";

/** Counting what a filter matches stops after this long; the count is then a lower bound. */
const COUNT_MS = 2 * SECOND_MS;
const COUNT_STEP = 5_000;
const SAMPLE = 5;
/** What failed within this time says how a retry would go. */
const RECENT_MS = 5 * MINUTE_MS;

const queryOf = ({ queue, state, filter: text }: BulkTarget): JobQuery => {
  const filter = parseJobFilter(text);
  return { queue, state: filter.state ?? state, filter, cursor: undefined, limit: SAMPLE };
};

/** Counts jobs by walking over their ids, until the time is up. */
async function walk(ctx: Context, { system }: OpenedSystem, query: JobQuery): Promise<{ count: number; isExact: boolean }> {
  const endMs = monotonicMs() + COUNT_MS;
  let count = 0;
  for (let cursor: string | undefined; ; ) {
    const found = await system.findIds(ctx, { ...query, cursor, limit: COUNT_STEP, until: ctx.now() });
    count += found.ids.length;
    if (found.nextCursor === null) return { count, isExact: true };
    if (monotonicMs() > endMs) return { count, isExact: false };
    cursor = found.nextCursor;
  }
}

/** How many jobs the target reaches now. */
export async function countTarget(ctx: Context, opened: OpenedSystem, target: BulkTarget): Promise<{ count: number; isExact: boolean }> {
  if (target.ids) return { count: target.ids.length, isExact: true };
  const query = queryOf(target);
  if (!isEmptyFilter(query.filter)) return walk(ctx, opened, query);
  const [reading] = await opened.system.readQueues(ctx, { since: ctx.now(), only: target.queue });
  return { count: reading?.counts[query.state] ?? 0, isExact: true };
}

function warningsOf(target: BulkTarget, reading: QueueReading): string[] {
  if (!isRetrying(target.operation)) return [];
  const { flow, consumers, isPaused } = reading;
  return [
    ...(isPaused ? ["The queue is paused: they would wait until it is resumed."] : []),
    ...(consumers === 0 ? ["No worker takes jobs of this queue: they would wait for one."] : []),
    ...(flow.failed > 0 && flow.completed === 0 ? [`${flow.failed} failed in the last 5 min and none was done, so these would probably fail again.`] : []),
  ];
}

/** Counts and shows what an operation would reach. Throws `not_found` for an unknown queue. */
export async function previewBulk(ctx: Context, target: BulkTarget): Promise<BulkPreview> {
  const opened = await systemOf(ctx, target.connection);
  const [reading] = await opened.system.readQueues(ctx, { since: new Date(ctx.now().getTime() - RECENT_MS), only: target.queue });
  if (!reading) throw new AppError("not_found", `There is no queue ${target.queue}.`);
  const [obstacle, { count, isExact }, page] = await Promise.all([
    obstacleTo(ctx, opened, { queue: target.queue, operation: target.operation }),
    countTarget(ctx, opened, target),
    opened.system.listJobs(ctx, queryOf(target)),
  ]);
  const sample = page.items.map((item): Job => ({ ...item, connection: target.connection }));
  return { count, isExact, sample, obstacle, warnings: warningsOf(target, reading) };
}
