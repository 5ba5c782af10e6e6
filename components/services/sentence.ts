/** How all services stand, in one sentence. Pure. */
import type { ServicesSummary } from "../../server/services/schema.ts";
import { formatCount, plural } from "../data/format.ts";
import type { Standing } from "../data/standing.ts";

/** "1 service is down, 2 are degraded." with the worst one's reason; never green while something is unknown. */
export function standingOf({ counts, worst }: Pick<ServicesSummary, "counts" | "worst">): Standing {
  const { all, up, degraded, down, unknown } = counts;
  if (all === 0) return { tone: "unknown", lead: "Nothing is watched yet.", rest: "" };
  const trouble = clauses([
    [down, "down"],
    [degraded, "degraded"],
  ]);
  const others = [up > 0 ? `${formatCount(up)} ${up === 1 ? "is" : "are"} OK` : "", unknown > 0 ? `${formatCount(unknown)} ${unknown === 1 ? "is" : "are"} unknown` : ""].filter((part) => part !== "").join(" and ");
  if (trouble !== "") {
    const first = worst[0];
    const cause = first?.stateReason ? `${first.name}: ${endSentence(first.stateReason)}` : "";
    return { tone: down > 0 ? "fail" : "warn", lead: `${trouble}.`, rest: [cause, others ? `${others}.` : ""].filter((part) => part !== "").join(" ") };
  }
  if (unknown > 0) return { tone: "unknown", lead: `${plural(unknown, "service")} ${unknown === 1 ? "has" : "have"} no known state.`, rest: up > 0 ? `${formatCount(up)} ${up === 1 ? "is" : "are"} OK.` : "", growsOld: true };
  return { tone: "ok", lead: all === 1 ? "The one service watched is OK." : `All ${plural(all, "service")} are OK.`, rest: "" };
}

function clauses(parts: readonly (readonly [number, string])[]): string {
  const said = parts.filter(([count]) => count > 0);
  return said.map(([count, word], index) => (index === 0 ? `${plural(count, "service")} ${count === 1 ? "is" : "are"} ${word}` : `${formatCount(count)} ${count === 1 ? "is" : "are"} ${word}`)).join(", ");
}

/** Closes a reason with a full stop unless it has its own end. */
export function endSentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
