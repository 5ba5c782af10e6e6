/** The order of the queue list, from and for the URL: `?sort=dead:desc`. Pure. */
import type { Queue } from "../../server/queues/schema/index.ts";
import type { Sort } from "../data/columns.ts";

const LEVEL_RANK: Record<Queue["level"], number> = { ok: 0, warn: 1, critical: 2 };

const VALUES: Record<string, (queue: Queue) => number | string> = {
  name: (queue) => queue.name,
  connection: (queue) => queue.connectionName,
  level: (queue) => LEVEL_RANK[queue.level],
  waiting: (queue) => queue.counts.waiting,
  active: (queue) => queue.counts.active,
  delayed: (queue) => queue.counts.delayed,
  dead: (queue) => queue.counts.dead,
  oldest: (queue) => queue.oldestWaitingMs ?? -1,
  failed: (queue) => queue.failedLastHour,
  done: (queue) => queue.completedLastHour,
};

/** Trouble first: what the rules say, then the name. */
const DEFAULT: Sort = { by: "level", direction: "desc" };

export function readQueueSort(text: string): Sort {
  const [by, direction] = text.split(":");
  if (!by || !(by in VALUES)) return DEFAULT;
  return { by, direction: direction === "desc" ? "desc" : "asc" };
}

/** Returns a sorted copy; equals stand by name. */
export function sortQueues(queues: readonly Queue[], sort: Sort): Queue[] {
  const valueOf = VALUES[sort.by] ?? VALUES.name!;
  const sign = sort.direction === "desc" ? -1 : 1;
  return queues.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (left === right) return a.name.localeCompare(b.name);
    return left < right ? -sign : sign;
  });
}
