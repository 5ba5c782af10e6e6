"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useEffect, useMemo } from "react";
import { useTRPC } from "../trpc/client.tsx";
import { createInvalidator, EVERYTHING } from "./invalidator.ts";
import { isPaused, setConnected, subscribeLive } from "./live-state.ts";

/** While the stream is down, what is on screen is asked for again this often, so that it turns stale instead of lying. */
const FALLBACK_MS = 15_000;

/**
 * The tab's one subscription. Each event names a module; its queries are invalidated, at most once a second. While
 * paused, events are only remembered; resuming refreshes everything that is on screen.
 */
export function LiveConnection() {
  const trpc = useTRPC();
  const client = useQueryClient();
  // A procedure's key starts with its path: [["services", "list"], …].
  const invalidator = useMemo(
    () => createInvalidator({ isPaused, invalidate: (topic) => void client.invalidateQueries(topic === EVERYTHING ? {} : { queryKey: [[topic]] }) }),
    [client],
  );
  const { status } = useSubscription(trpc.live.events.subscriptionOptions({}, { onData: (event) => invalidator.add(event.data.topic) }));
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
