/**
 * Writes that jobs are done. Jobs that finish while a statement is on its way share the next one, so a flood of small
 * jobs costs one statement for many; a lone job does not wait.
 */
import { completeAll, type Claim, type Desk } from "./settle.ts";

/** Jobs of one statement. */
const MOST_AT_ONCE = 200;

type Waiting = { claim: Claim; written: PromiseWithResolvers<boolean> };

export class Finisher {
  readonly #desk: Desk;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Resolves when it is written; false when the claim was no longer ours. Rejects when the database refused. */
  complete(claim: Claim): Promise<boolean> {
    const written = Promise.withResolvers<boolean>();
    this.#waiting.push({ claim, written });
    if (!this.#isWriting) void this.#write();
    return written.promise;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    // What finishes in the same turn of the loop belongs together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const lot = this.#waiting.splice(0, MOST_AT_ONCE);
      for (const [name, jobs] of Map.groupBy(lot, (job) => job.claim.name)) await this.#writeLot(name, jobs);
    }
    this.#isWriting = false;
  }

  async #writeLot(name: string, jobs: Waiting[]): Promise<void> {
    try {
      const settled = await completeAll(this.#desk, name, jobs.map((job) => job.claim));
      for (const { claim, written } of jobs) written.resolve(settled.has(claim.id));
    } catch (error) {
      for (const { written } of jobs) written.reject(error);
    }
  }
}
