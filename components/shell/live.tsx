"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useEffect, useMemo, useState } from "react";
import { useTRPC } from "../trpc/client.tsx";
import { createInvalidator, EVERYTHING } from "./invalidator.ts";
import { isPaused, setConnected, subscribeLive } from "./live-state.ts";

/** While the stream is down, what is on screen is asked for again this often, so that it turns stale instead of lying. */
const FALLBACK_MS = 15_000;

/**
 * The tab's one subscription. Each event names a module; its queries are invalidated, at most once a second. While
 * paused, events are only remembered; resuming refreshes everything that is on screen. `readFrom`: the event before the
 * page's facts were read, so that what happened while it loaded is not lost.
 */
export function LiveConnection({ readFrom }: { readFrom: string }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  // A procedure's key starts with its path: [["services", "list"], …].
  const invalidator = useMemo(
    () => createInvalidator({ isPaused, invalidate: (topic) => void client.invalidateQueries(topic === EVERYTHING ? {} : { queryKey: [[topic]] }) }),
    [client],
  );
  // Of the first load only: after that the stream itself knows where it is.
  const [lastEventId] = useState(readFrom);
  const { status } = useSubscription(trpc.live.events.subscriptionOptions({ lastEventId }, { onData: (event) => invalidator.add(event.data.topic) }));
  const isConnected = status === "pending";
  useEffect(() => {
    setConnected(isConnected);
    if (isConnected) return;
    const timer = setInterval(() => invalidator.add(EVERYTHING), FALLBACK_MS);
    return () => clearInterval(timer);
  }, [isConnected, invalidator]);
  useEffect(() => subscribeLive(() => invalidator.follow()), [invalidator]);
  useEffect(() => () => invalidator.stop(), [invalidator]);
  return null;
}
