/** What is kept of one minute of a queue, and how readings add up to it. Pure. */
import { SECOND_MS } from "../platform/clock.ts";
import { histogramOf, mergeHistograms, type Histogram } from "../platform/histogram.ts";
import type { QueueReading } from "./adapters/adapter.ts";
import { depthOf } from "./states.ts";

/** A system is busy with being read for a twentieth of the time at most: counting a million jobs takes it a second. */
const REST_SHARE = 20;
/** Figures older than this would mislead. */
const LONGEST_REST_SECONDS = 60;

/** Seconds until the next reading, after one that took `tookMs`: as set, or longer where reading is dear. */
export function nextReadingIn(everySeconds: number, tookMs: number): number {
  return Math.max(everySeconds, Math.min(LONGEST_REST_SECONDS, Math.ceil((tookMs * REST_SHARE) / SECOND_MS)));
}

/** The part of a minute that grows with each reading. */
export type MinuteFlow = { depthMax: number; added: number; done: number; broken: number; wait: Histogram; run: Histogram };

/** Adds a reading to the minute it falls into. */
export function addReading(minute: MinuteFlow | undefined, reading: QueueReading): MinuteFlow {
  const { flow, counts } = reading;
  const before = minute ?? { depthMax: 0, added: 0, done: 0, broken: 0, wait: histogramOf([]), run: histogramOf([]) };
  return {
    depthMax: Math.max(before.depthMax, depthOf(counts)),
    added: before.added + (flow.added ?? 0),
    done: before.done + flow.completed,
    broken: before.broken + flow.failed,
    wait: mergeHistograms([before.wait, histogramOf(flow.waitMs)]),
    run: mergeHistograms([before.run, histogramOf(flow.runMs)]),
  };
}
