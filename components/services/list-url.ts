"use client";
/** What the list page keeps in its address: filter, order, the previewed service. Sharing the address shares the view. */
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";
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

/** The view and a way to change parts of it. Typing replaces the address, choosing adds a step to go back to. */
export function useListView(): { view: ListView; change: (part: Partial<ListView>, mode?: "push" | "replace") => void } {
  const search = useSearchParams();
  const change = useCallback(
    (part: Partial<ListView>, mode: "push" | "replace" = "push") => {
      const next = new URLSearchParams(search);
      for (const [name, value] of Object.entries(part)) {
        if (value === null || value === undefined || value === "" || (name === "sort" && value === "worst")) next.delete(name);
        else next.set(name, String(value));
      }
      const text = next.toString();
      const url = text ? `?${text}` : window.location.pathname;
      if (mode === "push") window.history.pushState(null, "", url);
      else window.history.replaceState(null, "", url);
    },
    [search],
  );
  return { view: readListView(search), change };
}
