/**
 * The filter of job lists: words and qualifiers in any order, all of which must hold. `id:… name:mail error:timeout age:>1h
 * priority:<5 tried:>=3 data.customer.id:42 state:failed queue:mail text`. Values with spaces go in double quotes. The same
 * qualifier twice means either; a leading minus means not. Other words are searched in id, key and last error. Pure.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../platform/clock.ts";
import { JOB_STATES, type JobState } from "./schema/index.ts";

/** Values that are wanted and values that are not, lower case. */
export type Wanted = { any: string[]; none: string[] };
export type Comparison = { sign: "<" | "<=" | "=" | ">=" | ">"; value: number };
export type DataMatch = { path: string[]; value: string; isNot: boolean };

export type JobFilter = {
  id: Wanted;
  name: Wanted;
  queue: Wanted;
  error: Wanted;
  state: JobState | null;
  /** Since the job was made, in milliseconds. */
  age: Comparison[];
  priority: Comparison[];
  tried: Comparison[];
  data: DataMatch[];
  text: string[];
};

const TOKEN = /(-?)([a-z]+(?:\.[^\s:"]+)?):(?:"([^"]*)"|(\S+))|"([^"]*)"|(\S+)/giu;
const MOST_TOKENS = 20;
const MOST_PATH_PARTS = 10;
const UNIT_MS: Record<string, number> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** A filter that lets everything through. */
export function noFilter(): JobFilter {
  const wanted = (): Wanted => ({ any: [], none: [] });
  return { id: wanted(), name: wanted(), queue: wanted(), error: wanted(), state: null, age: [], priority: [], tried: [], data: [], text: [] };
}

function readComparison(text: string, toNumber: (digits: string) => number | null): Comparison | null {
  const [, sign = "", rest = ""] = text.match(/^(<=|>=|<|>|=)?(.+)$/) ?? [];
  const value = toNumber(rest);
  return value === null ? null : { sign: (sign || "=") as Comparison["sign"], value };
}

const plainNumber = (text: string): number | null => (/^-?\d{1,9}$/.test(text) ? Number(text) : null);

function duration(text: string): number | null {
  const [, amount, unit] = text.match(/^(\d{1,6}(?:\.\d+)?)([smhd])$/i) ?? [];
  return amount && unit ? Number(amount) * (UNIT_MS[unit.toLowerCase()] ?? 1) : null;
}

type Qualifier = { name: string; value: string; isNot: boolean };

function takeNumber(filter: JobFilter, { name, value, isNot }: Qualifier): boolean {
  if (isNot || (name !== "age" && name !== "priority" && name !== "tried")) return false;
  const comparison = readComparison(value, name === "age" ? duration : plainNumber);
  // An age without a sign means "older than": nobody looks for an exact one.
  const meant = comparison && name === "age" && comparison.sign === "=" ? { ...comparison, sign: ">" as const } : comparison;
  if (meant) filter[name].push(meant);
  return meant !== null;
}

/** Puts a qualifier into the filter; false when it is none, so that it is searched as text. */
function takeQualifier(filter: JobFilter, qualifier: Qualifier): boolean {
  const { name, value, isNot } = qualifier;
  if (value === "") return false;
  if (name.startsWith("data.")) {
    const path = name.slice("data.".length).split(".").filter(Boolean);
    if (path.length === 0 || path.length > MOST_PATH_PARTS) return false;
    filter.data.push({ path, value, isNot });
    return true;
  }
  const word = name.toLowerCase();
  if (word === "id" || word === "name" || word === "queue" || word === "error") {
    filter[word][isNot ? "none" : "any"].push(value.toLowerCase());
    return true;
  }
  if (word === "state" && !isNot) {
    filter.state = JOB_STATES.find((state) => state === value.toLowerCase()) ?? filter.state;
    return JOB_STATES.some((state) => state === value.toLowerCase());
  }
  return takeNumber(filter, { ...qualifier, name: word });
}

/** Reads a filter. Never fails: what it does not know is searched as text. */
export function parseJobFilter(text: string): JobFilter {
  const filter = noFilter();
  for (const match of [...text.matchAll(TOKEN)].slice(0, MOST_TOKENS)) {
    const [whole, minus, name, quoted, plain, phrase, word] = match;
    const isTaken = name !== undefined && takeQualifier(filter, { name, value: quoted ?? plain ?? "", isNot: minus === "-" });
    const rest = phrase ?? word ?? whole;
    if (!isTaken && rest) filter.text.push(rest.toLowerCase());
  }
  return filter;
}

/** True when there is nothing to match. */
export function isEmptyFilter({ id, name, queue, error, age, priority, tried, data, text }: JobFilter): boolean {
  return [id, name, queue, error].every(({ any, none }) => any.length + none.length === 0) && age.length + priority.length + tried.length + data.length + text.length === 0;
}
