/**
 * Whether this tab is live. Paused means that nothing on screen changes by itself: no event, no poll, no refetch on
 * focus; what the operator asks for still loads. Kept in memory: a reload is live again.
 */
import { focusManager } from "@tanstack/react-query";

/** `connecting` also covers a dropped stream that is being restored, and a server whose database is away. */
export type LiveState = "live" | "connecting" | "paused";

let paused = false;
let connected = false;
let away = false;
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) listener();
}

export function isPaused(): boolean {
  return paused;
}

/** Pauses or resumes. A query client polls and refreshes only while it believes in focus, so that is the switch. */
export function setPaused(next: boolean): void {
  paused = next;
  focusManager.setFocused(next ? false : undefined);
  changed();
}

/** Told by the subscription. */
export function setConnected(next: boolean): void {
  if (connected === next) return;
  connected = next;
  changed();
}

/** Told by what the pages receive: the stream may stand while there is nothing new to hear. */
export function setAway(next: boolean): void {
  if (away === next) return;
  away = next;
  changed();
}

export function liveState(): LiveState {
  if (paused) return "paused";
  return connected && !away ? "live" : "connecting";
}

export function subscribeLive(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
