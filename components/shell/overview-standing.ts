/** The overview's first line: are we OK? Put together from what the modules say. Pure. */
import type { Summary } from "../../server/queues/schema/index.ts";
import type { ServicesSummary } from "../../server/services/schema.ts";
import { formatDuration } from "../data/duration.ts";
import { formatClock, plural } from "../data/format.ts";
import type { Standing } from "../data/standing.ts";
import { standingOf } from "../services/sentence.ts";

/** How the console's own queue stands; null when it needs no word. */
export function queueTrouble(queue: Summary | undefined): string | null {
  if (!queue) return null;
  if (queue.isStalled) {
    const wait = queue.oldestWaitingMs === null ? "" : ` for ${formatDuration(queue.oldestWaitingMs)}`;
    return queue.workers === 0 ? `Jobs wait${wait} and no worker runs.` : `Jobs wait${wait} and none is taken.`;
  }
  if (queue.totals.dead > 0) return `${plural(queue.totals.dead, "dead letter")} ${queue.totals.dead === 1 ? "waits" : "wait"} for a decision.`;
  return null;
}

/** The sentence; services lead, the queue adds, and a fine console with a stalled queue is not fine. */
export function overviewStanding(services: ServicesSummary | undefined, queue: Summary | undefined): Standing | undefined {
  if (!services) return undefined;
  const standing = standingOf(services);
  const trouble = queueTrouble(queue);
  if (!trouble) return standing;
  if (standing.tone === "fail" || standing.tone === "warn") return { ...standing, rest: `${standing.rest} ${trouble}`.trim() };
  return { tone: "warn", lead: trouble, rest: `${standing.lead} ${standing.rest}`.trim() };
}

/** The same facts once they cannot be refreshed: past tense, and no green. */
export function staleStanding(standing: Standing, at: Date): Standing {
  return { tone: "unknown", lead: "We cannot say how things stand now.", rest: `At ${formatClock(at)}: ${standing.lead} ${standing.rest}`.trim() };
}
