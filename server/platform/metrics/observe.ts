/** Feeds the process's Prometheus registry. */
export type ProcedureObservation = { path: string; type: string; code: string; durationMs: number };

export function observeProcedure(_seen: ProcedureObservation): void {}
