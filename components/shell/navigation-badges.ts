"use client";
/** Counts beside the places: trouble in its state's tint, and nothing when there is none. */
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../trpc/client.tsx";

export type NavigationBadge = { count: number; state: "fail" | "warn" | "plain"; title: string };

export function useNavigationBadges(): { services?: NavigationBadge; queues?: NavigationBadge } {
  return {};
}
