/**
 * The language of filters: words and `name:value` qualifiers in any order, values
 * with spaces in double quotes. Names that are not known stay words, so a pasted
 * address such as https://host is searched for and not misread.
 */

export interface FilterQualifier {
  name: string;
  value: string;
}

export interface Filter {
  words: string;
  qualifiers: FilterQualifier[];
}

const TOKEN = /([a-z][a-z0-9_-]*):(?:"([^"]*)"|(\S+))|"[^"]*"|\S+/giu;

/** Reads a filter; only `names` are qualifiers. Empty values are dropped. */
export function parseFilter(text: string, names: readonly string[]): Filter {
  const words: string[] = [];
  const qualifiers: FilterQualifier[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const name = match[1]?.toLowerCase();
    const value = match[2] ?? match[3];
    if (name && value && names.includes(name)) qualifiers.push({ name, value });
    else words.push(match[0]);
  }
  return { words: words.join(" "), qualifiers };
}

/** Writes a filter as text that parseFilter reads back the same. */
export function formatFilter({ words, qualifiers }: Filter): string {
  return [...qualifiers.map(formatQualifier), words.trim()].filter((part) => part !== "").join(" ");
}

/** One qualifier as text: `owner:payments`, `owner:"data platform"`. */
export function formatQualifier({ name, value }: FilterQualifier): string {
  const clean = value.replaceAll('"', "");
  return /\s/u.test(clean) ? `${name}:"${clean}"` : `${name}:${clean}`;
}
