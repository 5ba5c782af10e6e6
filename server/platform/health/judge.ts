/**
 * The health of the console as one document, and the pure rules that make it: a critical part that is down makes it
 * unhealthy, everything up makes it healthy, anything else makes it degraded. Degraded still serves.
 */

export type CheckStatus = "up" | "degraded" | "down";

export type CheckResult = {
  status: CheckStatus;
  responseTimeMs: number;
  /** One sentence for operators; never shown to anonymous callers. */
  error?: string;
  /** Figures and facts; never shown to anonymous callers. */
  detail?: Record<string, number | string | boolean | null>;
};

export type HealthStatus = "healthy" | "degraded" | "unhealthy";

export type HealthDocument = {
  status: HealthStatus;
  /** ISO 8601, UTC. */
  timestamp: string;
  /** Whole seconds since the process started. */
  uptime: number;
  version: string;
  /** While the database is away and last known facts are shown in its place. */
  mode?: "read-only";
  checks: Record<string, CheckResult>;
};

/** Parts without which the console cannot serve. */
export const CRITICAL_CHECKS: ReadonlySet<string> = new Set(["database", "queue"]);

/** The overall state of some checks. No checks at all is healthy: the process answers. */
export function judge(checks: Record<string, Pick<CheckResult, "status">>, critical: ReadonlySet<string> = CRITICAL_CHECKS): HealthStatus {
  const entries = Object.entries(checks);
  if (entries.some(([name, check]) => check.status === "down" && critical.has(name))) return "unhealthy";
  return entries.every(([, check]) => check.status === "up") ? "healthy" : "degraded";
}

/** What the database carries: down with it, and not worse than it. */
const NOTHING_CRITICAL: ReadonlySet<string> = new Set();

/** The state of the console: with facts to show in its place, a database that is away makes it read-only, not useless. */
export function judgeConsole(checks: Record<string, Pick<CheckResult, "status">>, hasLastKnown: boolean): Pick<HealthDocument, "status" | "mode"> {
  const isReadOnly = hasLastKnown && checks.database?.status === "down";
  return isReadOnly ? { status: judge(checks, NOTHING_CRITICAL), mode: "read-only" } : { status: judge(checks) };
}

/** True when traffic may be sent here: degraded optional parts do not take an instance out. */
export function isReady(document: Pick<HealthDocument, "status">): boolean {
  return document.status !== "unhealthy";
}

/** What anyone may see: states and times, no causes, figures or versions of what lies below. */
export function publicView(document: HealthDocument): HealthDocument {
  const checks = Object.entries(document.checks).map(([name, { status, responseTimeMs }]) => [name, { status, responseTimeMs }] as const);
  return { ...document, checks: Object.fromEntries(checks) };
}
