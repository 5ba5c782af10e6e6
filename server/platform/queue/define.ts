/**
 * What may be enqueued: a job is data (name, input, retries, timeout, clock), declared in a module's jobs.ts and
 * importable by the web. What runs it is a handler, in handlers.ts, which only the worker loads. A declared job without
 * a handler, or with the wrong input, does not compile (see `handle`).
 */
import type * as z from "zod";
import type { Context } from "../context.ts";

/** Lower runs first. */
export const PRIORITY = { low: 10, normal: 5, high: 1 } as const;
export type Priority = keyof typeof PRIORITY;

export type JobDefinition<Name extends string = string, Input extends z.ZodType = z.ZodType> = {
  /** "<module>.<verb>", the same word as the module. */
  name: Name;
  input: Input;
  /** Tries after the first. Default 2. */
  retries?: number;
  /** Longest one attempt may run, in milliseconds. Default 5 minutes. */
  timeoutMs?: number;
  priority?: Priority;
  /** Runs by the clock, in one process only: a cron line in `zone` (default UTC), with the input it gets. */
  cron?: { line: string; zone?: string; input: z.input<Input> };
  /** Jobs of this kind one worker runs at once. Default 1. */
  concurrency?: number;
};

/** Declares a job. */
export function defineJob<const Name extends `${string}.${string}`, Input extends z.ZodType>(
  definition: JobDefinition<Name, Input>,
): JobDefinition<Name, Input> {
  return definition;
}

/** Facts about the running attempt. */
export type Attempt = {
  jobId: string;
  /** 1 for the first try. */
  attempt: number;
  signal: AbortSignal;
};

export type Handler<Job extends JobDefinition> = (ctx: Context, input: z.output<Job["input"]>, attempt: Attempt) => Promise<void>;

export type HandledJob = { definition: JobDefinition; run: (ctx: Context, input: unknown, attempt: Attempt) => Promise<void> };

/** Binds a handler to its declaration; the input is parsed again before it runs. */
export function handle<Name extends string, Input extends z.ZodType>(
  definition: JobDefinition<Name, Input>,
  handler: Handler<JobDefinition<Name, Input>>,
): HandledJob {
  return { definition, run: async (ctx, input, attempt) => handler(ctx, definition.input.parse(input) as z.output<Input>, attempt) };
}

/** Thrown by a handler: trying again is useless, the job goes to the dead letters now. */
export class Permanent extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "Permanent";
  }
}

/** Thrown by a handler: run again after `delayMs` without charging an attempt. */
export class Later extends Error {
  readonly delayMs: number;

  constructor(delayMs: number, reason: string) {
    super(reason);
    this.name = "Later";
    this.delayMs = delayMs;
  }
}
