"use client";
/** The whole page while the console's database is away: one banner, the sentence in the past tense, and a way back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, type ReactNode } from "react";
import { formatClock } from "../data/format.ts";
import { StatusBadge } from "../data/status.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { BADGE_SERVICES } from "./badge-inputs.ts";
import { StaleProvider } from "./freshness.tsx";
import { lastKnownOf, type LastKnownMark } from "./last-known.ts";
import { setAway } from "./live-state.ts";
import styles from "./away.module.css";

/** The server tells by a live event when it is over; this is for when that event is lost. */
const ASK_AGAIN_MS = 5_000;

const AwayContext = createContext<LastKnownMark | null>(null);

/** The mark of the facts on screen while the database is away; null otherwise. */
export function useAway(): LastKnownMark | null {
  return useContext(AwayContext);
}

/** Watches the one answer that every page has, and marks all inside as stale while that one is. */
export function AwayProvider({ children }: { children: (isAway: boolean) => ReactNode }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data, refetch } = useQuery(trpc.services.summary.queryOptions(BADGE_SERVICES, { meta: { quiet: true } }));
  const mark = lastKnownOf(data);
  const isAway = mark !== null;
  const wasAway = useRef(isAway);
  useEffect(() => {
    setAway(isAway);
    if (wasAway.current && !isAway) void client.invalidateQueries();
    wasAway.current = isAway;
    if (!isAway) return;
    const timer = setInterval(() => void refetch(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isAway, client, refetch]);
  return (
    <AwayContext value={mark}>
      <StaleProvider isStale={isAway}>{children(isAway)}</StaleProvider>
    </AwayContext>
  );
}

/** Says what is wrong, from when the facts are, and what that means. Nothing while the database answers. */
export function AwayBanner() {
  const mark = useAway();
  if (!mark) return null;
  return (
    <div className={styles.banner} role="status">
      <StatusBadge state="stale" />
      <span className={styles.text}>
        <b>Database is away; last known facts from {formatClock(mark.at)}.</b> The console cannot reach its own database since {formatClock(mark.since)}. Changes are refused until it answers.
      </span>
    </div>
  );
}
