/** A figure between 0 and 1 that is always the same for the same words. */
export function chance(words: string): number {
  let value = 7;
  for (const char of words) value = (value * 31 + (char.codePointAt(0) ?? 0)) % 99_991;
  return value / 99_991;
}
