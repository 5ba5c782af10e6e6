/** Parses foreign JSON with a limit on nesting, checked before parsing so that no recursion ever meets a deep document. */

/** Real health documents nest 3 to 6 levels. */
export const MAX_DEPTH = 32;

export type JsonObject = Record<string, unknown>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** True when brackets outside strings nest deeper than `limit`. One pass, no allocation. */
export function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isInString) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/** How JSON begins (RFC 8259). To see that a page is none by its first letter costs less than an error of the parser. */
const BEGINS_LIKE_JSON = /^[ \t\r\n]*[{["\-\dtfn]/;

/** The parsed value, or undefined when the text is not JSON or too deep. */
export function parseJson(text: string): unknown {
  if (!BEGINS_LIKE_JSON.test(text)) return undefined;
  if (isDeeperThan(text, MAX_DEPTH)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Most bodies are not JSON; that is an answer, not a fault.
    return undefined;
  }
}

/** Narrows to a plain object (not an array). */
export const asObject = (value: unknown): JsonObject | null => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null);

/** Reads an own property, so that names of the prototype mean nothing. */
export const own = (object: JsonObject, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);
