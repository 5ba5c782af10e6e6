/** The figures of breakers: state by dependency as 0 closed, 1 open, 2 half-open, and outcomes of calls. */
import { Counter, Gauge } from "prom-client";
import { instruments } from "../metrics/registry.ts";
import type { Phase } from "./circuit.ts";
import { PHASE_CODE } from "./circuit.ts";

type Figures = { failures: Counter<"service">; successes: Counter<"service"> };

/** What every bundle of this process knows of breakers: the phase by dependency. */
type Known = { phases: Map<string, Phase>; figures: Figures | null };

/** The limiter keeps its own gate before Redis; it is shown like a breaker. */
type SharedCounts = { storeState: () => "process" | "shared" | "shared-away" };

const holder = globalThis as { seaworthyBreakers?: Known; seaworthyLimiter?: SharedCounts };

function known(): Known {
  holder.seaworthyBreakers ??= { phases: new Map(), figures: null };
  return holder.seaworthyBreakers;
}

function createFigures(): Figures {
  const registers = [instruments().registry];
  const state: Gauge<"service"> = new Gauge({
    name: "circuit_breaker_state",
    help: "Breaker of a dependency of the console: 0 closed, 1 open, 2 half-open.",
    labelNames: ["service"] as const,
    // One process that sees it open is enough to show it open.
    aggregator: "max",
    registers,
    collect: () => {
      for (const [service, phase] of breakerPhases()) state.set({ service }, PHASE_CODE[phase]);
    },
  });
  return {
    failures: new Counter({ name: "circuit_breaker_failures_total", help: "Calls of a dependency that failed.", labelNames: ["service"] as const, registers }),
    successes: new Counter({ name: "circuit_breaker_successes_total", help: "Calls of a dependency that succeeded.", labelNames: ["service"] as const, registers }),
  };
}

function figures(): Figures {
  const own = known();
  own.figures ??= createFigures();
  return own.figures;
}

/** Remembers the phase for the gauge and for health. */
export function showPhase(service: string, phase: Phase): void {
  figures();
  known().phases.set(service, phase);
}

export function countOutcome(service: string, isFailure: boolean): void {
  (isFailure ? figures().failures : figures().successes).inc({ service });
}

/** The phase of every dependency that this process called, by name. */
export function breakerPhases(): Map<string, Phase> {
  const phases = new Map(known().phases);
  const counts = holder.seaworthyLimiter?.storeState() ?? "process";
  if (counts !== "process") phases.set("redis", counts === "shared" ? "closed" : "open");
  return phases;
}
