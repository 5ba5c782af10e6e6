/** Acts on many services in words. Pure. */
import type { Bulk, BulkAction, BulkPreview } from "../../server/services/schema.ts";
import { formatCount, plural } from "../data/format.ts";

type Words = { verb: string; done: string; consequence: string };

export const BULK_WORDS: Record<BulkAction, Words> = {
  run: { verb: "Run checks of", done: "Checks started of", consequence: "Their checks run now, beside the schedule." },
  pause: { verb: "Pause", done: "Paused", consequence: "Their checks stop until they are resumed. Time without checks is not charged to uptime." },
  resume: { verb: "Resume", done: "Resumed", consequence: "Their paused checks run again, as unknown until the first result." },
  archive: { verb: "Archive", done: "Archived", consequence: "They leave the list and nobody watches them. History is kept, and each can be restored." },
  restore: { verb: "Restore", done: "Restored", consequence: "They come back to the list and their checks run again." },
  addTags: { verb: "Add tags to", done: "Tagged", consequence: "The tags are added to those they have." },
  removeTags: { verb: "Take tags from", done: "Untagged", consequence: "Other tags stay." },
};

/** "4 of the 7 chosen change: A, B, C and 1 more." */
export function previewSentence({ matching, affected, sample }: BulkPreview): string {
  if (affected === 0) return `None of the ${plural(matching, "chosen service")} would change.`;
  const more = affected - sample.length;
  const names = more > 0 ? `${sample.join(", ")} and ${formatCount(more)} more` : sample.join(", ");
  return `${affected === matching ? plural(affected, "service changes", "services change") : `${formatCount(affected)} of ${formatCount(matching)} change`}: ${names}.`;
}

/** How an act stands, in one line. */
export function bulkSentence({ action, state, total, position, changed, problems }: Bulk): string {
  const done = `${BULK_WORDS[action].done} ${plural(changed, "service")}`;
  if (state === "queued") return "Waiting for a worker…";
  if (state === "running") return `${done}, ${formatCount(position)} of ${formatCount(total)} looked at…`;
  if (state === "cancelled") return `${done}, then stopped; ${formatCount(total - position)} were left alone.`;
  return problems.length > 0 ? `${done}; ${formatCount(total - changed)} could not be changed.` : `${done}.`;
}
