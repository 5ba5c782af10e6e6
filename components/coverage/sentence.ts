/** How coverage stands, in one sentence. */
import type { CoverageDetail, CoverageSummary, Outcome } from "../../server/coverage/schema/index.ts";
import type { Standing } from "../data/standing.ts";
import { plural } from "../data/format.ts";
import { OUTCOME_STATES } from "./words.ts";

const LEADS: Record<Outcome, string> = {
  pass: "The gate passes.",
  warn: "The gate passes with a warning:",
  fail: "The gate fails:",
  incomplete: "The gate is incomplete:",
  unknown: "Nothing is known:",
};

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** The verdict, its first reason, and the second. */
export function detailStanding({ latest, name }: Pick<CoverageDetail, "latest" | "name">): Standing {
  if (!latest) return { tone: "unknown", lead: "No report has arrived yet,", rest: `so the coverage of ${name} is unknown and earns no points.` };
  const { outcome, findings } = latest.verdict;
  const reasons = findings.filter((finding) => finding.outcome === outcome && finding.outcome !== "pass").map(({ text }) => text);
  const [first, second] = reasons;
  if (!first) return { tone: OUTCOME_STATES[outcome], lead: LEADS[outcome], rest: "Every level is reached." };
  return { tone: OUTCOME_STATES[outcome], lead: `${LEADS[outcome]} ${lower(first)}`, rest: second ?? "" };
}

/** All services together. */
export function listStanding({ services, outcomes }: Pick<CoverageSummary, "services" | "outcomes">): Standing {
  if (services === 0) return { tone: "unknown", lead: "No report has arrived yet,", rest: "so coverage is unknown and earns no points." };
  const of = services === 1 ? "the one service" : plural(services, "service");
  if (outcomes.fail > 0) return { tone: "fail", lead: `${plural(outcomes.fail, "gate")} of ${of} ${outcomes.fail === 1 ? "fails" : "fail"}.`, rest: outcomes.incomplete > 0 ? `${outcomes.incomplete} more ${outcomes.incomplete === 1 ? "waits" : "wait"} for uploads.` : "" };
  if (outcomes.incomplete > 0) return { tone: "stale", lead: `${plural(outcomes.incomplete, "gate")} of ${of} ${outcomes.incomplete === 1 ? "waits" : "wait"} for uploads.`, rest: "What is missing is carried forward and counts as no fall." };
  if (outcomes.warn > 0) return { tone: "warn", lead: `All gates pass, ${outcomes.warn} with a warning.`, rest: "" };
  return { tone: "ok", lead: services === 1 ? "The one gate passes." : `All ${services} gates pass.`, rest: "" };
}
