/** Runs claimed checks, each at most once at a time in this process, and judges what may be believed of the reading. */
import { monotonicMs } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { CheckConfig } from "../check-config.ts";
import { openConfig } from "../check-secrets.ts";
import { runProbe } from "../probes/probe.ts";
import { noAnswer, type ProbeWorld, type Reading } from "../probes/reading.ts";
import { nextSlot } from "../schedule.ts";
import { probeWorld } from "../world.ts";
import { databaseTime, handBack, type ClaimedCheck } from "./claim.ts";
import { finish, type Finished } from "./record.ts";
import { believable, type StallWatch } from "./stall.ts";

/** Longest wait for running checks at a stop; slower ones are handed back and run again elsewhere. */
const STOP_WAIT_MS = 6_000;

export type Runner = {
  start: (check: ClaimedCheck) => void;
  running: () => number;
  /** Waits for running checks, then hands back what did not finish. */
  stop: () => Promise<void>;
};

async function read(world: ProbeWorld, check: ClaimedCheck, signal: AbortSignal): Promise<Reading> {
  try {
    return await runProbe(world, openConfig(check.config as CheckConfig), { timeoutMs: check.timeoutMs, signal });
  } catch (error) {
    // A probe maps its own failures; what is left is ours (a lost key, a bug) and says nothing about the target.
    return noAnswer("unknown", `The check could not run: ${error instanceof Error ? error.message : "unknown reason"}`);
  }
}

async function run(world: ProbeWorld, task: { check: ClaimedCheck; signal: AbortSignal; stalls: StallWatch }): Promise<Finished> {
  const { check, stalls } = task;
  const startedMs = monotonicMs();
  const startedAt = databaseTime(check);
  const startLagMs = Math.max(0, startedAt.getTime() - check.dueAt.getTime());
  const reading = await read(world, check, task.signal);
  const prober = { stallMs: stalls.longestSince(startedMs), startLagMs, intervalSeconds: check.intervalSeconds };
  return finish({ check, reading: believable(reading, prober), observedAt: startedAt, nextDueAt: nextSlot(check, databaseTime(check)), startLagMs });
}

/** Starts a runner; `finished` receives every completed run. */
export function startRunner(ctx: Context, options: { stalls: StallWatch; finished: (run: Finished) => void }): Runner {
  const world = probeWorld(ctx);
  const running = new Map<string, { check: ClaimedCheck; done: Promise<void>; abort: AbortController }>();
  const start = (check: ClaimedCheck) => {
    // The lease ended while the run goes on (a hung probe): the new claim waits for its lease, the old result is fenced.
    if (running.has(check.id)) return;
    const abort = new AbortController();
    const done = run(world, { check, signal: abort.signal, stalls: options.stalls }).then((finished) => {
      running.delete(check.id);
      if (!abort.signal.aborted) options.finished(finished);
    });
    running.set(check.id, { check, done, abort });
  };
  const stop = async () => {
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, STOP_WAIT_MS);
    await Promise.race([Promise.all([...running.values()].map((task) => task.done)), timer.promise]);
    clearTimeout(timeout);
    const rest = [...running.values()];
    for (const task of rest) task.abort.abort();
    await handBack(ctx, rest.map((task) => task.check));
  };
  return { start, running: () => running.size, stop };
}
