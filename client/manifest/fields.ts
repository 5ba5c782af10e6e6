/**
 * Shapes of the manifest, in a few words: which fields a thing has, which it must have, and what an absent one means.
 * Reading fills in what is absent, writing leaves out what is so anyway; that makes both ways agree.
 */
import type { Data, Fields } from "./document.ts";

export type Rule = {
  kind: "text" | "number" | "boolean" | "list" | "mapping";
  /** What an absent field means; undefined makes the field required, null means "none". */
  absent: Data | undefined;
  /** True where an explicit null says something else than absence. */
  isNullable?: boolean;
};

export type Shape = Readonly<Record<string, Rule>>;

const rule = (kind: Rule["kind"]) => (absent?: Data): Rule => ({ kind, absent });
export const text = rule("text");
export const number = rule("number");
export const boolean = rule("boolean");
export const list = rule("list");
export const mapping = rule("mapping");

/** The same rule, with null as a value of its own: "off". */
export const orOff = (given: Rule): Rule => ({ ...given, isNullable: true });

export type Report = (path: readonly (string | number)[], message: string) => void;

function kindOf(value: Data): Rule["kind"] | "nothing" {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "mapping";
  return typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean";
}

/** Distance of two words in single edits (Levenshtein), to guess what a wrong key meant. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** A key two edits away is probably a slip of the finger. */
const CLOSE = 2;

function unknownKey(key: string, known: readonly string[]): string {
  const [near] = known.map((name) => ({ name, far: distance(key, name) })).toSorted((a, b) => a.far - b.far);
  return near && near.far <= CLOSE ? `is not known; did you mean ${near.name}?` : `is not known. Known are ${known.join(", ")}.`;
}

/** Reads a mapping by its shape, in the shape's order. Reports every problem at its path and reads on. */
export function readFields(value: Data | undefined, shape: Shape, at: { path: readonly (string | number)[]; report: Report }): Fields {
  const { path, report } = at;
  if (value === undefined || kindOf(value) !== "mapping") {
    report(path, "must be a mapping");
    return {};
  }
  const given = value as Fields;
  for (const key of Object.keys(given)) if (!Object.hasOwn(shape, key)) report([...path, key], unknownKey(key, Object.keys(shape)));
  const entries = Object.entries(shape).map(([key, { kind, absent, isNullable }]): [string, Data] => {
    const found = Object.hasOwn(given, key) ? given[key] : undefined;
    if (found === null && isNullable) return [key, null];
    if (found === undefined || found === null) {
      if (absent === undefined) report(path, `needs ${key}`);
      return [key, absent ?? null];
    }
    if (kindOf(found) !== kind) report([...path, key], `must be a ${kind}`);
    return [key, found];
  });
  return Object.fromEntries(entries);
}

/** The word in a field; empty for what is no word. Problems with it were reported when it was read. */
export function wordOf(value: Data | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Leaves out what an absent field would mean as well. */
export function withoutDefaults(fields: Fields, shape: Shape): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key, value]) => !isSame(value, shape[key]?.absent ?? null)));
}

/** Equal as data; the order of keys does not matter, the order of lists does. */
export function isSame(a: Data, b: Data): boolean {
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index] ?? null));
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.every((key) => isSame(a[key] ?? null, b[key] ?? null));
}
