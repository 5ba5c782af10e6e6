/**
 * Heartbeats, as pure rules. A job pings when it is done; it may also ping when it starts and when it fails. Expected is
 * the next ping a period, or the next time of the schedule, after the last success. Late is degraded until the grace is
 * over, then it is down. A failure is down until the next success. Before the first ping nothing is known.
 */
import { nextRuns, readSchedule } from "../platform/cron.ts";
import type { CheckConfig, HeartbeatCheck } from "./check-config.ts";
import type { HeartbeatFacts, Reading, Verdict } from "./probes/reading.ts";

const MS = 1_000;

/**
 * Gives a heartbeat its address: the stored one, the wanted one, or a new one; checks its schedule. Other checks pass.
 * Throws AppError `invalid` for a line or a zone that does not exist.
 */
export function completeHeartbeat(config: CheckConfig, stored?: CheckConfig): CheckConfig {
  if (config.kind !== "heartbeat") return config;
  if (config.schedule !== undefined) readSchedule({ line: config.schedule, zone: config.timeZone });
  const kept = stored?.kind === "heartbeat" ? stored.pingId : undefined;
  return { ...config, pingId: kept ?? config.pingId ?? crypto.randomUUID() };
}

/** When the next ping is expected after `last`. */
export function expectedAfter(check: HeartbeatCheck, last: Date): Date {
  const [next] = check.schedule === undefined ? [] : nextRuns(readSchedule({ line: check.schedule, zone: check.timeZone }), last, 1);
  return next ?? new Date(last.getTime() + (check.periodSeconds ?? 0) * MS);
}

/** A span for people; a clock that went back makes none shorter than nothing. */
function words(span: number): string {
  const ms = Math.max(0, span);
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / MS)} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

const isAfter = (a: Date | null, b: Date | null): boolean => a !== null && (b === null || a > b);

function judge(check: HeartbeatCheck, facts: HeartbeatFacts, now: Date): { verdict: Verdict; message: string } {
  const graceMs = check.graceSeconds * MS;
  const { succeededAt, failedAt, startedAt, createdAt } = facts;
  const note = facts.lastNote ? `: ${facts.lastNote}` : "";
  if (isAfter(failedAt, succeededAt)) return { verdict: "down", message: `the job reported a failure${note}` };
  const runningMs = startedAt === null ? 0 : now.getTime() - startedAt.getTime();
  if (runningMs > graceMs) return { verdict: "down", message: `started ${words(runningMs)} ago and has not finished` };
  const expected = expectedAfter(check, succeededAt ?? createdAt);
  const lateMs = now.getTime() - expected.getTime();
  if (lateMs > graceMs) return { verdict: "down", message: succeededAt ? `no ping for ${words(now.getTime() - succeededAt.getTime())}` : "never pinged since it was added" };
  if (succeededAt === null) return { verdict: "unknown", message: "waiting for the first ping" };
  if (lateMs > 0) return { verdict: "degraded", message: `${words(lateMs)} late` };
  return { verdict: "up", message: `last ping ${words(now.getTime() - succeededAt.getTime())} ago` };
}

/** The reading that follows from what was heard. The latency is how long the last run took, when it said when it began. */
export function readHeartbeat(check: HeartbeatCheck, facts: HeartbeatFacts, now: Date): Reading {
  return { ...judge(check, facts, now), latencyMs: facts.lastRunMs, components: [] };
}
