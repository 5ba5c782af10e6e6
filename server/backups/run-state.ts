/**
 * The state of a run as people read it: computed from recorded facts, never declared. A run is verified by a passed drill
 * alone, and suspect while something about it stands out or a drill refuted it.
 */
import type { Suspicion } from "./suspicion.ts";

export const RUN_STATES = ["queued", "running", "stored", "verified", "suspect", "failed", "cancelled"] as const;
export type RunState = (typeof RUN_STATES)[number];

export type RunFacts = { state: string; suspicions: readonly Suspicion[]; verifiedAt: Date | null; refutedAt: Date | null };

/** Computes the state. */
export function runState({ state, suspicions, verifiedAt, refutedAt }: RunFacts): RunState {
  if (state !== "stored") return state as RunState;
  if (refutedAt !== null || suspicions.length > 0) return "suspect";
  return verifiedAt === null ? "stored" : "verified";
}

/** How retention counts a run in this state. */
export function retentionStanding(state: RunState): "verified" | "good" | "suspect" | "failed" | "busy" {
  switch (state) {
    case "verified":
      return "verified";
    case "stored":
      return "good";
    case "suspect":
      return "suspect";
    case "failed":
    case "cancelled":
      return "failed";
    case "queued":
    case "running":
      return "busy";
    default:
      return state satisfies never;
  }
}
