"use client";
import type { ReactNode } from "react";
import { formatClock } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";

type Known = { isError: boolean; data: unknown; dataUpdatedAt: number };

/** Facts that could not be refreshed are old, however young they look. */
export function isStale(query: Known): boolean {
  return query.isError && query.data !== undefined;
}

/** The age for a card's footer: "12 s ago", or "Stale, from 07:03:40" when the last refresh failed. */
export function freshnessOf(query: Known): ReactNode {
  if (query.data === undefined) return null;
  if (isStale(query)) return `Stale, from ${formatClock(new Date(query.dataUpdatedAt))}`;
  return <RelativeTime at={query.dataUpdatedAt} />;
}
