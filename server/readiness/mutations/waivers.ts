/** Asking for a waiver, deciding about it, taking it back. Who asks never decides, by any of their keys. */
import { audit } from "../../platform/audit.ts";
import { actorId, actorLabel, type Actor, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { getScorecard, getWaiver, titleOfRule } from "../queries/index.ts";
import { latestExpiry, WAIVER_MAX_DAYS, type DecideWaiver, type RequestWaiver, type Waiver } from "../schema/index.ts";
import { evaluate } from "./evaluate.ts";

/** The person behind an actor: a key acts for its owner. */
const personOf = (actor: Actor): string => (actor.kind === "apiKey" ? actor.ownerId : (actorId(actor) ?? actorLabel(actor)));

/** Asks that a rule count as held until a day. Throws `invalid` for a rule the service does not have or an end too far, `conflict` when one is open. */
export async function requestWaiver(ctx: Context, input: RequestWaiver): Promise<Waiver> {
  const now = ctx.now();
  if (input.expiresAt <= now) throw new AppError("invalid", "The end must be in the future.", { detail: { fields: { expiresAt: "Choose a later day" } } });
  if (input.expiresAt > latestExpiry(now)) throw new AppError("invalid", `A waiver ends within ${WAIVER_MAX_DAYS} days. What lasts longer is a risk: enter it into the register.`, { detail: { fields: { expiresAt: `At most ${WAIVER_MAX_DAYS} days` } } });
  const card = await getScorecard(ctx, input);
  const line = card.lines.find(({ rule }) => rule === input.rule);
  if (!line) throw new AppError("invalid", `This rule does not apply to ${card.name}.`, { detail: { fields: { rule: "Does not apply" } } });
  if (line.outcome === "pass") throw new AppError("invalid", "This rule holds; there is nothing to waive.", { detail: { fields: { rule: "Holds already" } } });
  return inTransaction(ctx, async (tx) => {
    // One that is over by the clock no longer stands in the way.
    await tx.db.readinessWaiver.updateMany({ where: { serviceId: card.serviceId, rule: input.rule, state: { in: ["asked", "approved"] }, endedAt: null, expiresAt: { lte: now } }, data: { endedAt: now } });
    const id = newId("wvr", now);
    const row = { id, serviceId: card.serviceId, rule: input.rule, reason: input.reason, state: "asked", requestedBy: actorLabel(tx.actor), requestedById: personOf(tx.actor), requestedAt: now, expiresAt: input.expiresAt };
    const { count } = await tx.db.readinessWaiver.createMany({ data: [row], skipDuplicates: true });
    if (count === 0) throw new AppError("conflict", "A waiver of this rule is open already.");
    await audit(tx, { action: "readiness.requestWaiver", target: { kind: "waiver", id }, summary: `Asked for a waiver of “${line.title}” on ${card.name}`, after: { rule: input.rule, reason: input.reason, expiresAt: input.expiresAt } });
    await announce(tx, { topic: "readiness", id: card.serviceId });
    return getWaiver(tx, id);
  });
}

/** Approves or denies. Throws `forbidden` for who asked, `conflict` when it is decided or over. */
export async function decideWaiver(ctx: Context, input: DecideWaiver): Promise<Waiver> {
  const before = await getWaiver(ctx, input.waiver);
  if (before.requestedById === personOf(ctx.actor)) throw new AppError("forbidden", "Who asks for a waiver does not decide about it. Let another administrator look.");
  const decided = await inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const { count } = await tx.db.readinessWaiver.updateMany({
      where: { id: input.waiver, state: "asked", endedAt: null, expiresAt: { gt: now }, requestedById: { not: personOf(tx.actor) } },
      data: { state: input.decision === "approve" ? "approved" : "denied", decidedBy: actorLabel(tx.actor), decidedById: personOf(tx.actor), decidedAt: now, decisionNote: input.note },
    });
    if (count === 0) throw new AppError("conflict", `This waiver is ${before.state === "asked" ? "over" : before.state === "inForce" ? "in force already" : before.state}; there is nothing to decide.`);
    const verb = input.decision === "approve" ? "Approved" : "Denied";
    await audit(tx, { action: "readiness.decideWaiver", target: { kind: "waiver", id: input.waiver }, summary: `${verb} the waiver of “${titleOfRule(before.rule)}” on ${before.serviceName}`, before: { state: before.state }, after: { decision: input.decision, note: input.note } });
    await announce(tx, { topic: "readiness", id: before.serviceId });
    return getWaiver(tx, input.waiver);
  });
  await evaluate(ctx, [before.serviceId]);
  return decided;
}

/** Takes a waiver back, asked or in force; the rule counts again at once. Throws `conflict` when there is nothing to take back. */
export async function withdrawWaiver(ctx: Context, input: { waiver: string }): Promise<Waiver> {
  const before = await getWaiver(ctx, input.waiver);
  const withdrawn = await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.readinessWaiver.updateMany({ where: { id: input.waiver, state: { in: ["asked", "approved"] }, endedAt: null }, data: { state: "withdrawn", endedAt: tx.now() } });
    if (count === 0) throw new AppError("conflict", "This waiver is over; there is nothing to take back.");
    await audit(tx, { action: "readiness.withdrawWaiver", target: { kind: "waiver", id: input.waiver }, summary: `Took back the waiver of “${titleOfRule(before.rule)}” on ${before.serviceName}`, before: { state: before.state } });
    await announce(tx, { topic: "readiness", id: before.serviceId });
    return getWaiver(tx, input.waiver);
  });
  await evaluate(ctx, [before.serviceId]);
  return withdrawn;
}
