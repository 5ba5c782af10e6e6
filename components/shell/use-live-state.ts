"use client";
import { useSyncExternalStore } from "react";
import { liveState, subscribeLive, type LiveState } from "./live-state.ts";

/** Whether this tab is live; `connecting` while rendering on the server. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(subscribeLive, liveState, () => "connecting");
}
