"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../trpc/client.tsx";

/** A job that was moved goes on by itself, mostly within seconds; the next reading of the queue may be a minute away. */
const FOLLOW_MS = [2_000, 6_000];

/** Reads what is shown of queues again after an act, and twice more while a worker may be at it. */
export function useRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries(trpc.queues.pathFilter());
  return () => {
    for (const ms of FOLLOW_MS) setTimeout(() => void refresh(), ms);
    return refresh();
  };
}
