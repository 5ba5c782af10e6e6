/**
 * Facts about other processes by id. A process id alone may be reused, so a recorded process is its id plus its start
 * time (Linux, from /proc); elsewhere the id must do. A zombie counts as dead: containers often have nobody to reap it.
 */
import fs from "node:fs";

/** Fields after the parenthesised name in /proc/<pid>/stat: state is the 1st, start time the 20th (proc(5) fields 3 and 22). */
const STATE_FIELD = 0;
const START_FIELD = 19;

function statFields(pid: number): string[] | null {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null; // no /proc on this system, or the process is gone
  }
}

/** True when a process with this id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return statFields(pid)?.[STATE_FIELD] !== "Z";
}

/** When the process started, in clock ticks since boot, as text; null where the system does not say. */
export function startTimeOf(pid: number): string | null {
  return statFields(pid)?.[START_FIELD] ?? null;
}

/** The working directory of a process, or null where the system does not say. */
export function workingDirOf(pid: number): string | null {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null; // no /proc, no right to look, or the process is gone
  }
}

/** Resolves true as soon as `isDone` holds, false when it does not within the time. */
export async function until(isDone: () => boolean, timeoutMs: number): Promise<boolean> {
  const POLL_MS = 10;
  const deadline = performance.now() + timeoutMs;
  while (!isDone()) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
