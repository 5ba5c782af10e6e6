/** Where a run spent its time: five phases, in the order in which they happen. Pure. */
import type { ReadingTimings } from "./probes/reading.ts";
import type { Phases } from "./schema.ts";

/** Milliseconds of each phase; null for those that a run did not have, and null as a whole when nothing was timed. */
export function phasesOf(timings: ReadingTimings | undefined): Phases | null {
  if (!timings) return null;
  const { resolveMs, connectMs, tlsMs, firstByteMs, totalMs } = timings;
  const known = [resolveMs, connectMs, tlsMs, firstByteMs].reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  return { resolveMs, connectMs, tlsMs, firstByteMs, bodyMs: firstByteMs === null ? null : Math.max(0, totalMs - known) };
}

/** The phases as the column `phases_ms` holds them. */
export function toColumn(phases: Phases | null): string | null {
  if (!phases) return null;
  const { resolveMs, connectMs, tlsMs, firstByteMs, bodyMs } = phases;
  return `{${[resolveMs, connectMs, tlsMs, firstByteMs, bodyMs].map((ms) => (ms === null ? "NULL" : ms.toFixed(2))).join(",")}}`;
}

/** The phases of a column's value. */
export function fromColumn(column: readonly (number | null)[] | null): Phases | null {
  if (!column) return null;
  const [resolveMs = null, connectMs = null, tlsMs = null, firstByteMs = null, bodyMs = null] = column;
  return { resolveMs, connectMs, tlsMs, firstByteMs, bodyMs };
}
