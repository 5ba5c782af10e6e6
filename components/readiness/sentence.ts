/** How ready things are, in one sentence: the answer, then the reason. Pure. */
import { CAP } from "../../server/readiness/schema/cap.ts";
import type { FleetSummary, Scorecard } from "../../server/readiness/schema/index.ts";
import { plural } from "../data/format.ts";
import type { Standing } from "../data/standing.ts";
import { isHeldBack } from "./words.ts";

/** The first line of a scorecard. */
export function scorecardStanding(card: Scorecard): Standing {
  const held = card.lines.filter(isHeldBack);
  const first = held[0];
  if (first) {
    const lead = card.isCapped ? `Not ready: ${Math.floor(card.earned)} points earned, capped at ${CAP} by ${plural(held.length, "blocking rule")}.` : `Not ready: ${plural(held.length, "blocking rule")} ${held.length === 1 ? "does" : "do"} not hold.`;
    return { tone: "warn", lead, rest: `To mend first: “${first.title}” ${first.outcome === "unknown" ? "is unknown" : "does not hold"}: ${first.value}. The goal is ${card.goal}.` };
  }
  if (card.score < card.goal) return { tone: "warn", lead: `Nearly ready: ${card.score} of ${card.goal} points.`, rest: "Nothing blocks; the goal is not reached yet." };
  return { tone: "ok", lead: `Ready: ${card.score} points.`, rest: `Nothing blocks and the goal of ${card.goal} is reached.` };
}

/** The first line of the list. */
export function fleetStanding(fleet: FleetSummary): Standing {
  if (fleet.score === null) return { tone: "unknown", lead: "Nothing is scored yet.", rest: "Scores appear within minutes of the first service." };
  const held = fleet.heldBack > 0 ? `${plural(fleet.heldBack, "service")} of tier 1 ${fleet.heldBack === 1 ? "is" : "are"} held back by a blocking rule.` : "No service of tier 1 is held back.";
  if (fleet.isCapped) return { tone: "warn", lead: `Not ready: ${Math.floor(fleet.earned ?? 0)} points earned, capped at ${CAP}.`, rest: held };
  if (fleet.score < fleet.goal) return { tone: "warn", lead: `Not ready: ${fleet.score} of ${fleet.goal} points.`, rest: held };
  return { tone: fleet.heldBack > 0 ? "warn" : "ok", lead: `${fleet.heldBack > 0 ? "Goal reached" : "Ready"}: ${fleet.score} points.`, rest: held };
}
