/**
 * Turns for what takes much memory and a thread: at most two password hashes run at once in a process, so a burst of
 * sign-ins cannot take its memory or all threads; a long line is refused.
 */
import { AppError } from "../errors.ts";

export const MAX_AT_ONCE = 2;
/** About three seconds of waiting. */
export const MAX_WAITING = 100;

type Gate = { running: number; waiting: (() => void)[] };
const holder = globalThis as { seaworthyHashGate?: Gate };

/** Does `work` in its turn, first come, first served. Throws `unavailable` when too many wait. */
export async function takeTurn<T>(work: () => Promise<T>): Promise<T> {
  const gate = (holder.seaworthyHashGate ??= { running: 0, waiting: [] });
  if (gate.running >= MAX_AT_ONCE) {
    if (gate.waiting.length >= MAX_WAITING) throw new AppError("unavailable", "Too many people sign in at this moment. Try again in a few seconds.");
    await new Promise<void>((resolve) => gate.waiting.push(resolve));
  } else {
    gate.running += 1;
  }
  try {
    return await work();
  } finally {
    const next = gate.waiting.shift();
    if (next) next();
    else gate.running -= 1;
  }
}
