/**
 * The filter of the service list: words and qualifiers in any order, all of which must hold. `env:production tier:1
 * owner:payments state:down tag:x is:archived text`. Values with spaces go in double quotes. The same qualifier twice
 * means either; a leading minus means not. What is not a qualifier is searched in name, slug and domain.
 */
import { STATES, type State } from "./schema.ts";

/** Values that are wanted and values that are not. */
export type Wanted<Value> = { any: Value[]; none: Value[] };

export type ServiceQuery = {
  text: string[];
  environment: Wanted<string>;
  owner: Wanted<string>;
  domain: Wanted<string>;
  tag: Wanted<string>;
  tier: Wanted<number>;
  state: Wanted<State>;
  isArchived: boolean;
};

type Field = "environment" | "owner" | "domain" | "tag" | "tier" | "state";

const FIELDS: Record<string, Field> = {
  env: "environment",
  environment: "environment",
  owner: "owner",
  domain: "domain",
  tag: "tag",
  tier: "tier",
  state: "state",
  status: "state",
};

/** Words that people use for states. */
const STATE_WORDS: Record<string, State> = { ok: "up", slow: "degraded", warn: "degraded", fail: "down", stale: "unknown" };

const TOKEN = /(-?)([a-z]+):(?:"([^"]*)"|(\S+))|"([^"]*)"|(\S+)/giu;
const MOST_TOKENS = 20;

const nothing = <Value>(): Wanted<Value> => ({ any: [], none: [] });

function emptyQuery(): ServiceQuery {
  return {
    text: [],
    environment: nothing(),
    owner: nothing(),
    domain: nothing(),
    tag: nothing(),
    tier: nothing(),
    state: nothing(),
    isArchived: false,
  };
}

function readState(value: string): State | undefined {
  return STATES.find((state) => state === value) ?? STATE_WORDS[value];
}

/** Puts a qualifier into the query; false when it is none, so that it is searched as text. */
function takeQualifier(query: ServiceQuery, found: { name: string; value: string; side: "any" | "none" }): boolean {
  const { name, value, side } = found;
  if (name === "is" && value === "archived") {
    query.isArchived = side === "any";
    return true;
  }
  const field = FIELDS[name];
  if (!field || value === "") return false;
  if (field === "tier") {
    const tier = Number(value);
    if (!Number.isInteger(tier)) return false;
    query.tier[side].push(tier);
  } else if (field === "state") {
    const state = readState(value);
    if (!state) return false;
    query.state[side].push(state);
  } else {
    query[field][side].push(value);
  }
  return true;
}

/** Reads a filter. Never fails: what it does not know is searched as text. Values are lower case. */
export function parseFilter(text: string): ServiceQuery {
  const query = emptyQuery();
  for (const match of [...text.toLowerCase().matchAll(TOKEN)].slice(0, MOST_TOKENS)) {
    const [whole, minus, name, quoted, plain, phrase, word] = match;
    const isTaken = name !== undefined && takeQualifier(query, { name, value: quoted ?? plain ?? "", side: minus ? "none" : "any" });
    const rest = phrase ?? word ?? whole;
    if (!isTaken && rest) query.text.push(rest);
  }
  return query;
}
