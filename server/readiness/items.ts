/**
 * Questions that people answer, as lines of the scorecard. A question that a rule answers from evidence is not counted
 * twice: it stands in the list and takes the rule's word. An answer ends: then it is stale and loses its points in quarters.
 */
import { DAY_MS } from "../platform/clock.ts";
import { CHECKLISTS, type Template } from "./checklist/catalogue.ts";
import type { Facts } from "./facts.ts";
import type { JudgedLine } from "./judge.ts";
import { staleCredit } from "./schema/index.ts";

/** An answer without an end of its own holds for half a year. */
export const ANSWER_HOLDS_MS = 182 * DAY_MS;
/** How long an answer fades after its end. */
const FADES_MS = 90 * DAY_MS;

/** The rule id of a question's line. */
export const itemRule = (item: string): string => `item.${item}`;

function judgeItem(template: Template, facts: Facts, now: Date): JudgedLine | null {
  const answer = facts.answers.get(template.id);
  if (answer?.answer === "notApplicable") return null;
  const base = {
    rule: itemRule(template.id), title: template.title, why: `Asked by the list “${template.listName}”.`, fix: "Answer the question and link the evidence.", category: template.category,
    severity: template.severity, weight: 1, isBlocking: template.isBlocking, target: "answered yes by a person", isWaived: false,
  };
  if (!answer) return { ...base, outcome: "unknown", credit: 0, value: "not answered", evidence: null, observedAt: null };
  const ends = answer.expiresAt?.getTime() ?? answer.answeredAt.getTime() + ANSWER_HOLDS_MS;
  const over = now.getTime() - ends;
  const evidence = {
    label: answer.note || `Answered by ${answer.reviewer}`,
    href: answer.evidenceUrl,
    seen: [{ label: "Answer", value: answer.answer }, { label: "Reviewer", value: answer.reviewer }, { label: "Answered", value: answer.answeredAt.toISOString() }, { label: "Holds until", value: new Date(ends).toISOString() }, ...(answer.note ? [{ label: "Note", value: answer.note }] : [])],
  };
  const shared = { ...base, value: `${answer.answer}, says ${answer.reviewer}`, evidence, observedAt: answer.answeredAt };
  if (answer.answer === "no") return { ...shared, outcome: "fail", credit: 0 };
  if (over > 0) return { ...shared, outcome: "stale", credit: staleCredit(FADES_MS + over, FADES_MS) };
  return { ...shared, outcome: "pass", credit: 1 };
}

/** The lines of the lists that the service adopted, without the questions that `answered` rules answer. */
export function judgeItems(facts: Facts, answered: ReadonlySet<string>, now: Date): JudgedLine[] {
  const templates = CHECKLISTS.filter(({ id }) => facts.lists.includes(id)).flatMap(({ items }) => items);
  return templates.filter(({ rule }) => rule === null || !answered.has(rule)).flatMap((template) => judgeItem(template, facts, now) ?? []);
}
