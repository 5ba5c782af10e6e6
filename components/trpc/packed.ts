/**
 * What the server has read, as text inside the first HTML. A page's facts are thousands of values; one text passes
 * React's own transport at once, where every value would be visited and every date listed by its path. Pure.
 */
import superjson from "superjson";

/** Begins a text that stands for something else: a date in milliseconds, nothing in a list, or a text that begins so. */
const MARK = "~";
const DATE = `${MARK}d`;
const NOTHING = `${MARK}u`;
/** Which way the rest was written. */
const PLAIN = "p";
const RICH = "r";

class NotPlain extends Error {}

type Members = Record<string, unknown>;

function plainObject(value: object): Members {
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null) throw new NotPlain();
  const out: Members = {};
  for (const name of Object.keys(value)) out[name] = plain((value as Members)[name]);
  return out;
}

/** What JSON can hold. Throws NotPlain for what it would lose without a word. */
function plain(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith(MARK) ? MARK + value : value;
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) throw new NotPlain();
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return DATE + value.getTime();
  return Array.isArray(value) ? value.map((each) => (each === undefined ? NOTHING : plain(each))) : plainObject(value);
}

function readText(text: string): unknown {
  if (!text.startsWith(MARK)) return text;
  if (text.startsWith(DATE)) return new Date(Number(text.slice(DATE.length)));
  return text === NOTHING ? undefined : text.slice(MARK.length);
}

/** Turns marked texts back, in place. */
function restored(value: unknown): unknown {
  if (typeof value === "string") return readText(value);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Members;
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (typeof member === "string" ? member.startsWith(MARK) : typeof member === "object") members[name] = restored(member);
  }
  return value;
}

/** Writes an answer of a procedure. Members that are undefined are left out. */
export function pack(data: unknown): string {
  try {
    return PLAIN + JSON.stringify(plain(data));
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    return RICH + superjson.stringify(data);
  }
}

/** Reads what `pack` wrote. */
export function unpack(text: string): unknown {
  return text.startsWith(RICH) ? superjson.parse(text.slice(1)) : restored(JSON.parse(text.slice(1)));
}
