/**
 * Notices when this process stood still: a busy event loop, a paused machine, a stopped process. A probe that ran
 * meanwhile measured us, not its target, so its bad news is not believed.
 */
import { monotonicMs } from "../../platform/clock.ts";
import type { RunningLoop } from "../../platform/loops.ts";
import type { Reading } from "../probes/reading.ts";

/** Later than this and a timeout may fire although the answer has arrived. */
export const STALL_MS = 250;
const BEAT_MS = 50;
/** Longest run of a check with its margin; older stalls concern nobody. */
const REMEMBER_MS = 120_000;

export type StallWatch = RunningLoop & {
  /** The longest stall in ms that ended, or goes on, at or after `sinceMs` on the monotonic clock. */
  longestSince: (sinceMs: number) => number;
};

/** Starts watching this process's event loop. */
export function watchStalls(): StallWatch {
  let lastBeatMs = monotonicMs();
  let stalls: { endedMs: number; lengthMs: number }[] = [];
  const beat = () => {
    const nowMs = monotonicMs();
    const lengthMs = nowMs - lastBeatMs - BEAT_MS;
    if (lengthMs > STALL_MS) stalls = [...stalls.filter((stall) => nowMs - stall.endedMs < REMEMBER_MS), { endedMs: nowMs, lengthMs }];
    lastBeatMs = nowMs;
  };
  const timer = setInterval(beat, BEAT_MS);
  timer.unref();
  return {
    longestSince: (sinceMs) => {
      beat();
      if (stalls.length === 0) return 0;
      return Math.max(0, ...stalls.filter((stall) => stall.endedMs >= sinceMs).map((stall) => stall.lengthMs));
    },
    stop: () => Promise.resolve(clearInterval(timer)),
  };
}

/** What may be believed of a reading: good news always (without its latency after a stall), bad news only from a prober that ran freely. */
export function believable(reading: Reading, prober: { stallMs: number; startLagMs: number; intervalSeconds: number }): Reading {
  const isStalled = prober.stallMs > STALL_MS;
  const isLate = prober.startLagMs > prober.intervalSeconds * 1_000;
  if (!isStalled && !isLate) return reading;
  if (reading.verdict === "up") return isStalled ? { ...reading, latencyMs: null } : reading;
  const why = isStalled ? `this prober stood still for ${Math.round(prober.stallMs)} ms` : `this prober was ${Math.round(prober.startLagMs / 1_000)} s late`;
  return { ...reading, verdict: "unknown", latencyMs: null, message: `Not believed, ${why}: ${reading.message}` };
}
