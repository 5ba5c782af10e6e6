/** The phases of a run as words and shares. Pure. */
import type { Phases } from "../../server/services/schema.ts";
import { formatMilliseconds } from "../data/duration.ts";

const NAMES: readonly { key: keyof Phases; word: string }[] = [
  { key: "resolveMs", word: "Name" },
  { key: "connectMs", word: "Connect" },
  { key: "tlsMs", word: "TLS" },
  { key: "firstByteMs", word: "First byte" },
  { key: "bodyMs", word: "Rest" },
];

export type PhasePart = { key: keyof Phases; word: string; ms: number; share: number };

const PERCENT = 100;

/** The phases that a run had, each with its share of the whole in percent. */
export function phaseParts(phases: Phases): PhasePart[] {
  const parts = NAMES.flatMap(({ key, word }) => {
    const ms = phases[key];
    return ms === null ? [] : [{ key, word, ms }];
  });
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  return parts.map((part) => ({ ...part, share: total > 0 ? (PERCENT * part.ms) / total : 0 }));
}

/** "Name 3 ms, connect 1 ms, first byte 40 ms" */
export const phaseWords = (phases: Phases): string => phaseParts(phases).map(({ word, ms }, index) => `${index === 0 ? word : word.toLowerCase().replace("tls", "TLS")} ${formatMilliseconds(ms)}`).join(", ");
