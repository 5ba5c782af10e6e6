/** Every list and its questions, with ids that stay: "go-live.2" is the second question of the list `go-live`. */
import type { Category, Severity } from "../schema/index.ts";
import { DEPLOYMENT } from "./deployment.ts";
import { FOUNDATIONS } from "./foundations.ts";
import { LAUNCH } from "./launch.ts";
import type { ListSource } from "./source.ts";

export type Template = {
  id: string;
  list: string;
  listName: string;
  title: string;
  category: Category;
  severity: Severity;
  isBlocking: boolean;
  /** The rule that answers it; null when only a person can. */
  rule: string | null;
};

export type TemplateList = { id: string; name: string; about: string; items: readonly Template[] };

function toList({ id, name, about, questions }: ListSource): TemplateList {
  const items = questions.map(([title, category, severity, rule = null, blocking], index): Template => ({
    id: `${id}.${index + 1}`, list: id, listName: name, title, category, severity, rule, isBlocking: blocking === "blocking",
  }));
  return { id, name, about, items };
}

export const CHECKLISTS: readonly TemplateList[] = [...LAUNCH, ...DEPLOYMENT, ...FOUNDATIONS].map(toList);

const templates = new Map(CHECKLISTS.flatMap(({ items }) => items.map((item) => [item.id, item])));

/** A question by its id. */
export const templateById = (id: string): Template | undefined => templates.get(id);
