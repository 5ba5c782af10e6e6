/** How one service stands, in a sentence. Pure. */
import type { ServiceDetail } from "../../server/services/schema.ts";
import { formatClock, formatDay, plural } from "../data/format.ts";
import type { State as Tone } from "../data/status.tsx";
import { endSentence } from "./sentence.ts";
import { TONES } from "./states.ts";

type Facts = Pick<ServiceDetail, "state" | "stateSince" | "stateReason" | "archivedAt"> & {
  checks: readonly Pick<ServiceDetail["checks"][number], "state" | "pausedAt">[];
};

/** "Down since 06:48, connection refused." and how many of its checks say so. */
export function detailSentence(service: Facts): { tone: Tone; lead: string; rest?: string } {
  const tone = TONES[service.state];
  if (service.archivedAt) return { tone: "unknown", lead: "Archived, so nobody watches it.", rest: "Its history is kept; restore it to run its checks again." };
  if (service.checks.length === 0) return { tone, lead: "No checks yet, so nobody knows how it is.", rest: "Add one to watch it." };
  const active = service.checks.filter((check) => !check.pausedAt);
  if (active.length === 0) return { tone, lead: "All checks are paused, so nobody knows how it is." };
  if (service.state === "up") {
    return { tone, lead: active.length === 1 ? "Its check passes" : `All ${plural(active.length, "check")} pass`, rest: `since ${instant(service.stateSince)}.` };
  }
  const bad = active.filter((check) => check.state === service.state).length;
  const word = { down: "Down", degraded: "Degraded", unknown: "Unknown" }[service.state];
  const verb = { down: "fail", degraded: "are slow or warn", unknown: "have no fresh result" }[service.state];
  const lead = `${word} since ${instant(service.stateSince)}${service.stateReason ? `: ${endSentence(service.stateReason)}` : "."}`;
  return { tone, lead, rest: active.length > 1 ? `${bad} of ${active.length} checks ${verb}.` : undefined };
}

/** Today's clock would need the time of day; the date is always right. */
function instant(at: Date): string {
  return `${formatClock(at, false)} UTC, ${formatDay(at)}`;
}
