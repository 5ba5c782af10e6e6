/** Whether something may be done to jobs of a queue: what its system can, and what a person decided. */
import type { Context } from "../../platform/context.ts";
import type { JobOperation, QueueOperation } from "../schema/index.ts";
import { getPolicy } from "./policies.ts";
import type { OpenedSystem } from "./systems.ts";

/** Operations that make failed work run again. */
export const isRetrying = (operation: JobOperation | QueueOperation): boolean => operation === "retry" || operation === "redrive";

/** Why it may not be done, in a sentence; null when it may. */
export async function obstacleTo(ctx: Context, opened: OpenedSystem, wanted: { queue: string; operation: JobOperation | QueueOperation }): Promise<string | null> {
  const ability = opened.system.can[wanted.operation];
  if (ability !== true) return ability ?? "This system cannot do that.";
  if (!isRetrying(wanted.operation)) return null;
  const { neverRetry } = await getPolicy(ctx, { connection: opened.id, queue: wanted.queue });
  return neverRetry === null ? null : `Jobs of ${wanted.queue} are never retried: ${neverRetry}`;
}
