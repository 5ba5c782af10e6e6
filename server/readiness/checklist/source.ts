/** The form in which lists of questions are written down. */
import type { Category, Severity } from "../schema/index.ts";

/** Title, area, severity, the rule that answers it from evidence, and whether a no holds a launch back. */
export type Question = readonly [title: string, category: Category, severity: Severity, rule?: string | null, blocking?: "blocking"];

export type ListSource = { id: string; name: string; about: string; questions: readonly Question[] };
