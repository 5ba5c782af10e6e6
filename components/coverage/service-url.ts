"use client";
/** What the page of one service's coverage keeps in its address. */
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

export const TABS = ["overview", "files", "compare", "tests", "gate"] as const;
export type Tab = (typeof TABS)[number];

export interface CoverageView {
  tab: Tab;
  commit: string;
  branch: string;
  flag: string;
  folder: string;
  file: string;
  sort: string;
  search: string;
}

/** Reads the view; an unknown tab is the first. */
export function readCoverageView(search: { get(name: string): string | null }): CoverageView {
  const text = (name: string) => search.get(name) ?? "";
  return { tab: TABS.find((tab) => tab === search.get("tab")) ?? "overview", commit: text("commit"), branch: text("branch"), flag: text("flag"), folder: text("folder"), file: text("file"), sort: text("sort"), search: text("search") };
}

/** Back from the sample, to the page without anything that was chosen in it. */
export function leaveSample(): void {
  window.history.pushState(null, "", window.location.pathname);
}

/** The view, the address of another, and the way there without leaving the page. */
export function useCoverageView() {
  const search = useSearchParams();
  const hrefOf = useCallback(
    (part: Partial<CoverageView>): string => {
      const next = new URLSearchParams(search);
      for (const [name, value] of Object.entries(part)) {
        if (value === "" || value === "overview") next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      return text ? `?${text}` : "?";
    },
    [search],
  );
  const go = useCallback(
    (part: Partial<CoverageView>, how: "push" | "replace" = "push"): void => {
      const href = hrefOf(part);
      const target = href === "?" ? window.location.pathname : href;
      if (how === "push") window.history.pushState(null, "", target);
      else window.history.replaceState(null, "", target);
    },
    [hrefOf],
  );
  return { view: readCoverageView(search), hrefOf, go };
}
