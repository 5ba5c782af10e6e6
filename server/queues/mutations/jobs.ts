/** What people do to one job. */
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import type { JobBatch } from "../adapters/adapter.ts";
import { systemOf, type OpenedSystem } from "../queries/index.ts";
import { readAside } from "../queries/policies.ts";
import { OWN_CONNECTION, type ActOnJob, type Done, type JobOperation, type Outcome } from "../schema/index.ts";
import { actOnBatch, assertAllowed, PAST } from "./act.ts";

type Deed = { job: ActOnJob; operation: JobOperation; priority?: number };

/** Who did the same to the job before, as the audit trail knows; null when nobody is known. */
async function whoWasFirst(ctx: Context, { job, operation }: Deed): Promise<string | null> {
  const where = { targetKind: "job", targetId: job.id, action: `queues.${operation}` };
  const row = await ctx.db.auditEntry.findFirst({ where, orderBy: { id: "desc" }, select: { actorLabel: true } });
  return row?.actorLabel ?? null;
}

const ALREADY: Partial<Record<JobOperation, string>> = { retry: "already retried", redrive: "already sent back", discard: "already discarded", promote: "already started", moveToDead: "already a dead letter" };

/** An outcome that is not "done" as the error a single caller hears. */
async function refusal(ctx: Context, deed: Deed, outcome: Outcome | undefined): Promise<AppError | null> {
  if (outcome?.result === "done") return null;
  const reason = outcome?.reason ?? "There is no such job.";
  if (outcome?.result === "refused") return new AppError("conflict", reason);
  const first = await whoWasFirst(ctx, deed);
  if (first !== null) return new AppError("conflict", `This job was ${ALREADY[deed.operation] ?? "already changed"} by ${first}. Nothing more was done.`);
  return new AppError(outcome?.result === "already" ? "conflict" : "not_found", reason);
}

async function perform(ctx: Context, opened: OpenedSystem, deed: Deed): Promise<void> {
  const { job, operation, priority } = deed;
  const batch: JobBatch = { queue: job.queue, operation, ids: [job.id], priority };
  const [outcome] = await actOnBatch(ctx, opened, batch);
  const error = await refusal(ctx, deed, outcome);
  if (error) throw error;
}

/**
 * Does one thing to one job. Throws `precondition` where it cannot or must not be done, `conflict` with the reason when
 * the job's state forbids it or somebody was first, `not_found`.
 */
export async function actOnJob(ctx: Context, job: ActOnJob & { priority?: number }, operation: JobOperation): Promise<Done> {
  const { connection, queue, id, reason, priority } = job;
  const deed: Deed = { job, operation, priority };
  const opened = await systemOf(ctx, connection);
  await assertAllowed(ctx, opened, { queue, operation });
  if (!opened.system.isTransactional) await perform(ctx, opened, deed);
  return inTransaction(ctx, async (tx) => {
    if (opened.system.isTransactional) await perform(tx, opened, deed);
    const summary = `${PAST[operation]} a job of ${queue}${reason ? `: ${reason}` : ""}`;
    await audit(tx, { action: `queues.${operation}`, target: { kind: "job", id }, summary, after: { connection, queue, priority, reason } });
    await announce(tx, { topic: "queues", id: `${connection}/${queue}` });
    return { id };
  });
}

/** Lets an own job that was put aside run again, from its first attempt. Throws `conflict` when it is not put aside. */
export async function releaseJob(ctx: Context, job: ActOnJob): Promise<Done> {
  if (job.connection !== OWN_CONNECTION) throw new AppError("precondition", "Only jobs of the console's own queues are put aside.");
  return inTransaction(ctx, async (tx) => {
    const jobId = (await readAside(tx, [job.id])).get(job.id);
    const { count } = jobId
      ? await tx.db.queueQuarantine.updateMany({ where: { jobId, releasedAt: null }, data: { releasedAt: tx.now(), releasedBy: tx.actor.kind === "user" ? tx.actor.name : tx.actor.kind } })
      : { count: 0 };
    if (count === 0) throw new AppError("conflict", "This job is not put aside, or somebody released it already.");
    await perform(tx, await systemOf(tx, OWN_CONNECTION), { job, operation: "retry" });
    await audit(tx, { action: "queues.release", target: { kind: "job", id: job.id }, summary: `Released a job of ${job.queue} that had ended three workers`, after: { queue: job.queue, reason: job.reason } });
    await announce(tx, { topic: "queues", id: `${OWN_CONNECTION}/${job.queue}` });
    return { id: job.id };
  });
}
