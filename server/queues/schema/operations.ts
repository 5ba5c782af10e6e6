import * as z from "zod";

/** What may be done to jobs, one or many at a time. */
export const JOB_OPERATIONS = ["retry", "promote", "discard", "moveToDead", "changePriority", "redrive"] as const;
export const JobOperation = z.enum(JOB_OPERATIONS);
export type JobOperation = z.infer<typeof JobOperation>;

/** What may be done to a queue as a whole. */
export const QUEUE_OPERATIONS = ["pause", "resume", "setRateCap", "drain", "runSchedule", "enqueueTest"] as const;
export const QueueOperation = z.enum(QUEUE_OPERATIONS);
export type QueueOperation = z.infer<typeof QueueOperation>;

export const OPERATIONS = [...JOB_OPERATIONS, ...QUEUE_OPERATIONS] as const;
export const Operation = z.enum(OPERATIONS);
export type Operation = z.infer<typeof Operation>;

/** For each operation true, or the sentence that says why this system cannot do it. */
export const Abilities = z.record(Operation, z.union([z.literal(true), z.string()]));
export type Abilities = z.infer<typeof Abilities>;

/**
 * How an operation on one job ended. done: this call did it. already: it was done before, by somebody else or by the
 * system. missing: there is no such job any more. refused: its state, its key or a guard forbids it; `reason` says which.
 */
export const OUTCOMES = ["done", "already", "missing", "refused"] as const;
export const OutcomeResult = z.enum(OUTCOMES);
export const Outcome = z.object({ id: z.string(), result: OutcomeResult, reason: z.string().nullable() });
export type Outcome = z.infer<typeof Outcome>;

/** Jobs by outcome. */
export type Tally = Record<z.infer<typeof OutcomeResult>, number>;

/** A letter that came back this often is left where it is: whatever kills it will do so again. */
export const MOST_REDRIVES = 3;

/** Lower runs first, whatever the system counts like: the own queue from 1, BullMQ from 0. */
const PRIORITY_MAX = 2_097_152;
export const JobPriority = z.number().int().min(0).max(PRIORITY_MAX);
