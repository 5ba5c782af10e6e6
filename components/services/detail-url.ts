"use client";
/** What the page of one service keeps in its address: the tab, and the check whose results are open. */
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

export const TABS = ["health", "checks", "timeline", "settings"] as const;
export type Tab = (typeof TABS)[number];

export interface DetailView {
  tab: Tab;
  check: string | null;
}

/** Reads the view; anything unknown is the first tab. */
export function readDetailView(search: { get(name: string): string | null }): DetailView {
  return { tab: TABS.find((tab) => tab === search.get("tab")) ?? "health", check: search.get("check") };
}

/** The view, the address of another one, and the way there without leaving the page. */
export function useDetailView() {
  const search = useSearchParams();
  const hrefOf = useCallback(
    (part: Partial<DetailView>): string => {
      const next = new URLSearchParams(search);
      for (const [name, value] of Object.entries(part)) {
        if (value === null || value === "health") next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      return text ? `?${text}` : "?";
    },
    [search],
  );
  const go = useCallback(
    (part: Partial<DetailView>): void => {
      const href = hrefOf(part);
      window.history.pushState(null, "", href === "?" ? window.location.pathname : href);
    },
    [hrefOf],
  );
  return { view: readDetailView(search), hrefOf, go };
}
