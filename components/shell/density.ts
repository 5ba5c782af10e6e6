"use client";
import { useSyncExternalStore } from "react";
import { DENSITY_KEY, type Density } from "./appearance.tsx";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const read = (): Density => (document.documentElement.dataset.density === "compact" ? "compact" : "comfortable");

/** How close rows stand: 40 px or 32 px. Kept in this browser. */
export function useDensity(): Density {
  return useSyncExternalStore(subscribe, read, () => "comfortable");
}

export function setDensity(next: Density): void {
  document.documentElement.dataset.density = next;
  localStorage.setItem(DENSITY_KEY, next);
  for (const listener of listeners) listener();
}
