/**
 * How well a worker uses its places while there is more to do than it can hold: busy time ÷ (places × time), counted
 * only while saturated. A kind of job is saturated from a look that filled all its places until a look that did not.
 * Places of all saturated kinds together never count as more than what the worker has left beside the others. Pure.
 */

export type KindLoad = { places: number; used: number; isSaturated: boolean };

export type Load = {
  /** Jobs of all kinds the worker may run at once. */
  places: number;
  kinds: Iterable<KindLoad>;
};

export class EfficiencyMeter {
  #sinceMs: number | null = null;
  #busy = 0;
  #places = 0;
  /** Place-milliseconds that were busy, and that there were, while saturated. */
  #busyMs = 0;
  #placeMs = 0;
  /** Place-milliseconds of all running jobs, saturated or not. */
  #totalBusyMs = 0;
  #running = 0;

  /** The load changes at `nowMs` (monotonic) to `load`. */
  mark(nowMs: number, load: Load): void {
    this.#advance(nowMs);
    let saturatedPlaces = 0;
    let saturatedUsed = 0;
    let others = 0;
    for (const { places, used, isSaturated } of load.kinds) {
      if (isSaturated) {
        saturatedPlaces += Math.max(places, used);
        saturatedUsed += used;
      } else others += used;
    }
    this.#places = Math.max(saturatedUsed, Math.min(saturatedPlaces, load.places - others));
    this.#busy = saturatedUsed;
    this.#running = saturatedUsed + others;
  }

  #advance(nowMs: number): void {
    const elapsed = this.#sinceMs === null ? 0 : Math.max(0, nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
    this.#busyMs += this.#busy * elapsed;
    this.#placeMs += this.#places * elapsed;
    this.#totalBusyMs += this.#running * elapsed;
  }

  /** Figures up to `nowMs`. */
  read(nowMs: number): { busyMs: number; saturatedBusyMs: number; saturatedPlaceMs: number } {
    this.#advance(nowMs);
    return { busyMs: this.#totalBusyMs, saturatedBusyMs: this.#busyMs, saturatedPlaceMs: this.#placeMs };
  }
}
