/** The breakers of this process's dependencies: closed is up, anything else degraded (C28). */
import { breakerPhases } from "../breaker/figures.ts";
import type { Phase } from "../breaker/circuit.ts";
import type { Finding } from "./run-check.ts";

/** Judges phases by dependency. */
export function judgeBreakers(phases: ReadonlyMap<string, Phase>): Finding {
  const detail = Object.fromEntries([...phases].map(([name, phase]) => [name, phase === "half-open" ? "trying again" : phase]));
  const resting = [...phases].filter(([, phase]) => phase !== "closed").map(([name]) => name);
  if (resting.length === 0) return { status: "up", detail };
  return { status: "degraded", error: `${resting.join(", ")} failed several times and is called again only now and then.`, detail };
}

export const breakerCheck = (): Finding => judgeBreakers(breakerPhases());
