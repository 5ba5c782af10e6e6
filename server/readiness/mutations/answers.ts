/** Adopting lists of questions and answering them. */
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import type * as z from "zod";
import { findService } from "../../services/queries/index.ts";
import { CHECKLISTS, templateById } from "../checklist/catalogue.ts";
import { readChecklists } from "../queries/index.ts";
import type { AdoptList, AnswerItem, ChecklistSet } from "../schema/index.ts";
import { evaluate } from "./evaluate.ts";

type Answered = z.infer<typeof ChecklistSet>;

/** Makes a list count for a service, or no longer. Answers are kept either way. Throws `not_found`, and `conflict` when it is so already. */
export async function adoptList(ctx: Context, input: AdoptList): Promise<Answered> {
  const list = CHECKLISTS.find(({ id }) => id === input.list);
  if (!list) throw new AppError("not_found", "There is no such list.");
  const service = await findService(ctx, input.id);
  await inTransaction(ctx, async (tx) => {
    const key = { serviceId: service.id, list: list.id };
    const { count } = input.isAdopted
      ? await tx.db.readinessAdoption.createMany({ data: [{ ...key, adoptedAt: tx.now(), adoptedBy: actorLabel(tx.actor) }], skipDuplicates: true })
      : await tx.db.readinessAdoption.deleteMany({ where: key });
    if (count === 0) throw new AppError("conflict", input.isAdopted ? `${service.name} has this list already.` : `${service.name} does not have this list.`);
    await audit(tx, { action: "readiness.adoptList", target: { kind: "service", id: service.id }, summary: `${input.isAdopted ? "Adopted" : "Dropped"} the list “${list.name}” for ${service.name}`, after: { list: list.id, isAdopted: input.isAdopted } });
    await announce(tx, { topic: "readiness", id: service.id });
  });
  await evaluate(ctx, [service.id]);
  return readChecklists(ctx, { id: service.id });
}

/** Answers a question, or takes the answer back. Throws `conflict` when somebody else answered meanwhile, `invalid` for an end in the past. */
export async function answerItem(ctx: Context, input: AnswerItem): Promise<Answered> {
  const template = templateById(input.item);
  if (!template) throw new AppError("not_found", "There is no such question.");
  if (input.answer !== null && input.expiresAt && input.expiresAt <= ctx.now()) throw new AppError("invalid", "The end must be in the future.", { detail: { fields: { expiresAt: "Choose a later day" } } });
  const service = await findService(ctx, input.id);
  await inTransaction(ctx, async (tx) => {
    const key = { serviceId: service.id, item: input.item };
    const facts = { answer: input.answer ?? "", note: input.note, evidenceUrl: input.evidenceUrl, reviewer: actorLabel(tx.actor), answeredAt: tx.now(), expiresAt: input.expiresAt };
    const { count } = await change(tx, { key, facts, input });
    if (count === 0) throw new AppError("conflict", "Somebody else answered this question meanwhile. Nothing was saved; reload and try again.");
    await audit(tx, { action: "readiness.answerItem", target: { kind: "service", id: service.id }, summary: `${input.answer === null ? "Took back the answer to" : "Answered"} “${template.title}” for ${service.name}`, after: { item: input.item, answer: input.answer, note: input.note, evidenceUrl: input.evidenceUrl, expiresAt: input.expiresAt } });
    await announce(tx, { topic: "readiness", id: service.id });
  });
  await evaluate(ctx, [service.id]);
  return readChecklists(ctx, { id: service.id });
}

type Facts = { answer: string; note: string; evidenceUrl: string | null; reviewer: string; answeredAt: Date; expiresAt: Date | null };

function change(ctx: Context, { key, facts, input }: { key: { serviceId: string; item: string }; facts: Facts; input: AnswerItem }): Promise<{ count: number }> {
  const table = ctx.db.readinessAnswer;
  if (input.answer === null) return table.deleteMany({ where: { ...key, revision: input.revision } });
  if (input.revision === 0) return table.createMany({ data: [{ ...key, ...facts }], skipDuplicates: true });
  return table.updateMany({ where: { ...key, revision: input.revision }, data: { ...facts, revision: { increment: 1 } } });
}
