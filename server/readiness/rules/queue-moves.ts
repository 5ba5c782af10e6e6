import { MINUTE_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { spanWords } from "./words.ts";

const OLDEST_MS = 5 * MINUTE_MS;

export const queueMoves: Rule = {
  id: "queue-moves",
  title: "No job waits longer than 5 minutes",
  why: "A queue that does not move is an outage that nobody sees.",
  fix: "Look at the queue; add a worker or mend the job that blocks.",
  category: "reliability",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "at most 5 min");
    const { oldestWaitingMs, oldestQueue, isStalled, workers } = facts.console.queues;
    return decide(!isStalled && (oldestWaitingMs ?? 0) <= OLDEST_MS, { value: oldestWaitingMs === null ? "nothing waits" : `${spanWords(oldestWaitingMs)} in ${oldestQueue}`, target: "at most 5 min", at: facts.console.at, evidence: seen("Queues", "/queues", { "Oldest waiting": oldestWaitingMs === null ? "none" : spanWords(oldestWaitingMs), Queue: oldestQueue, Workers: workers }) });
  },
};
