/** Rules of a queue in words. Pure. */
import type { QueueRule, RuleLevel, RuleState } from "../../server/queues/schema/index.ts";
import { formatDuration } from "../data/duration.ts";
import { formatCount, formatPercent } from "../data/format.ts";
import type { State } from "../data/status.tsx";

const SECOND_MS = 1_000;

export const LEVEL_WORDS: Record<RuleLevel, { word: string; state: State }> = {
  ok: { word: "OK", state: "ok" },
  warn: { word: "Warning", state: "warn" },
  critical: { word: "Critical", state: "fail" },
};

export const RULE_WORDS: Record<QueueRule, { label: string; unit: string; format: (value: number) => string; says: (value: string) => string }> = {
  depth: { label: "Depth", unit: "jobs", format: formatCount, says: (value) => `${value} jobs to be done` },
  oldest: { label: "Oldest waiting", unit: "seconds", format: (value) => formatDuration(value * SECOND_MS), says: (value) => `oldest waits ${value}` },
  failureRate: { label: "Failure rate, last hour", unit: "percent", format: (value) => formatPercent(value, 1), says: (value) => `${value} of jobs fail` },
  noConsumer: { label: "Waiting without a worker", unit: "jobs", format: formatCount, says: (value) => `${value} ${value === "1" ? "waits" : "wait"}, no worker` },
  deadGrowth: { label: "New dead letters, last hour", unit: "letters", format: formatCount, says: (value) => `${value} new dead ${value === "1" ? "letter" : "letters"}` },
};

/** Text of a system as a sentence: it ends as one. */
export const asSentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

/** A rule as one phrase: "501 jobs to be done". */
export function ruleSentence({ rule, value }: Pick<RuleState, "rule" | "value">): string {
  const words = RULE_WORDS[rule];
  return words.says(words.format(value));
}
