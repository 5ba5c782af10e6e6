/**
 * How many jobs one step of an operation takes and how long it rests after. Steps grow while they are quick and shrink
 * when they are slow, so that progress shows several times a second; a limit in jobs a second is kept on average. Pure.
 */
import { SECOND_MS } from "../platform/clock.ts";

const SMALLEST = 20;
const LARGEST = 4_000;
const FIRST = 200;
/** A step quicker than this may grow. */
const QUICK_MS = 250;
/** A step slower than this must shrink: pausing and progress wait for it. */
const SLOW_MS = 600;
/** How much of the measured rate is the newest step. */
const NEWEST_SHARE = 0.3;

export class Pace {
  readonly #perSecond: number | null;
  #size = FIRST;
  #rate: number | null = null;

  constructor(perSecond: number | null) {
    this.#perSecond = perSecond;
  }

  /** Jobs that the next step takes. */
  get size(): number {
    return this.#perSecond === null ? this.#size : Math.max(1, Math.min(this.#size, Math.ceil(this.#perSecond / 2)));
  }

  /** Jobs a second over the last steps. */
  get rate(): number | null {
    return this.#rate;
  }

  /** A step over `count` jobs took `tookMs`. Returns how long to rest, in milliseconds. */
  took(count: number, tookMs: number): number {
    if (count >= this.#size && tookMs < QUICK_MS) this.#size = Math.min(LARGEST, this.#size * 2);
    if (tookMs > SLOW_MS) this.#size = Math.max(SMALLEST, Math.floor(this.#size / 2));
    const restMs = this.#perSecond === null ? 0 : Math.max(0, (count / this.#perSecond) * SECOND_MS - tookMs);
    const newest = (count / Math.max(1, tookMs + restMs)) * SECOND_MS;
    this.#rate = this.#rate === null ? newest : this.#rate * (1 - NEWEST_SHARE) + newest * NEWEST_SHARE;
    return restMs;
  }
}
