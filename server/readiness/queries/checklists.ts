/** Lists of questions with what people answered and what rules measured. */
import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import { findService } from "../../services/queries/index.ts";
import { CHECKLISTS, type Template } from "../checklist/catalogue.ts";
import { ANSWER_HOLDS_MS } from "../items.ts";
import type { Answer, Checklist, ChecklistSet, Item, Line } from "../schema/index.ts";
import { getScorecard } from "./cards.ts";

type Stored = { item: string; answer: string; note: string; evidenceUrl: string | null; reviewer: string; answeredAt: Date; expiresAt: Date | null; revision: number };

function toItem(template: Template, stored: Stored | undefined, world: { lines: ReadonlyMap<string, Line>; now: Date }): Item {
  const { id, list, title, category, severity, isBlocking, rule } = template;
  const measured = rule === null ? undefined : world.lines.get(rule);
  const ends = stored ? (stored.expiresAt ?? new Date(stored.answeredAt.getTime() + ANSWER_HOLDS_MS)) : null;
  const isExpired = ends !== null && ends <= world.now;
  return {
    item: id, list, title, category, severity, isBlocking,
    rule: measured ? rule : null,
    answer: (stored?.answer as Answer | undefined) ?? null,
    note: stored?.note ?? "",
    evidenceUrl: stored?.evidenceUrl ?? null,
    reviewer: stored?.reviewer ?? null,
    answeredAt: stored?.answeredAt ?? null,
    expiresAt: ends,
    isExpired,
    measured: measured ? (measured.isWaived ? "pass" : measured.outcome) : null,
    isDisputed: stored?.answer === "yes" && measured?.outcome === "fail",
    revision: stored?.revision ?? 0,
  };
}

/** A question is settled when the evidence says so, or, where no rule looks, a person did. */
const isSettled = (item: Item): boolean => item.answer === "notApplicable" || (item.measured === null ? item.answer === "yes" && !item.isExpired : item.measured === "pass");

/** Every list, adopted ones first, each with its questions; a list is done when its questions are. */
export async function readChecklists(ctx: Context, input: { id: string }): Promise<z.infer<typeof ChecklistSet>> {
  const service = await findService(ctx, input.id);
  const [answers, adoptions, card] = await Promise.all([
    ctx.db.readinessAnswer.findMany({ where: { serviceId: service.id } }),
    ctx.db.readinessAdoption.findMany({ where: { serviceId: service.id }, select: { list: true } }),
    getScorecard(ctx, { id: service.id }),
  ]);
  const stored = new Map(answers.map((row) => [row.item, row]));
  const adopted = new Set(adoptions.map(({ list }) => list));
  const world = { lines: new Map(card.lines.map((line) => [line.rule, line])), now: ctx.now() };
  const lists = CHECKLISTS.map(({ id, name, about, items }): Checklist => {
    const own = items.map((template) => toItem(template, stored.get(template.id), world));
    return { list: id, name, about, total: own.length, done: own.filter(isSettled).length, isAdopted: adopted.has(id), items: own };
  });
  return { serviceId: service.id, lists: lists.toSorted((a, b) => Number(b.isAdopted) - Number(a.isAdopted)) };
}
