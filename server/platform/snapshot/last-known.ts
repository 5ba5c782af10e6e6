/**
 * The last good answers of the reads that pages need, so that they can be shown, marked stale, while the database is
 * away. Kept per role (or per caller), because roles see different things. Memory holds the answers themselves; the
 * text for the disk is made only when it is written.
 */
import superjson from "superjson";

/** Who may see a kept answer: everybody of the role it was made for, or that one caller. */
export type Audience = "role" | "caller";

export type Kept = { key: string; at: Date; data: unknown };

/** The mark in an answer that is not of now: as of when it is, and since when the database is away. */
export type LastKnownMark = { at: Date; since: Date };

/** Answers kept in memory; pages of one role need about ten. */
const MAX_ENTRIES = 200;
/** A page of 100 services with their bars has some 60 KB; an answer far above that is not worth the disk. */
const MAX_ENTRY_CHARS = 512 * 1_024;
/** All of them on disk. */
const MAX_TOTAL_CHARS = 4 * 1_024 * 1_024;

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, ordered(inner)]));
}

/** The name of an answer: procedure, who may see it, and the input with its fields in order. */
export const keyOf = (path: string, audience: string, input: unknown): string => `${path}|${audience}|${JSON.stringify(ordered(input ?? {}))}`;

export class LastKnown {
  readonly #kept = new Map<string, Kept>();
  #isChanged = false;

  get size(): number {
    return this.#kept.size;
  }

  /** True when there is something that was not handed out by `texts` yet. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** Keeps an answer; the ones not used for longest go. */
  remember(key: string, data: unknown, at: Date): void {
    this.#kept.delete(key);
    this.#kept.set(key, { key, at, data });
    this.#isChanged = true;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_ENTRIES) break;
      this.#kept.delete(oldest);
    }
  }

  find(key: string): Kept | undefined {
    return this.#kept.get(key);
  }

  /** Each answer as text, newest first, until the room is used up; a pause between them lets others work. */
  async *texts(): AsyncGenerator<string> {
    this.#isChanged = false;
    let room = MAX_TOTAL_CHARS;
    for (const kept of [...this.#kept.values()].toReversed()) {
      const text = superjson.stringify(kept);
      if (text.length <= MAX_ENTRY_CHARS && text.length <= room) {
        room -= text.length;
        yield text;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Takes back what `texts` gave; what is known already is newer and stays. */
  restore(texts: readonly string[]): void {
    for (const text of texts.toReversed()) {
      const kept = superjson.parse<Kept>(text);
      if (typeof kept?.key === "string" && kept.at instanceof Date && !this.#kept.has(kept.key)) this.#kept.set(kept.key, kept);
    }
  }
}
