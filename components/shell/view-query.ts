/** What of an address makes a view. Pure. */

/** The given search parameters, sorted by name, as text. */
export function pickQuery(search: { get: (name: string) => string | null }, parts: readonly string[]): string {
  const out = new URLSearchParams();
  for (const name of parts.toSorted()) {
    const value = search.get(name);
    if (value) out.set(name, value);
  }
  return out.toString();
}

/** True when two texts hold the same parameters, in whatever order. */
export function sameQuery(a: string, b: string): boolean {
  const sorted = (text: string) => [...new URLSearchParams(text)].map(([name, value]) => `${name}=${value}`).toSorted().join("&");
  return sorted(a) === sorted(b);
}
