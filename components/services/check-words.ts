/** How checks and components are named and coloured. Pure. */
import type { CheckKind, CheckRow, ComponentRow } from "../../server/services/schema.ts";
import { formatDuration } from "../data/duration.ts";
import { formatNumber, formatSize } from "../data/format.ts";
import type { State as Tone } from "../data/status.tsx";
import { TONES } from "./states.ts";

/** The kinds as people read them; the same words as the module's, without its validator. */
export const KIND_WORDS: Record<CheckKind, string> = { http: "HTTP", tcp: "TCP", postgres: "PostgreSQL", redis: "Redis", heartbeat: "Heartbeat", self: "Self" };

export function kindWord({ kind }: Pick<CheckRow, "kind">): string {
  return KIND_WORDS[kind];
}

/** The target without the scheme and the method GET, which say nothing new. */
export function targetWords({ target }: Pick<CheckRow, "target">): string {
  return target.replace(/^GET /u, "").replace(/^((?:[A-Z]+ )?)https?:\/\//u, "$1");
}

/** Stale results are not shown in their last colour. */
export function checkTone({ state, isStale, pausedAt }: Pick<CheckRow, "state" | "isStale" | "pausedAt">): Tone {
  if (pausedAt) return "unknown";
  return isStale && state !== "unknown" ? "stale" : TONES[state];
}

export function componentTone({ verdict, isStale }: Pick<ComponentRow, "verdict" | "isStale">): Tone {
  return isStale ? "stale" : TONES[verdict];
}

/** What a component says of itself, or its figure with a unit when it says nothing: "1.2 ms", "412 MiB", "84.2 %". */
export function componentWords({ detail, value, unit }: Pick<ComponentRow, "detail" | "value" | "unit">): string {
  if (detail !== "" || value === null) return detail;
  if (unit === "bytes" || unit === "By") return formatSize(value);
  if (unit === "percent" || unit === "%") return `${formatNumber(value, 1)} %`;
  return unit ? `${formatNumber(value)} ${unit}` : formatNumber(value);
}

/** "every 30 s". */
export function intervalWords(seconds: number): string {
  return formatDuration(seconds * 1000).replace(/^(\d+)\.0 s$/u, "$1 s");
}
