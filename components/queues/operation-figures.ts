/** What an operation's row tells people. Pure. */
import type { Bulk, BulkStatus } from "../../server/queues/schema/index.ts";
import { formatCount, plural } from "../data/format.ts";
import type { State } from "../data/status.tsx";

export const isOver = ({ status }: Pick<Bulk, "status">): boolean => status === "done" || status === "cancelled" || status === "failed";

/** 0 to 1; null when it is not known how many there are. */
export function progressOf({ total, reached, status }: Pick<Bulk, "total" | "reached" | "status">): number | null {
  if (status === "done") return 1;
  return total === null || total === 0 ? null : Math.min(1, reached / total);
}

/** Milliseconds until it is over at its present rate; null when that cannot be said. */
export function etaOf({ total, reached, rate, status }: Pick<Bulk, "total" | "reached" | "rate" | "status">): number | null {
  if (status !== "running" || total === null || rate === null || rate <= 0 || reached >= total) return null;
  return ((total - reached) / rate) * 1_000;
}

export const BULK_WORDS: Record<BulkStatus, { word: string; state: State }> = {
  waiting: { word: "Waits for a worker", state: "unknown" },
  running: { word: "Running", state: "maintenance" },
  paused: { word: "Paused", state: "warn" },
  done: { word: "Done", state: "ok" },
  cancelled: { word: "Cancelled", state: "unknown" },
  failed: { word: "Gave up", state: "fail" },
};

/** What happened to the jobs it reached; nothing of what did not happen. */
export function resultWords({ done, already, missing, refused }: Pick<Bulk, "done" | "already" | "missing" | "refused">): string {
  return [`${formatCount(done)} done`, already > 0 ? `${formatCount(already)} were so already` : "", missing > 0 ? `${formatCount(missing)} gone before` : "", refused > 0 ? `${formatCount(refused)} left as they were` : ""]
    .filter((part) => part !== "")
    .join(", ");
}

export function statusSentence(operation: Bulk): string {
  const { status, trouble, reached } = operation;
  if (status === "waiting") return "waits for a worker";
  if (trouble) return `${status === "failed" ? "gave up" : "held up"}: ${trouble}`;
  if (status === "paused") return `paused after ${plural(reached, "job")}`;
  return isOver(operation) ? `${BULK_WORDS[status].word.toLowerCase()}: ${resultWords(operation)}` : resultWords(operation);
}
