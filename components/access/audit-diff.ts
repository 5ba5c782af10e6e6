/** Before and after of an audit row, as the fields that differ. Pure. */

export type Change = { path: string; before: string | null; after: string | null };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function flatten(value: unknown, path: string, out: Map<string, string>): void {
  if (isRecord(value)) {
    for (const [name, inner] of Object.entries(value)) flatten(inner, path ? `${path}.${name}` : name, out);
  } else if (value !== undefined && value !== null) {
    out.set(path, typeof value === "string" ? value : JSON.stringify(value));
  }
}

/** Lists what differs, in the order of the fields; null stands for a field that is not there or is null. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const old = new Map<string, string>();
  const now = new Map<string, string>();
  flatten(before ?? undefined, "", old);
  flatten(after ?? undefined, "", now);
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths.map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null })).filter((change) => change.before !== change.after);
}
