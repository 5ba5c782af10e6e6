/** From the choices of the restore dialog to what the server takes. Pure. */
import type { PlanDetail, PlanRow, RestoreTarget, Selection } from "../../server/backups/schema.ts";

export interface RestoreChoice {
  runId: string | null;
  kind: PlanRow["sourceKind"];
  mode: "create" | "replace";
  database: string;
  path: string;
  prefix: string;
  url: string;
  /** True: only what is chosen below, not everything. */
  isPart: boolean;
  tables: string[];
  /** Globs over paths. */
  files: string[];
}

const two = (value: number) => String(value).padStart(2, "0");

/** `payments_restored_1117`: the plan and today's date. */
export function freshName(slug: string, now: Date = new Date()): string {
  const base = slug.replaceAll("-", "_").replace(/^[^a-z_]+/, "") || "database";
  return `${base.slice(0, 40)}_restored_${two(now.getUTCMonth() + 1)}${two(now.getUTCDate())}`;
}

/** The name of the database that a plan backs up; null when it backs up something else or has no source. */
export function sourceDatabase(plan: Pick<PlanDetail, "source">): string | null {
  return plan.source?.kind === "postgres" ? decodeURIComponent(new URL(plan.source.url).pathname.slice(1)) : null;
}

/** A part of a database never replaces it, so the choice of tables counts for new ones only. */
export const mayChoosePart = ({ kind, mode }: RestoreChoice): boolean => kind === "folder" || kind === "bucket" || mode === "create";

/** What is brought back; null while a part is wanted and nothing is chosen. */
export function selectionOf(choice: RestoreChoice): Selection | null {
  if (!choice.isPart || !mayChoosePart(choice)) return {};
  const isFiles = choice.kind === "folder" || choice.kind === "bucket";
  if ((isFiles ? choice.files : choice.tables).length === 0) return null;
  return isFiles ? { files: choice.files } : { tables: choice.tables };
}

/** The chosen part in a few words; null for everything. */
export function partInWords({ tables, files }: Selection): string | null {
  const [first, ...more] = tables ?? files ?? [];
  if (first === undefined) return null;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** The target as the server takes it. */
export function targetOf(choice: RestoreChoice, plan: Pick<PlanDetail, "source">): RestoreTarget {
  if (choice.kind === "folder") return { kind: "folder", path: choice.path };
  if (choice.kind === "bucket") return { kind: "bucket", prefix: choice.prefix };
  if (choice.mode === "replace") return { kind: "database", mode: "replace", database: sourceDatabase(plan) ?? choice.database };
  return { kind: "database", mode: "create", database: choice.database.trim(), ...(choice.url.trim() ? { url: choice.url.trim() } : {}) };
}
