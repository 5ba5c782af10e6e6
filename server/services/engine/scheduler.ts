/**
 * The engine of one worker: claims due checks, runs them side by side, hands what they found to the writer. Pushes back
 * by claiming no more than it has room for. Nothing here ends the process: without a database it keeps trying.
 */
import { createAlarm } from "../../platform/alarm.ts";
import { DAY_MS, monotonicMs, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { RunningLoop } from "../../platform/loops.ts";
import { claimDue, spreadMissed } from "./claim.ts";
import { ensurePartitions } from "./partitions.ts";
import type { Finished } from "./record.ts";
import { reapStale, repairClockStep } from "./repair.ts";
import { startRunner } from "./run.ts";
import { watchStalls } from "./stall.ts";
import { startWriter } from "./writer.ts";

export type EngineOptions = {
  /** Checks that run at the same time. */
  concurrency: number;
  /** Done once before the first claim, and tried again until it succeeds. */
  beforeFirstClaim?: (ctx: Context) => Promise<void>;
};

/** How often due checks are looked for: well under the second that a start may lag. */
const POLL_MS = 250;
/** One claim takes at most this many, so that several workers share a rush. */
const CLAIM_BATCH = 100;
/** After a full batch more is due: claim again when this share of the slots is free. */
const REFILL_SHARE = 0.25;
const REPAIR_EVERY_MS = 5 * SECOND_MS;
/** Turns are a quarter of a second apart. So much more by the wall clock is a gap in watching: the machine slept, or its clock was set. */
const GAP_MS = 30 * SECOND_MS;
/** Pause after a failed claim; a database that restarts is back within seconds. */
const RETRY_MS = SECOND_MS;
/** Partitions from yesterday (the clock may step back over midnight) to the day after tomorrow. */
const PARTITION_SPAN_MS = 2 * DAY_MS;

async function prepare(ctx: Context, options: EngineOptions): Promise<void> {
  await options.beforeFirstClaim?.(ctx);
  const now = ctx.now().getTime();
  await ensurePartitions(ctx, { from: new Date(now - PARTITION_SPAN_MS / 2), to: new Date(now + PARTITION_SPAN_MS) });
  await repairClockStep(ctx);
  await reapStale(ctx);
  await spreadMissed(ctx);
}

/** Tells after a gap: what was missed is then spread, what went stale recorded at once, and the new time has its partitions. */
function watchGaps(now: Context["now"]): () => boolean {
  let lastAt = now().getTime();
  return () => {
    const at = now().getTime();
    const isGap = Math.abs(at - lastAt) > GAP_MS;
    lastAt = at;
    return isGap;
  };
}

/** Starts the engine; `stop` finishes what runs, writes it and hands back the rest. */
export function startEngine(ctx: Context, options: EngineOptions): RunningLoop {
  const log = ctx.log.child({ loop: "services.engine" });
  const stalls = watchStalls();
  const writer = startWriter({ ...ctx, log });
  const wake = createAlarm();
  let isHungry = false;
  const refillAt = Math.max(1, Math.floor(options.concurrency * REFILL_SHARE));
  const finished = (run: Finished) => {
    writer.add(run);
    if (isHungry && options.concurrency - runner.running() >= refillAt) wake.wake();
  };
  const runner = startRunner(ctx, { stalls, finished });
  let isStopping = false;
  let isPrepared = false;
  let repairedMs = 0;
  const sawGap = watchGaps(ctx.now);
  async function turn(): Promise<number> {
    if (sawGap() || !isPrepared) await prepare(ctx, options);
    isPrepared = true;
    if (monotonicMs() - repairedMs > REPAIR_EVERY_MS) {
      repairedMs = monotonicMs();
      await repairClockStep(ctx);
      await reapStale(ctx);
    }
    const room = Math.min(CLAIM_BATCH, options.concurrency - runner.running(), writer.room());
    isHungry = false;
    if (room <= 0) return POLL_MS;
    const claimed = await claimDue(ctx, room);
    for (const check of claimed) runner.start(check);
    isHungry = claimed.length === room;
    return isHungry && options.concurrency - runner.running() >= refillAt ? 0 : POLL_MS;
  }

  async function loop(): Promise<void> {
    let isDatabaseLost = false;
    while (!isStopping) {
      try {
        const pauseMs = await turn();
        if (isDatabaseLost) log.info("the database answers again, checks go on");
        isDatabaseLost = false;
        if (pauseMs > 0) await wake.pause(pauseMs);
      } catch (error) {
        // The engine is a process entry of its own: it reports and goes on, whatever the database does.
        if (!isDatabaseLost) log.warn({ err: error }, "due checks cannot be read, trying again every second");
        isDatabaseLost = true;
        isPrepared = false;
        await wake.pause(RETRY_MS);
      }
    }
  }

  const looping = loop();
  return {
    stop: async () => {
      isStopping = true;
      wake.wake();
      await looping;
      await runner.stop();
      await writer.stop();
      await stalls.stop();
    },
  };
}
