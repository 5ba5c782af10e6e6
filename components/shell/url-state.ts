"use client";
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** One search parameter as state: links land on it, the back button does not walk through every keystroke. */
export function useUrlState(name: string): [value: string, set: (next: string | null) => void] {
  const value = useSearchParams().get(name) ?? "";
  const set = useCallback(
    (next: string | null) => {
      const search = new URLSearchParams(window.location.search);
      if (next) search.set(name, next);
      else search.delete(name);
      const text = search.toString();
      window.history.replaceState(null, "", text ? `?${text}` : window.location.pathname);
    },
    [name],
  );
  return [value, set];
}
