/** The view of the list as its address holds it: filter, order, the previewed service. Pure; read on both sides. */
import type { ServiceSort } from "../../server/services/schema.ts";
import type { Sort } from "../data/columns.ts";

const SORTS: readonly ServiceSort[] = ["worst", "name", "uptime", "p95", "tier"];

export interface ListView {
  filter: string;
  sort: ServiceSort;
  direction: "asc" | "desc" | undefined;
  selected: string | null;
}

/** Reads the view; what it cannot read is the default (worst first, nothing filtered). */
export function readListView(search: { get(name: string): string | null }): ListView {
  const sort = SORTS.find((known) => known === search.get("sort")) ?? "worst";
  const direction = search.get("direction");
  return {
    filter: (search.get("filter") ?? "").slice(0, 300),
    sort,
    direction: direction === "asc" || direction === "desc" ? direction : undefined,
    selected: search.get("selected"),
  };
}

/** The table's order for a view; each sort starts in the direction that shows trouble first. */
export function tableSort({ sort, direction }: ListView): Sort {
  return { by: sort, direction: direction ?? (sort === "p95" ? "desc" : "asc") };
}
