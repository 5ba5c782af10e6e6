/** How the module's states are drawn. */
import type { JobState } from "../../server/queues/schema/index.ts";
import type { State } from "../data/status.tsx";

export const JOB_STATE_WORDS: Record<JobState, { word: string; state: State }> = {
  waiting: { word: "Waiting", state: "unknown" },
  active: { word: "Running", state: "maintenance" },
  delayed: { word: "Delayed", state: "unknown" },
  failed: { word: "Failed", state: "fail" },
  completed: { word: "Done", state: "ok" },
  dead: { word: "Dead letter", state: "fail" },
};

/** The order of the tabs: trouble last found first looked at. */
export const JOB_STATE_ORDER: readonly JobState[] = ["waiting", "active", "delayed", "failed", "dead", "completed"];

/** True for jobs that a person may run again or delete. */
export function isSettleable(state: JobState): boolean {
  return state === "failed" || state === "dead";
}

/** The state in the URL, or where to look first. */
export function jobStateOf(text: string | null): JobState {
  return JOB_STATE_ORDER.find((state) => state === text) ?? "waiting";
}
