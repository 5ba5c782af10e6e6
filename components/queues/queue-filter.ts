/** Which queues the list shows, from the filter's text: `level:critical connection:shop words`. Pure. */
import type { Queue } from "../../server/queues/schema/index.ts";
import type { Qualifier } from "../data/filter-bar.tsx";
import type { FilterChip } from "../data/filter-chips.tsx";
import { formatFilter, parseFilter } from "../data/filter-text.ts";
import { LEVEL_WORDS } from "./rule-words.ts";

const NAMES = ["level", "connection", "is"];
export const ALL = "all";
const LEVELS = ["critical", "warn", "ok"] as const;

export function filterQueues(queues: readonly Queue[], text: string): Queue[] {
  const { words, qualifiers } = parseFilter(text, NAMES);
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const of = (name: string) => qualifiers.filter((qualifier) => qualifier.name === name).map(({ value }) => value.toLowerCase());
  const [levels, connections, are] = [of("level"), of("connection"), of("is")];
  return queues.filter((queue) => {
    const isNamed = wanted.every((word) => `${queue.name} ${queue.connectionName}`.toLowerCase().includes(word));
    const isLevel = levels.length === 0 || levels.includes(queue.level);
    const isThere = connections.length === 0 || connections.includes(queue.connection) || connections.includes(queue.connectionName.toLowerCase());
    return isNamed && isLevel && isThere && (!are.includes("paused") || queue.isPaused);
  });
}

/** Which chip is pressed; "" for a mixture. */
export function levelChip(text: string): string {
  const found = parseFilter(text, NAMES).qualifiers.filter(({ name }) => name === "level");
  return found.length === 0 ? ALL : found.length === 1 ? (found[0]?.value ?? "") : "";
}

/** The filter with another chip pressed; everything else in it stays. */
export function withLevel(text: string, chip: string): string {
  const parsed = parseFilter(text, NAMES);
  const others = parsed.qualifiers.filter(({ name }) => name !== "level");
  return formatFilter({ words: parsed.words, qualifiers: chip === ALL ? others : [{ name: "level", value: chip }, ...others] });
}

export function levelChips(queues: readonly Queue[] | undefined): FilterChip[] {
  const count = (level: string) => queues?.filter((queue) => queue.level === level).length;
  return [{ value: ALL, label: "All", count: queues?.length }, ...LEVELS.map((level) => ({ value: level, label: LEVEL_WORDS[level].word, state: LEVEL_WORDS[level].state, count: count(level) }))];
}

/** What the filter bar suggests. */
export function queueQualifiers(queues: readonly Queue[] | undefined): Qualifier[] {
  return [
    { name: "level", hint: "what its rules say", values: LEVELS },
    { name: "connection", hint: "where it lives", values: [...new Set(queues?.map((queue) => queue.connection))] },
    { name: "is", hint: "paused", values: ["paused"] },
  ];
}
