/**
 * What this process's worker does, for the process's row: places, jobs taken, done and failed, busy time and
 * efficiency, and the kinds of jobs it runs. Null in a process that takes no jobs.
 */
import * as z from "zod";

export const Workload = z.object({
  /** Jobs of all kinds that it runs at once. */
  places: z.number().int(),
  /** Running now. */
  running: z.number().int(),
  done: z.number().int(),
  /** Failed attempts. */
  failed: z.number().int(),
  /** Milliseconds of work since its start, over all places. */
  busyMs: z.number(),
  /** The same, while more waited than it could hold, and what its places could have given in that time. */
  saturatedBusyMs: z.number(),
  saturatedPlaceMs: z.number(),
  isStopping: z.boolean(),
});
export type Workload = z.infer<typeof Workload>;

const holder = globalThis as { seaworthyWorkload?: () => Workload };

/** Says where this process's workload is read; null takes it back. */
export function publishWorkload(read: (() => Workload) | null): void {
  holder.seaworthyWorkload = read ?? undefined;
}

export function readWorkload(): Workload | null {
  return holder.seaworthyWorkload?.() ?? null;
}
