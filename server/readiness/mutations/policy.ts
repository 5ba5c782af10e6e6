/** Weights, the goal, and figures of the past that people state. */
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import { findService } from "../../services/queries/index.ts";
import { evaluateJob, observeJob } from "../jobs.ts";
import { getPolicy, getStated } from "../queries/index.ts";
import type { Policy, StatedId, StateScore, UpdatePolicy } from "../schema/index.ts";
import { evaluate, type Evaluated } from "./evaluate.ts";

const POLICY_ID = 1;

/** Changes weights or goal; everything is judged again. Throws `conflict` when somebody else changed them first. */
export async function updatePolicy(ctx: Context, input: UpdatePolicy): Promise<Policy> {
  return inTransaction(ctx, async (tx) => {
    const before = await getPolicy(tx);
    const data = { weights: input.weights ?? before.weights, goal: input.goal ?? before.goal, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) };
    const { count } = input.revision === 0
      ? await tx.db.readinessPolicy.createMany({ data: [{ id: POLICY_ID, revision: 1, ...data }], skipDuplicates: true })
      : await tx.db.readinessPolicy.updateMany({ where: { id: POLICY_ID, revision: input.revision }, data: { ...data, revision: { increment: 1 } } });
    if (count === 0) throw new AppError("conflict", "Somebody else changed this meanwhile. Nothing was saved; reload and try again.");
    await enqueue(tx, evaluateJob, {}, { key: "all" });
    await audit(tx, { action: "readiness.updatePolicy", target: { kind: "policy", id: "readiness" }, summary: "Changed how readiness is scored", before: { weights: before.weights, goal: before.goal }, after: { weights: data.weights, goal: data.goal } });
    await announce(tx, { topic: "readiness" });
    return getPolicy(tx);
  });
}

/** Puts a score of the past into the history, with where it comes from. It changes no computed score. Throws `invalid` for a date to come. */
export async function stateScore(ctx: Context, input: StateScore): Promise<{ ok: true }> {
  if (input.at > ctx.now()) throw new AppError("invalid", "A score of the future cannot be stated.", { detail: { fields: { at: "Choose a day of the past" } } });
  const service = input.id ? await findService(ctx, input.id) : null;
  await inTransaction(ctx, async (tx) => {
    await tx.db.readinessPoint.create({ data: { serviceId: service?.id ?? null, at: input.at, score: input.score, earned: input.score, note: input.note, statedBy: actorLabel(tx.actor) } });
    await audit(tx, { action: "readiness.stateScore", target: { kind: service ? "service" : "policy", id: service?.id ?? "readiness" }, summary: `Stated a score of ${input.score}${service ? ` for ${service.name}` : ""}`, after: input });
    await announce(tx, { topic: "readiness", ...(service ? { id: service.id } : {}) });
  });
  return { ok: true };
}

/** Takes a stated score out of the history again. A computed one is never found here. Throws `not_found`. */
export async function removeStated(ctx: Context, input: StatedId): Promise<{ ok: true }> {
  return inTransaction(ctx, async (tx) => {
    const before = await getStated(tx, input);
    const { count } = await tx.db.readinessPoint.deleteMany({ where: { id: BigInt(input.point), statedBy: { not: null } } });
    if (count === 0) throw new AppError("conflict", "Somebody else removed this score already.");
    await audit(tx, { action: "readiness.removeStated", target: { kind: before.serviceId ? "service" : "policy", id: before.serviceId ?? "readiness" }, summary: `Removed the stated score of ${before.score}${before.serviceName ? ` for ${before.serviceName}` : ""}`, before });
    await announce(tx, { topic: "readiness", ...(before.serviceId ? { id: before.serviceId } : {}) });
    return { ok: true };
  });
}

/** Judges one service now and sends the observer to look at it again. */
export async function evaluateNow(ctx: Context, input: { id: string }): Promise<Evaluated> {
  const service = await findService(ctx, input.id);
  if (service.archivedAt) throw new AppError("precondition", `${service.name} is archived and has no score.`);
  await inTransaction(ctx, async (tx) => {
    await enqueue(tx, observeJob, { serviceId: service.id }, { key: service.id, priority: "high" });
    await audit(tx, { action: "readiness.evaluate", target: { kind: "service", id: service.id }, summary: `Had ${service.name} judged again` });
  });
  return evaluate(ctx, [service.id]);
}
