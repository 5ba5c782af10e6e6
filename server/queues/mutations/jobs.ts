import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import type { QueueSystem } from "../adapters/adapter.ts";
import { systemOf } from "../queries/index.ts";
import type { ByJob, Done, JobOperation, Outcome } from "../schema/index.ts";

/** What happened, in the words of the audit trail. */
const PAST: Record<JobOperation, string> = {
  retry: "Retried",
  promote: "Started early",
  discard: "Discarded",
  moveToDead: "Moved to the dead letters",
  changePriority: "Changed the priority of",
  redrive: "Sent back",
};

/** An outcome that is not "done" as the error a single caller hears. */
function refusal(outcome: Outcome): AppError | null {
  const reason = outcome.reason ?? "Nothing was changed.";
  switch (outcome.result) {
    case "done":
      return null;
    case "missing":
      return new AppError("not_found", reason);
    case "already":
    case "refused":
      return new AppError("conflict", reason);
    default:
      return outcome.result satisfies never;
  }
}

async function perform(ctx: Context, system: QueueSystem, wanted: { job: ByJob; operation: JobOperation }): Promise<void> {
  const { queue, id } = wanted.job;
  const [outcome] = await system.act(ctx, { queue, operation: wanted.operation, ids: [id] });
  const error = outcome ? refusal(outcome) : new AppError("not_found", "There is no such job.");
  if (error) throw error;
}

/** Does one thing to one job. Throws `not_found`, `conflict` with the reason, or `precondition` where the system cannot. */
export async function actOnJob(ctx: Context, job: ByJob, operation: JobOperation): Promise<Done> {
  const { connection, queue, id } = job;
  const { system } = await systemOf(ctx, connection);
  const ability = system.can[operation];
  if (ability !== true) throw new AppError("precondition", ability ?? "This system cannot do that.");
  if (!system.isTransactional) await perform(ctx, system, { job, operation });
  return inTransaction(ctx, async (tx) => {
    if (system.isTransactional) await perform(tx, system, { job, operation });
    await audit(tx, { action: `queues.${operation}`, target: { kind: "job", id }, summary: `${PAST[operation]} a job of ${queue}`, after: { connection, queue } });
    await announce(tx, { topic: "queues", id: `${connection}/${queue}` });
    return { id };
  });
}
