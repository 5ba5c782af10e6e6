/** What may be done to jobs in which state, and what it is called. Pure. */
import type { ConnectionKind, JobOperation, JobState, QueueDetail } from "../../server/queues/schema/index.ts";

export type Abilities = QueueDetail["can"];

const BY_STATE: Record<JobState, readonly JobOperation[]> = {
  waiting: ["changePriority", "moveToDead", "discard"],
  delayed: ["promote", "changePriority", "moveToDead", "discard"],
  active: [],
  failed: ["retry", "moveToDead", "discard"],
  dead: ["redrive", "discard"],
  completed: ["discard"],
};

/** What is done to failed work first stands first. */
export function operationsFor(state: JobState): readonly JobOperation[] {
  return BY_STATE[state];
}

/** Operations that the system has for jobs of this state. */
export function possible(state: JobState, can: Abilities): JobOperation[] {
  return operationsFor(state).filter((operation) => can[operation] === true);
}

const WORDS: Record<JobOperation, string> = { retry: "Retry", promote: "Start now", discard: "Discard", moveToDead: "Move to dead letters", changePriority: "Change priority", redrive: "Send back" };

/** The word on its button. In the own queue a dead letter is the failed job itself, so sending it back is a retry. */
export function operationWord(operation: JobOperation, kind: ConnectionKind | undefined): string {
  return kind === "own" && operation === "redrive" ? "Retry" : WORDS[operation];
}

const DONE: Record<JobOperation, string> = {
  retry: "The job runs again",
  promote: "The job may start now",
  discard: "The job is gone",
  moveToDead: "The job is with the dead letters",
  changePriority: "The priority is changed",
  redrive: "The job is back in its queue",
};

export const doneWord = (operation: JobOperation): string => DONE[operation];

/** Why something is absent here: one sentence an operation that the system has not. */
export function absences(state: JobState, can: Abilities): string[] {
  return operationsFor(state).flatMap((operation) => {
    const ability = can[operation];
    return typeof ability === "string" ? [`${WORDS[operation]}: ${ability}`] : [];
  });
}
