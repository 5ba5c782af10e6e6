/** How the queues stand, in one sentence. Pure. */
import type { QueueDetail, RuleState, Summary } from "../../server/queues/schema/index.ts";
import { formatDuration } from "../data/duration.ts";
import { plural } from "../data/format.ts";
import type { Standing } from "../data/standing.ts";
import { asSentence, ruleSentence } from "./rule-words.ts";

export function queuesSentence(summary: Summary): Standing {
  const { totals, workers, failedLastHour, completedLastHour, oldestWaitingMs, worstQueue, isStalled } = summary;
  const flow = `${plural(completedLastHour, "job")} done in the last hour, ${plural(workers, "worker")}.`;
  const [down] = summary.down;
  if (down) return { tone: "fail", lead: `${summary.down.length === 1 ? down.name : plural(summary.down.length, "connection")} ${summary.down.length === 1 ? "does" : "do"} not answer.`, rest: flow };
  if (workers === 0) return { tone: totals.waiting > 0 ? "fail" : "warn", lead: "No worker runs.", rest: `${plural(totals.waiting, "job")} ${totals.waiting === 1 ? "waits" : "wait"} for one.` };
  if (isStalled) return { tone: "fail", lead: "Jobs wait and none is taken.", rest: oldestWaitingMs === null ? flow : `The oldest waits for ${formatDuration(oldestWaitingMs)}. ${flow}` };
  if (summary.critical > 0) return { tone: "fail", lead: `${plural(summary.critical, "queue")} ${summary.critical === 1 ? "is" : "are"} critical.`, rest: flow };
  if (summary.warn > 0) return { tone: "warn", lead: `${plural(summary.warn, "queue")} ${summary.warn === 1 ? "needs" : "need"} a look.`, rest: flow };
  if (totals.dead > 0) return { tone: "warn", lead: `${plural(totals.dead, "dead letter")} ${totals.dead === 1 ? "waits" : "wait"} for a decision.`, rest: flow };
  if (failedLastHour > 0) return { tone: "warn", lead: `${plural(failedLastHour, "job")} failed in the last hour${worstQueue ? `, most in ${worstQueue}` : ""}.`, rest: flow };
  return { tone: "ok", lead: "Jobs are taken as they come.", rest: flow };
}

/** A broken rule as a sentence of its own. */
function brokenSentence(rule: Pick<RuleState, "rule" | "value">): string {
  const text = ruleSentence(rule);
  return asSentence(text.charAt(0).toUpperCase() + text.slice(1));
}

type Facts = Pick<QueueDetail, "counts" | "oldestWaitingMs" | "failedLastHour" | "completedLastHour" | "broken">;

/** How one queue stands: its worst rule first, then what waits for a decision, then what it does. */
export function queueSentence({ counts, oldestWaitingMs, failedLastHour, completedLastHour, broken }: Facts): Standing {
  const flow = `${plural(completedLastHour, "job")} done in the last hour.`;
  const critical = broken.find(({ level }) => level === "critical");
  if (critical) return { tone: "fail", lead: brokenSentence(critical), rest: flow };
  if (counts.dead > 0) return { tone: "fail", lead: `${plural(counts.dead, "dead letter")} ${counts.dead === 1 ? "waits" : "wait"} for a decision.`, rest: flow };
  const [worst] = broken;
  if (worst) return { tone: "warn", lead: brokenSentence(worst), rest: flow };
  if (failedLastHour > 0) return { tone: "warn", lead: `${plural(failedLastHour, "attempt")} failed in the last hour.`, rest: flow };
  if (oldestWaitingMs !== null) return { tone: "ok", lead: `${plural(counts.waiting, "job")} ${counts.waiting === 1 ? "waits" : "wait"},`, rest: `the oldest for ${formatDuration(oldestWaitingMs)}. ${flow}` };
  return { tone: "ok", lead: "Nothing waits.", rest: flow };
}
