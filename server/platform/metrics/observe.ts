/** Feeds the process's registry with procedure calls: the route label of everything that travels over tRPC. */
import { instruments } from "./registry.ts";

const MS_PER_SECOND = 1_000;

/** One finished call; `path` is the procedure's name, e.g. "services.list". */
export type ProcedureObservation = { path: string; type: string; code: string; durationMs: number };

/** Counts the call and its time. */
export function observeProcedure(seen: ProcedureObservation): void {
  instruments().procedures.observe({ procedure: seen.path, type: seen.type, code: seen.code }, seen.durationMs / MS_PER_SECOND);
}
