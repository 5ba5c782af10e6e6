"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useEffect, useRef } from "react";
import { useTRPC } from "../trpc/client.tsx";
import { isPaused, setConnected, subscribeLive } from "./live-state.ts";

/** Most often that events may refresh what is on screen. */
const FLUSH_MS = 1_000;
/** While the stream is down, what is on screen is asked for again this often, so that it turns stale instead of lying. */
const FALLBACK_MS = 15_000;
/** Stands for every module: something may have been missed. */
const EVERYTHING = "*";

/**
 * The tab's one subscription. Each event names a module; its queries are invalidated, at most once a second. While
 * paused, events are only remembered; resuming refreshes everything that is on screen.
 */
export function LiveConnection() {
  const trpc = useTRPC();
  const invalidate = useThrottledInvalidation();
  const { status } = useSubscription(
    trpc.live.events.subscriptionOptions({}, { onData: (event) => invalidate(event.data.topic) }),
  );
  const isConnected = status === "pending";
  useEffect(() => {
    setConnected(isConnected);
    if (isConnected) return;
    const timer = setInterval(() => invalidate(EVERYTHING), FALLBACK_MS);
    return () => clearInterval(timer);
  }, [isConnected, invalidate]);
  return null;
}

function useThrottledInvalidation(): (topic: string) => void {
  const client = useQueryClient();
  const state = useRef({ topics: new Set<string>(), timer: null as ReturnType<typeof setTimeout> | null, wasPaused: false });

  const flush = useRef(() => {
    const { topics } = state.current;
    state.current.timer = null;
    if (isPaused() || topics.size === 0) return;
    const isAll = topics.has(EVERYTHING);
    // A procedure's key starts with its path: [["services", "list"], …].
    const keys = isAll ? [undefined] : [...topics].map((topic) => [[topic]]);
    topics.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
  });
  const add = useRef((topic: string) => {
    state.current.topics.add(topic);
    state.current.timer ??= setTimeout(flush.current, FLUSH_MS);
  });

  useEffect(() => {
    const current = state.current;
    const run = flush.current;
    const unsubscribe = subscribeLive(() => {
      if (current.wasPaused && !isPaused()) current.topics.add(EVERYTHING);
      current.wasPaused = isPaused();
      if (!current.wasPaused) run();
    });
    return () => {
      unsubscribe();
      if (current.timer) clearTimeout(current.timer);
      current.timer = null;
    };
  }, []);
  return add.current;
}
