"use client";
import { createContext, useContext, type ReactNode } from "react";
import { formatClock } from "../data/format.ts";
import { RelativeTime, useNow } from "../data/relative-time.tsx";
import { isOld, type Known } from "./known.ts";
import { lastKnownOf } from "./last-known.ts";
import { useLiveState } from "./use-live-state.ts";

/** True below a page whose facts are known to be stale as a whole. */
const StaleContext = createContext(false);

/** Marks every card inside as stale, whatever its own query says: one page never mixes old and new. */
export function StaleProvider({ isStale, children }: { isStale: boolean; children: ReactNode }) {
  return <StaleContext value={isStale}>{children}</StaleContext>;
}

/**
 * For queries that are asked again all the time: stale when the last refresh failed, or when none came back for
 * longer than `maxAgeMs`, or the server itself gave last known facts. A paused page is not stale, it is paused.
 */
export function useIsOld(query: Known, maxAgeMs: number): boolean {
  const now = useNow();
  const isPaused = useLiveState() === "paused";
  return lastKnownOf(query.data) !== null || isOld(query, { now, maxAgeMs, isPaused });
}

/** As of when a query's facts are: the mark of last known ones, else when they were received. */
export function factsAt(query: Known): Date {
  return lastKnownOf(query.data)?.at ?? new Date(query.dataUpdatedAt);
}

/** What a card's footer says: "12 s ago", or "Stale, from 07:03:40" when the facts could not be refreshed. */
export function useFreshness(query: Known): { isStale: boolean; at: ReactNode } {
  const isPageStale = useContext(StaleContext);
  if (query.data === undefined) return { isStale: false, at: null };
  const isMarked = lastKnownOf(query.data) !== null;
  if (!isPageStale && !isMarked && !query.isError) return { isStale: false, at: <RelativeTime at={query.dataUpdatedAt} /> };
  return { isStale: true, at: `Stale, from ${formatClock(factsAt(query))}` };
}
