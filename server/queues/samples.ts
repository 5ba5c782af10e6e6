/** What is kept of one minute of a queue, and how readings add up to it. Pure. */
import { histogramOf, mergeHistograms, type Histogram } from "../platform/histogram.ts";
import type { QueueReading } from "./adapters/adapter.ts";
import { depthOf } from "./states.ts";

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
