/** The one way to act on jobs, single or in bulk: guards first, then the system. */
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { JobBatch } from "../adapters/adapter.ts";
import { PUT_ASIDE } from "../outcome-words.ts";
import { isRetrying, obstacleTo } from "../queries/guard.ts";
import { readAside } from "../queries/policies.ts";
import type { OpenedSystem } from "../queries/index.ts";
import type { JobOperation, Outcome, QueueOperation } from "../schema/index.ts";

/** What happened, in the words of the audit trail: "Retried a job of mail". */
export const PAST: Record<JobOperation, string> = {
  retry: "Retried",
  promote: "Started early",
  discard: "Discarded",
  moveToDead: "Moved to the dead letters",
  changePriority: "Changed the priority of",
  redrive: "Sent back",
};

/** Throws `precondition` when the system cannot do it or a person decided that it must not be done. */
export async function assertAllowed(ctx: Context, opened: OpenedSystem, wanted: { queue: string; operation: JobOperation | QueueOperation }): Promise<void> {
  const obstacle = await obstacleTo(ctx, opened, wanted);
  if (obstacle !== null) throw new AppError("precondition", obstacle);
}

/** Acts on a batch. Own jobs that are put aside are refused instead of run. One outcome for each id, in order. */
export async function actOnBatch(ctx: Context, opened: OpenedSystem, batch: JobBatch): Promise<Outcome[]> {
  if (opened.kind !== "own" || !isRetrying(batch.operation)) return opened.system.act(ctx, batch);
  const aside = await readAside(ctx, batch.ids);
  if (aside.size === 0) return opened.system.act(ctx, batch);
  const acted = await opened.system.act(ctx, { ...batch, ids: batch.ids.filter((id) => !aside.has(id)) });
  const byId = new Map(acted.map((outcome) => [outcome.id, outcome]));
  return batch.ids.map((id) => byId.get(id) ?? { id, result: "refused", reason: PUT_ASIDE });
}
