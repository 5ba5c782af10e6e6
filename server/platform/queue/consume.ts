/**
 * Takes jobs from the queues and runs them: at most `concurrency` at once, and of each kind at most what it declares,
 * so a flood of one kind leaves room for the others. A notification wakes it, a poll is the guarantee. While a job
 * runs its worker beats for it; a worker that cannot beat, or learns that its claim is gone, aborts the job and
 * discards its result. Nothing here ends the process, however long the database is away.
 */
import { monotonicMs, SECOND_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import type { Logger } from "../logger.ts";
import { createAlarm, pauseAfter } from "../alarm.ts";
import { runAttempt, type Outcome } from "./attempt.ts";
import { countFailed, countProcessed } from "./counters.ts";
import type { HandledJob } from "./define.ts";
import type { QueueTiming } from "./policy.ts";
import { beat, bury, complete, fail, postpone, type Claim, type Desk } from "./settle.ts";

export type ConsumerOptions = Desk & {
  handlers: HandledJob[];
  concurrency: number;
  timing: QueueTiming;
  /** A fresh world for one attempt. */
  context: (job: { name: string; id: string }) => Context;
  log: Logger;
};

type Running = {
  claim: Claim;
  controller: AbortController;
  /** When the database last confirmed the claim, on the monotonic clock. */
  confirmedMs: number;
  /** Its end is being written, or it was given away: beats no longer concern it. */
  isClosing: boolean;
  finished: Promise<void>;
};

/** Kept back from the time to stop, for handing back what still runs. */
const HAND_BACK_MS = 2 * SECOND_MS;

const READY_SQL = `
  SELECT n AS name FROM unnest($1::text[]) AS n
  WHERE EXISTS (SELECT 1 FROM pgboss.job j
                WHERE j.name = n AND j.state < 'active' AND NOT j.blocked AND j.start_after <= now())`;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #kinds: Map<string, HandledJob>;
  readonly #running = new Map<string, Running>();
  readonly #alarm = createAlarm();
  readonly #beatTimer: NodeJS.Timeout;
  readonly #taking: Promise<void>;
  #isStopping = false;
  #isBeating = false;
  /** Rotates so that no kind is always first when places are few. */
  #turn = 0;

  /** Starts taking jobs at once. */
  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#kinds = new Map(options.handlers.map((handled) => [handled.definition.name, handled]));
    this.#beatTimer = setInterval(() => void this.#beatAll(), options.timing.beatMs);
    this.#taking = this.#take();
  }

  /** Something may be ready: look now. */
  wake(): void {
    this.#alarm.wake();
  }

  /** Takes nothing more, waits at most `timeoutMs` for what runs, hands the rest back without charging an attempt. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopping = true;
    this.#alarm.wake();
    await this.#taking;
    let timer: NodeJS.Timeout | undefined;
    const isUp = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(0, timeoutMs - HAND_BACK_MS))));
    await Promise.race([Promise.all([...this.#running.values()].map((job) => job.finished)), isUp]);
    clearTimeout(timer);
    await Promise.allSettled([...this.#running.values()].map((job) => this.#handBack(job)));
    clearInterval(this.#beatTimer);
  }

  /** How many more jobs of this kind may start now. */
  #freeOf(name: string): number {
    const used = [...this.#running.values()].filter((job) => job.claim.name === name).length;
    const ofKind = (this.#kinds.get(name)?.definition.concurrency ?? 1) - used;
    return Math.min(ofKind, this.#options.concurrency - this.#running.size);
  }

  async #take(): Promise<void> {
    const { log, timing } = this.#options;
    let failures = 0;
    while (!this.#isStopping) {
      try {
        await this.#takeReady();
        failures = 0;
      } catch (error) {
        failures += 1;
        log.warn({ err: error, failures }, "could not take jobs, will try again");
      }
      if (!this.#isStopping) await this.#alarm.pause(failures > 0 ? pauseAfter(failures) : timing.pollMs);
    }
  }

  async #takeReady(): Promise<void> {
    const { boss, pool } = this.#options;
    const open = [...this.#kinds.keys()].filter((name) => this.#freeOf(name) > 0);
    if (open.length === 0) return;
    const { rows } = await pool.query<{ name: string }>(READY_SQL, [open]);
    const names = rows.map((row) => row.name);
    const start = names.length > 0 ? this.#turn++ % names.length : 0;
    for (const name of [...names.slice(start), ...names.slice(0, start)]) {
      const handled = this.#kinds.get(name);
      const free = this.#freeOf(name);
      if (!handled || free <= 0 || this.#isStopping) continue;
      for (const job of await boss.fetch(name, { batchSize: free })) this.#begin(handled, { id: job.id, name, retryCount: job.retryCount }, job.data);
    }
  }

  #begin(handled: HandledJob, claim: Claim, data: unknown): void {
    const { log, context } = this.#options;
    const controller = new AbortController();
    const job: Running = { claim, controller, confirmedMs: monotonicMs(), isClosing: false, finished: Promise.resolve() };
    this.#running.set(claim.id, job);
    const ctx = context({ name: claim.name, id: claim.id });
    job.finished = runAttempt({ claim, data, handled, ctx, controller })
      .then((outcome) => (job.isClosing ? undefined : this.#close(job, outcome)))
      .catch((error: unknown) => log.warn({ err: error, queue: claim.name, jobId: claim.id }, "a job's end was not recorded; it will run again"))
      .finally(() => {
        this.#running.delete(claim.id);
        this.#alarm.wake();
      });
  }

  async #close(job: Running, outcome: Outcome): Promise<void> {
    const { claim } = job;
    const { log } = this.#options;
    const facts = { queue: claim.name, jobId: claim.id, attempt: claim.retryCount + 1, outcome: outcome.kind };
    job.isClosing = true;
    if (!(await this.#settle(claim, outcome))) {
      log.warn(facts, "discarded the result of a job that was given to another worker");
      return;
    }
    if (outcome.kind === "done") countProcessed(claim.name);
    if (outcome.kind === "failed" || outcome.kind === "permanent") {
      countFailed(claim.name);
      log.warn({ ...facts, err: outcome.error }, "job failed");
    }
  }

  /** Writes an end until the database takes it. False when the claim was no longer ours. */
  async #settle(claim: Claim, outcome: Outcome): Promise<boolean> {
    for (let failures = 0; ; failures++) {
      try {
        return await this.#write(claim, outcome);
      } catch (error) {
        if (this.#isStopping && failures > 0) throw error;
        this.#options.log.warn({ err: error, queue: claim.name, jobId: claim.id }, "could not settle a job, will try again");
        await sleep(pauseAfter(failures));
      }
    }
  }

  #write(claim: Claim, outcome: Outcome): Promise<boolean> {
    switch (outcome.kind) {
      case "done":
        return complete(this.#options, claim);
      case "failed":
        return fail(this.#options, claim, outcome.error);
      case "permanent":
        return bury(this.#options, claim, outcome.error);
      case "later":
        return postpone(this.#options, claim, outcome.delayMs);
      default:
        return outcome satisfies never;
    }
  }

  async #beatAll(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    const { log, timing } = this.#options;
    const beating = [...this.#running.values()].filter((job) => !job.isClosing);
    for (const [name, jobs] of Map.groupBy(beating, (job) => job.claim.name)) {
      await this.#beatFor(name, jobs).catch((error: unknown) => log.warn({ err: error, queue: name }, "could not beat for running jobs"));
    }
    for (const job of beating) {
      const isOverdue = monotonicMs() - job.confirmedMs > timing.heartbeatSeconds * SECOND_MS;
      if (isOverdue && !job.isClosing) job.controller.abort(new Error("The worker lost touch with the queue."));
    }
    this.#isBeating = false;
  }

  async #beatFor(name: string, jobs: Running[]): Promise<void> {
    const startedMs = monotonicMs();
    const held = await beat(this.#options, name, jobs.map((job) => job.claim));
    for (const job of jobs) {
      if (held.has(job.claim.id)) job.confirmedMs = startedMs;
      else if (!job.isClosing) job.controller.abort(new Error("The job was given to another worker."));
    }
  }

  async #handBack(job: Running): Promise<void> {
    if (job.isClosing) return;
    job.isClosing = true;
    const isHandedBack = await postpone(this.#options, job.claim, 0);
    job.controller.abort(new Error("The worker stops."));
    this.#options.log.info({ queue: job.claim.name, jobId: job.claim.id, isHandedBack }, "handed a running job back");
  }
}
