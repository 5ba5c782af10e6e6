"use client";
/** What the list page keeps in its address. Sharing the address shares the view. */
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { readListView, type ListView } from "./list-view.ts";

/** Parts of the view to change; `add` and `import` ask for a dialog. */
export type ListChange = Partial<ListView> & { add?: null; import?: null };

/** The view and a way to change parts of it. Typing replaces the address, choosing adds a step to go back to. */
export function useListView(): { view: ListView; change: (part: ListChange, mode?: "push" | "replace") => void } {
  const search = useSearchParams();
  const change = useCallback(
    (part: ListChange, mode: "push" | "replace" = "push") => {
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
