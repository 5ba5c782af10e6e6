/** How the module's states are drawn. */
import type { ConnectionKind, JobState } from "../../server/queues/schema/index.ts";
import type { State } from "../data/status.tsx";

type Words = { word: string; state: State };

export const JOB_STATE_WORDS: Record<JobState, Words> = {
  waiting: { word: "Waiting", state: "unknown" },
  active: { word: "Running", state: "maintenance" },
  delayed: { word: "Delayed", state: "unknown" },
  failed: { word: "Failed", state: "fail" },
  completed: { word: "Done", state: "ok" },
  dead: { word: "Dead letter", state: "fail" },
};

const ORDER: readonly JobState[] = ["waiting", "active", "delayed", "failed", "dead", "completed"];

/** In the own queue a failed job and its dead letter are one thing: one tab and one word. */
const isOneThing = (kind: ConnectionKind | undefined): boolean => kind === "own";

export function stateWords(state: JobState, kind: ConnectionKind | undefined): Words {
  return state === "dead" && isOneThing(kind) ? JOB_STATE_WORDS.failed : JOB_STATE_WORDS[state];
}

/** The tabs of a queue in their order. */
export function tabStates(kind: ConnectionKind | undefined): readonly JobState[] {
  return isOneThing(kind) ? ORDER.filter((state) => state !== "failed") : ORDER;
}

/** The state in the URL, or where to look first. */
export function jobStateOf(text: string | null, kind?: ConnectionKind): JobState {
  const state = ORDER.find((each) => each === text) ?? "waiting";
  return state === "failed" && isOneThing(kind) ? "dead" : state;
}
