/**
 * What a form holds when somebody else saved while a person typed: what the person changed stays, everything else is as
 * saved now. Pure.
 */

/** The same thing at three times: when the form was last in line with what is saved, in the form now, and saved now. */
export type Versions<Value> = { base: Value; mine: Value; theirs: Value };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
const isWords = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === "string");

/** True for equal texts, numbers, lists and records, however deep. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && isSame(a[name], b[name]));
}

/** Lists in which each word stands once: theirs, without what I took away, then what I added. */
export function mergeWords({ base, mine, theirs }: Versions<readonly string[]>): string[] {
  const kept = theirs.filter((word) => mine.includes(word) || !base.includes(word));
  return [...kept, ...mine.filter((word) => !base.includes(word) && !theirs.includes(word))];
}

/**
 * Records are merged name by name and lists of words word by word; of anything else that I changed, mine is kept whole.
 * A name that one side took away is gone unless the other side changed it.
 */
export function mergeValues<Value>({ base, mine, theirs }: Versions<Value>): Value {
  if (isSame(mine, base)) return theirs;
  if (isSame(theirs, base)) return mine;
  if (isWords(base) && isWords(mine) && isWords(theirs)) return mergeWords({ base, mine, theirs }) as Value;
  if (!isRecord(base) || !isRecord(mine) || !isRecord(theirs)) return mine;
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const merged = names.map((name) => [name, mergeValues({ base: base[name], mine: mine[name], theirs: theirs[name] })] as const);
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined)) as Value;
}
