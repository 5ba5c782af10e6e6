/** One Redis with the queues of one prefix. */
import type { Queue } from "bullmq";
import type { ScriptedRedis } from "./scripts.ts";

export type BullDesk = {
  redis: ScriptedRedis;
  prefix: string;
  /** The library's queue, for what it must do itself; it shares the connection. */
  queue: (name: string) => Promise<Queue>;
  /** Names found by the last look through the keys. */
  names: () => Promise<string[]>;
  /** The counter of ids at the last reading, by queue: what was added since. */
  counters: Map<string, number>;
};

/** The beginning of a queue's keys. */
export const baseOf = (desk: Pick<BullDesk, "prefix">, queue: string): string => `${desk.prefix}:${queue}:`;

/** Majors whose keys are understood. */
export const KNOWN_MAJORS = [5, 6] as const;

/** The version in a queue's `meta`, such as `bullmq:6.7.0`; null when none is written. */
export function majorOf(version: string): number | null {
  const [, major] = version.match(/(\d+)\.\d+/) ?? [];
  return major === undefined ? null : Number(major);
}

/** Says of a version why its keys cannot be worked with; null when they can. */
export function versionProblem(queue: string, version: string): string | null {
  const major = majorOf(version);
  if (major === null || KNOWN_MAJORS.some((known) => known === major)) return null;
  const isNewer = major > Math.max(...KNOWN_MAJORS);
  return `the queue ${queue} was written by BullMQ ${version.replace(/^.*:/, "")}, ${isNewer ? "newer than this console knows. Update the console" : "older than 5. Update BullMQ"}`;
}
