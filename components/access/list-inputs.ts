/** Filters of the module's lists as they stand in the URL (`?q=role:admin maya`), turned into the procedures' inputs. Pure. */
import { parseFilter, type FilterQualifier } from "../data/filter-text.ts";

export const LIST_LIMIT = 50;

type Search = { get(name: string): string | null };

const valueOf = (qualifiers: readonly FilterQualifier[], name: string): string | undefined => qualifiers.find((entry) => entry.name === name)?.value;

function oneOf<const Value extends string>(text: string | undefined, values: readonly Value[]): Value | undefined {
  return values.find((value) => value === text?.toLowerCase());
}

export const USER_QUALIFIERS = [
  { name: "role", hint: "what they may do", values: ["admin", "editor", "viewer"] },
  { name: "state", hint: "whether they may come in", values: ["enabled", "disabled"] },
] as const;

/** Input of access.users for a filter text. */
export function usersInput(search: Search) {
  const { words, qualifiers } = parseFilter(search.get("q") ?? "", ["role", "state"]);
  return {
    limit: LIST_LIMIT,
    search: words || undefined,
    role: oneOf(valueOf(qualifiers, "role"), ["admin", "editor", "viewer"]),
    state: oneOf(valueOf(qualifiers, "state"), ["enabled", "disabled"]),
  };
}

/** Input of access.keys: `?owner=all` and `?state=`. */
export function keysInput(search: Search) {
  const owner: "me" | "all" = search.get("owner") === "all" ? "all" : "me";
  const states = ["active", "expired", "revoked", "ownerDisabled"] as const;
  return { limit: LIST_LIMIT, owner, state: states.find((state) => state === search.get("state")) };
}

/** Input of access.sessions: `?owner=all`. */
export function sessionsInput(search: Search) {
  const owner: "me" | "all" = search.get("owner") === "all" ? "all" : "me";
  return { limit: LIST_LIMIT, owner };
}

export const AUDIT_QUALIFIERS = [
  { name: "actor", hint: "who acted: a name or an id" },
  { name: "action", hint: "what was done: access. or services.create", values: ["access.", "services.", "queues.", "settings."] },
  { name: "target", hint: "what it was done to: a kind or an id", values: ["user", "apiKey", "session", "service", "check", "job", "settings"] },
] as const;

/** The filter of access.audit and access.exportAudit: qualifiers, words and, when the page has one, its time range. */
export function auditFilter(search: Search) {
  const { words, qualifiers } = parseFilter(search.get("q") ?? "", ["actor", "action", "target"]);
  const from = search.get("from");
  const to = search.get("to");
  return {
    actor: valueOf(qualifiers, "actor"),
    action: valueOf(qualifiers, "action"),
    target: valueOf(qualifiers, "target"),
    text: words || undefined,
    ...(from && to ? { from: new Date(from), to: new Date(to) } : {}),
  };
}

/** Input of access.audit. */
export function auditInput(search: Search) {
  return { limit: LIST_LIMIT, ...auditFilter(search) };
}
