/**
 * The last events of this process, so that a page that lost its connection resumes where it was. All processes receive
 * the same events in the same order (PostgreSQL delivers notifications in order of commit), so a page may resume at
 * another process. An id that is no longer, or not yet, known here means: refetch everything.
 */

/** What a page receives. Topic "*": something may have been missed, refetch everything. Topic "live": nothing happened, but resume from here. */
export type LiveEvent = { topic: string; id?: string };

/** An event and the id to resume from. */
export type NumberedEvent = { eventId: string; event: LiveEvent };

export const EVERYTHING: LiveEvent = { topic: "*" };

const CAPACITY = 1_000;

export class LiveBuffer {
  readonly #events: NumberedEvent[] = [];
  readonly #capacity: number;

  constructor(capacity: number = CAPACITY) {
    this.#capacity = capacity;
  }

  push(event: NumberedEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#capacity) this.#events.shift();
  }

  /** The newest id, or null before the first event. */
  get lastId(): string | null {
    return this.#events.at(-1)?.eventId ?? null;
  }

  /** What came after `eventId`; null when that is not known here. */
  after(eventId: string): NumberedEvent[] | null {
    const at = this.#events.findIndex((event) => event.eventId === eventId);
    return at < 0 ? null : this.#events.slice(at + 1);
  }
}
