/**
 * Compares what a file wants with what a console has. Pure: the same two sides give the same plan, in the same order.
 * A section that the file does not name is left alone; what the file does not list is removed only on request.
 */
import { isSame } from "./fields.ts";
import type { Actual, Change, FieldChange, Item } from "./section.ts";
import type { Data } from "./document.ts";

/** Fields that differ, in the order in which the manifest writes them. Those in `kept` count only when they are wanted. */
export function fieldChanges(from: Item["fields"], to: Item["fields"], kept: readonly string[] = []): FieldChange[] {
  return Object.keys(to)
    .filter((name) => !isSame(from[name] ?? null, to[name] ?? null) && !(kept.includes(name) && to[name] === null))
    .map((name) => ({ name, from: from[name] ?? null, to: to[name] ?? null }));
}

/** The steps from what is to what is wanted: creations, then changes, then removals, each ordered by key. */
export function planSection<Handle>(wanted: readonly Item[], actual: readonly Actual<Handle>[], kept: readonly string[] = []): Change<Handle>[] {
  const found = new Map(actual.map((item) => [item.key, item]));
  const named = new Set(wanted.map(({ key }) => key));
  const byKey = wanted.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const creates = byKey.filter(({ key }) => !found.has(key)).map(({ key, fields }): Change<Handle> => ({ action: "create", key, wanted: fields }));
  const updates = byKey.flatMap(({ key, fields }): Change<Handle>[] => {
    const now = found.get(key);
    const changes = now ? fieldChanges(now.fields, fields, kept) : [];
    return now && changes.length > 0 ? [{ action: "update", key, wanted: fields, handle: now.handle, changes }] : [];
  });
  const removes = actual.filter(({ key }) => !named.has(key)).map(({ key, handle }): Change<Handle> => ({ action: "remove", key, handle }));
  return [...creates, ...updates, ...removes];
}

const LONGEST_VALUE = 60;

function short(value: Data): string {
  const text = value === null ? "none" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

const MARK = { create: "+", update: "~", remove: "-" } as const;

/** One change in lines for people: `~ service payments` and below it each field. */
export function describeChange(thing: string, change: Change<unknown>): string[] {
  const head = `${MARK[change.action]} ${thing} ${change.key}`;
  if (change.action !== "update") return [head];
  return [head, ...change.changes.map(({ name, from, to }) => `    ${name}: ${short(from)} → ${short(to)}`)];
}
