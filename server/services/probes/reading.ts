/**
 * The words of measuring: what a probe receives and what it returns. A verdict of `unknown` means that we could not
 * measure (our network, our policy, our stall); it never counts against the target.
 */
import type { Clock } from "../../platform/clock.ts";
import type { Outbound } from "../../platform/http/outbound.ts";

export type Verdict = "up" | "degraded" | "down" | "unknown";

/** One part of a target, as its own health document reports it. */
export type ComponentReading = {
  name: string;
  verdict: Verdict;
  detail: string | null;
  value?: number | null;
  unit?: string | null;
  observedAt: Date | null;
};

/** Milliseconds spent in each phase, where the phase exists. */
export type ReadingTimings = {
  resolveMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  firstByteMs: number | null;
  totalMs: number;
};

/** What one measurement found. */
export type Reading = {
  verdict: Verdict;
  /** Time to the complete answer; null when there was none. */
  latencyMs: number | null;
  /** One short, exact line: "200 in 34 ms", "connection refused". Holds no secret. */
  message: string;
  httpStatus?: number;
  certificateExpiresAt?: Date | null;
  components: ComponentReading[];
  timings?: ReadingTimings;
};

/** The console's own health document, as far as the self check reads it. */
export type SelfReport = {
  status: "healthy" | "degraded" | "unhealthy";
  checks: Record<string, { status: "up" | "down" | "degraded"; responseTimeMs?: number | null; error?: string | null; detail?: unknown }>;
};

/** What was heard of a job. `startedAt` is set while a run that said so has not ended. */
export type HeartbeatFacts = {
  createdAt: Date;
  succeededAt: Date | null;
  failedAt: Date | null;
  startedAt: Date | null;
  lastRunMs: number | null;
  lastNote: string;
};

/** What probes may touch. */
export type ProbeWorld = {
  http: Outbound;
  now: Clock;
  checkSelf: () => Promise<SelfReport>;
  /** What was heard at an address; null when no check has it. */
  readHeartbeat: (pingId: string) => Promise<HeartbeatFacts | null>;
};

export type ProbeLimits = {
  /** Time for everything, from resolving the name to the last byte. */
  timeoutMs: number;
  signal?: AbortSignal;
};

/** Measures a target once. May throw OutboundError, which `runProbe` turns into a reading. */
export type Probe<Config> = (world: ProbeWorld, config: Config, limits: ProbeLimits) => Promise<Reading>;

/** A reading without an answer. */
export function noAnswer(verdict: Verdict, message: string): Reading {
  return { verdict, latencyMs: null, message, components: [] };
}
