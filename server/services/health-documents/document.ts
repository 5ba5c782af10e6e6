/**
 * What a health document says, whatever its dialect: one verdict of its own and its components. Bounded here for all
 * dialects: at most 200 components, names of 100 characters, unique within the document.
 */
import type { ComponentReading, Verdict } from "../probes/reading.ts";
import { own, type JsonObject } from "./json.ts";
import { plainText } from "./plain-text.ts";

export const MAX_COMPONENTS = 200;
export const MAX_NAME_LENGTH = 100;
export const MAX_DETAIL_LENGTH = 300;

export type HealthDocument = { dialect: "checks" | "ietf" | "spring" | "aspnet"; verdict: Verdict; components: ComponentReading[] };

/** Reads one dialect; null when the document is not of it. */
export type DialectReader = (document: JsonObject) => HealthDocument | null;

const WORDS: Record<Exclude<Verdict, never>, readonly string[]> = {
  up: ["up", "ok", "healthy", "pass", "passing", "alive", "ready", "green"],
  degraded: ["degraded", "warn", "warning", "partial", "yellow"],
  down: ["down", "fail", "failed", "failing", "error", "unhealthy", "critical", "out_of_service", "red"],
  unknown: ["unknown"],
};
const VERDICT_OF = new Map(Object.entries(WORDS).flatMap(([verdict, words]) => words.map((word) => [word, verdict as Verdict] as const)));

/** The verdict a status word stands for in any dialect and case; null for other words and types. */
export function verdictOfWord(word: unknown): Verdict | null {
  return typeof word === "string" ? (VERDICT_OF.get(word.trim().toLowerCase()) ?? null) : null;
}

/** A component's verdict: an unfamiliar or missing word is `unknown`. */
export const componentVerdict = (word: unknown): Verdict => verdictOfWord(word) ?? "unknown";

/** Text of a detail field, or null. Objects are not shown: they may hold anything. */
export function detailOf(...candidates: unknown[]): string | null {
  const found = candidates.find((candidate) => typeof candidate === "string" && candidate.trim() !== "");
  return typeof found === "string" ? plainText(found, MAX_DETAIL_LENGTH) : null;
}

/** A finite number, or null; numeric strings count. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === "number" ? value : typeof value === "string" && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value.trim()) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** A time a database can hold, or null. */
export function timeOf(value: unknown): Date | null {
  if (typeof value !== "string" || value.length > 40) return null;
  const ms = Date.parse(value);
  return ms >= EARLIEST && ms <= LATEST ? new Date(ms) : null;
}

/** Collects components up to the limit and keeps their names short, readable and unique. */
export function componentList() {
  const items: ComponentReading[] = [];
  const names = new Set<string>();
  const unique = (name: string): string => {
    const base = plainText(name, MAX_NAME_LENGTH) || "unnamed";
    for (let n = 1, candidate = base; ; n++, candidate = `${base.slice(0, MAX_NAME_LENGTH - 6)} (${n})`) {
      if (!names.has(candidate)) return candidate;
    }
  };
  return {
    items,
    get isFull(): boolean {
      return items.length >= MAX_COMPONENTS;
    },
    add(component: ComponentReading): void {
      if (items.length >= MAX_COMPONENTS) return;
      const name = unique(component.name);
      names.add(name);
      items.push({ ...component, name });
    },
  };
}

/** Name and value pairs of an object property, or null when it is not an object. */
export function entriesOf(document: JsonObject, name: string): [string, unknown][] | null {
  const value = own(document, name);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : null;
}
