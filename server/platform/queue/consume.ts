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
import { claim as claimJobs, type Taken, type Want } from "./claim.ts";
import { countFailed, countProcessed } from "./counters.ts";
import type { HandledJob } from "./define.ts";
import { EfficiencyMeter } from "./efficiency.ts";
import { Finisher } from "./finish.ts";
import type { QueueTiming } from "./policy.ts";
import { beat, bury, fail, postpone, reportAlive, type Claim, type Desk } from "./settle.ts";
import type { Workload } from "./workload.ts";

export type ConsumerOptions = Desk & {
  handlers: HandledJob[];
  concurrency: number;
  /** Names this process on the jobs it takes. */
  worker: string;
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

/** One kind of job: its handler, the places in force, how many run, and whether more waited at the last look. */
type Kind = { handled: HandledJob; places: number; used: number; isSaturated: boolean };

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #kinds: Map<string, Kind>;
  readonly #finisher: Finisher;
  readonly #meter = new EfficiencyMeter();
  readonly #running = new Map<string, Running>();
  readonly #alarm = createAlarm();
  readonly #beatTimer: NodeJS.Timeout;
  readonly #taking: Promise<void>;
  #isStopping = false;
  #isBeating = false;
  /** Jobs whose handler ended and whose end is being written. */
  #settling = 0;
  /** More may wait than the last look took, so the end of a job is a reason to look again. */
  #isMoreLeft = true;
  #isLooking = false;
  /** A queue whose rate cap was used up gives more after so many milliseconds. */
  #cappedMs: number | null = null;
  /** Rotates so that no kind is always first when places are few. */
  #turn = 0;
  #done = 0;
  #failed = 0;

  /** Starts taking jobs at once. */
  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#kinds = new Map(options.handlers.map((handled) => [handled.definition.name, { handled, places: handled.definition.concurrency ?? 1, used: 0, isSaturated: false }]));
    this.#finisher = new Finisher(options);
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

  /** What this worker does and did. */
  workload(): Workload {
    const { busyMs, saturatedBusyMs, saturatedPlaceMs } = this.#meter.read(monotonicMs());
    const facts = { places: this.#options.concurrency, running: this.#running.size - this.#settling, done: this.#done, failed: this.#failed, isStopping: this.#isStopping };
    return { ...facts, busyMs: Math.round(busyMs), saturatedBusyMs: Math.round(saturatedBusyMs), saturatedPlaceMs: Math.round(saturatedPlaceMs) };
  }

  #mark(): void {
    this.#meter.mark(monotonicMs(), { places: this.#options.concurrency, kinds: this.#kinds.values() });
  }

  async #take(): Promise<void> {
    const { log } = this.#options;
    let failures = 0;
    while (!this.#isStopping) {
      try {
        this.#isLooking = true;
        await this.#takeReady();
        failures = 0;
      } catch (error) {
        failures += 1;
        log.warn({ err: error, failures }, "could not take jobs, will try again");
      } finally {
        this.#isLooking = false;
      }
      if (!this.#isStopping) await this.#alarm.pause(failures > 0 ? pauseAfter(failures) : this.#untilNextLook());
    }
  }

  #untilNextLook(): number {
    const { pollMs } = this.#options.timing;
    return this.#cappedMs === null ? pollMs : Math.min(pollMs, Math.max(1, this.#cappedMs));
  }

  async #takeReady(): Promise<void> {
    const { pool, concurrency, worker } = this.#options;
    // Ends that wait to be written are bounded too, so that a slow database holds the worker back.
    const most = Math.min(concurrency - (this.#running.size - this.#settling), concurrency * 2 - this.#running.size);
    const names = [...this.#kinds.keys()];
    if (most <= 0 || names.length === 0) {
      this.#isMoreLeft = true;
      return;
    }
    const start = this.#turn++ % names.length;
    const wants = [...names.slice(start), ...names.slice(0, start)].map((name): Want => {
      const kind = this.#kinds.get(name)!;
      return { name, places: kind.handled.definition.concurrency ?? 1, used: kind.used };
    });
    const { taken, places, cappedMs } = await claimJobs(pool, wants, { most, worker });
    const counts = Map.groupBy(taken, (job) => job.name);
    this.#cappedMs = cappedMs;
    // Of a kind without a free place nothing was seen, so more may wait.
    this.#isMoreLeft = taken.length >= most;
    for (const { name, used } of wants) {
      const kind = this.#kinds.get(name)!;
      kind.places = places.get(name) ?? kind.places;
      const free = Math.min(kind.places - used, most);
      kind.isSaturated = free > 0 ? (counts.get(name)?.length ?? 0) >= free : kind.isSaturated;
      if (free <= 0 || kind.isSaturated) this.#isMoreLeft = true;
    }
    for (const job of taken) this.#begin(job);
    this.#mark();
  }

  #begin({ data, ...claim }: Taken): void {
    const { log, context } = this.#options;
    const kind = this.#kinds.get(claim.name)!;
    const { handled } = kind;
    const controller = new AbortController();
    const job: Running = { claim, controller, confirmedMs: monotonicMs(), isClosing: false, finished: Promise.resolve() };
    this.#running.set(claim.id, job);
    kind.used += 1;
    const ctx = context({ name: claim.name, id: claim.id });
    job.finished = runAttempt({ claim, data, handled, ctx, controller })
      .then((outcome) => {
        this.#vacate(kind);
        return job.isClosing ? undefined : this.#close(job, outcome);
      })
      .catch((error: unknown) => log.warn({ err: error, queue: claim.name, jobId: claim.id }, "a job's end was not recorded; it will run again"))
      .finally(() => {
        this.#running.delete(claim.id);
        this.#settling -= 1;
        if (this.#isMoreLeft || this.#isLooking) this.#alarm.wake();
      });
  }

  /** A handler ended: its place is free for the next job while its end is still being written. */
  #vacate(kind: Kind): void {
    kind.used -= 1;
    this.#settling += 1;
    this.#mark();
    // Otherwise nothing waited at the last look, and what came since announced itself. A look that is on its way may have
    // passed this kind by for want of a place.
    if (this.#isMoreLeft || this.#isLooking) this.#alarm.wake();
  }

  async #close(job: Running, outcome: Outcome): Promise<void> {
    const { claim } = job;
    const { log } = this.#options;
    const facts = { queue: claim.name, jobId: claim.id, attempt: claim.retryCount + 1, outcome: outcome.kind };
    job.isClosing = true;
    if (!(await this.#settle(claim, outcome))) {
      log.warn(facts, "discarded the result of a job that was given to another worker");
      await reportAlive(this.#options, [claim]);
      return;
    }
    if (outcome.kind === "done") {
      this.#done += 1;
      countProcessed(claim.name);
    }
    if (outcome.kind === "failed" || outcome.kind === "permanent") {
      this.#failed += 1;
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
        return this.#finisher.complete(claim);
      case "failed":
        return fail(this.#options, claim, outcome.error);
      case "permanent":
        return bury(this.#options, claim, outcome.error);
      case "later":
        return this.#postpone(claim, outcome.delayMs);
      default:
        return outcome satisfies never;
    }
  }

  async #postpone(claim: Claim, delayMs: number): Promise<boolean> {
    const isPostponed = await postpone(this.#options, claim, delayMs);
    // It is ready again at once, and that is announced to nobody.
    if (delayMs === 0) this.#isMoreLeft = true;
    return isPostponed;
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
    const lost = jobs.filter((job) => !held.has(job.claim.id) && !job.isClosing && this.#running.has(job.claim.id));
    for (const job of jobs) if (held.has(job.claim.id)) job.confirmedMs = startedMs;
    for (const job of lost) job.controller.abort(new Error("The job was given to another worker."));
    if (lost.length > 0) await reportAlive(this.#options, lost.map((job) => job.claim));
  }

  async #handBack(job: Running): Promise<void> {
    if (job.isClosing) return;
    job.isClosing = true;
    const isHandedBack = await postpone(this.#options, job.claim, 0);
    job.controller.abort(new Error("The worker stops."));
    this.#options.log.info({ queue: job.claim.name, jobId: job.claim.id, isHandedBack }, "handed a running job back");
  }
}
