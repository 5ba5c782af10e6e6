/**
 * How every queue of the console behaves: one pg-boss queue per declared job, all alike, and one shared queue of dead
 * letters that remembers where each letter came from. Retries wait 5 s, then twice as long each time, with up to as
 * much again added at random, never longer than ten minutes. A running job proves that its worker lives by heartbeat.
 */
import { createHash } from "node:crypto";
import { MINUTE_MS, SECOND_MS } from "../clock.ts";
import { PRIORITY, type JobDefinition, type Priority } from "./define.ts";

/** PostgreSQL schema that belongs to pg-boss. */
export const QUEUE_SCHEMA = "pgboss";

/** The queue that keeps jobs which failed for good, until somebody retries or discards them. */
export const DEAD_LETTERS = "dead-letters";

/** Begins the key that a job gets when the caller gave none. */
export const UNKEYED = "~";

const RETRY_FIRST_SECONDS = 5;
const RETRY_CAP_SECONDS = 600;
const DEFAULT_RETRIES = 2;
const DEFAULT_TIMEOUT_MS = 5 * MINUTE_MS;
/** The worker's own timeout must strike first; the database's is for a worker that is gone. */
export const EXPIRY_GRACE_SECONDS = 30;
/** The settings say when ended jobs and letters go; these are the longest that can be set there. */
const KEEP_FINISHED_SECONDS = 30 * 24 * 60 * 60;
export const KEEP_WAITING_SECONDS = 14 * 24 * 60 * 60;
const KEEP_DEAD_SECONDS = 3_650 * 24 * 60 * 60;

/** How often a worker looks, beats and cleans. Tests shorten it; pg-boss refuses heartbeats under 10 s. */
export type QueueTiming = {
  /** A job whose worker was silent this long is given to another worker. */
  heartbeatSeconds: number;
  /** How often a worker beats for its jobs. */
  beatMs: number;
  /** How often silent workers are looked for: silence plus this plus the first retry stays under a minute. */
  superviseSeconds: number;
  /** Longest a job waits when its notification was lost. */
  pollMs: number;
  cronSeconds: number;
};

export const DEFAULT_TIMING: QueueTiming = {
  heartbeatSeconds: 20,
  beatMs: 5 * SECOND_MS,
  superviseSeconds: 10,
  pollMs: SECOND_MS,
  cronSeconds: 10,
};

/** Longest one attempt may run. */
export function timeoutOf(definition: JobDefinition): number {
  return definition.timeoutMs ?? DEFAULT_TIMEOUT_MS;
}

/** pg-boss runs the highest number first; ours runs the lowest first. */
export function toBossPriority(priority: Priority): number {
  return -PRIORITY[priority];
}

/** The settings of a job's queue, in pg-boss's words. */
export function queueOptions(definition: JobDefinition, timing: QueueTiming = DEFAULT_TIMING) {
  return {
    policy: "exclusive",
    deadLetter: DEAD_LETTERS,
    notify: true,
    retryLimit: definition.retries ?? DEFAULT_RETRIES,
    retryDelay: RETRY_FIRST_SECONDS,
    retryBackoff: true,
    retryDelayMax: RETRY_CAP_SECONDS,
    expireInSeconds: Math.ceil(timeoutOf(definition) / SECOND_MS) + EXPIRY_GRACE_SECONDS,
    heartbeatSeconds: timing.heartbeatSeconds,
    deleteAfterSeconds: KEEP_FINISHED_SECONDS,
    retentionSeconds: KEEP_WAITING_SECONDS,
  };
}

/** The settings of the queue of dead letters. */
export const DEAD_LETTER_OPTIONS = {
  policy: "standard",
  notify: false,
  retentionSeconds: KEEP_DEAD_SECONDS,
  deleteAfterSeconds: KEEP_FINISHED_SECONDS,
};

/** The NOTIFY channel on which pg-boss names a queue that got a job: derived from the schema as pg-boss derives it. */
export const JOB_CHANNEL = `pgboss_${createHash("sha224").update(QUEUE_SCHEMA).digest("hex").slice(0, 24)}`;
