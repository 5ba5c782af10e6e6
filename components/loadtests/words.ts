/** How runs are said and shown. Pure. */
import type { Delta, Format, LoadSummary, Profile, RunDetail, Verdict } from "../../server/loadtests/schema.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { formatCount, formatNumber, formatPercent, plural } from "../data/format.ts";
import type { Standing } from "../data/standing.ts";
import type { State } from "../data/status.tsx";

export const VERDICT_TONES: Record<Verdict, State> = { passed: "ok", failed: "fail", empty: "unknown" };
export const VERDICT_WORDS: Record<Verdict, string> = { passed: "Passed", failed: "Failed", empty: "Empty" };
export const DELTA_TONES: Record<Delta["verdict"], State> = { better: "ok", same: "ok", worse: "fail", absent: "fail", few: "unknown" };
export const DELTA_WORDS: Record<Delta["verdict"], string> = { better: "Better", same: "Same", worse: "Worse", absent: "Absent", few: "Too few" };

export const PROFILE_WORDS: Record<Profile, string> = {
  smoke: "10 users",
  basic: "100 users for minutes",
  soak: "100 users for hours",
  spike: "500 users at once",
  stress: "1,000 users",
  extreme: "1,000 requests a second within 10 s",
  custom: "as the script says",
};

export const FORMAT_WORDS: Record<Format, string> = {
  "k6-summary": "k6 handleSummary",
  "k6-export": "k6 summary export",
  "k6-machine": "k6 machine-readable summary",
  "k6-stream": "k6 JSON stream",
  autocannon: "autocannon",
  artillery: "Artillery",
};

export const METRIC_WORDS: Record<string, string> = { p50: "p50", p90: "p90", p95: "p95", p99: "p99", avg: "Average", errorRate: "Failed share", rate: "Requests a second" };

export const rateWords = (rate: number | null): string => (rate === null ? "–" : `${formatNumber(rate, rate < 10 ? 1 : 0)}/s`);

/** A figure of a comparison with its unit. */
export function figureWords(metric: string, value: number | null): string {
  if (value === null) return "not told";
  if (metric === "errorRate") return formatPercent(value);
  return metric === "rate" ? rateWords(value) : formatMilliseconds(value);
}

/** The first line of the list. */
export function summaryStanding(summary: LoadSummary): Standing {
  if (summary.runs === 0) return { tone: "unknown", lead: "Nothing was load tested yet.", rest: "Push the first report of k6, autocannon or Artillery." };
  const proven = summary.highest ? `Most proven: ${summary.highest.profile}, ${formatCount(summary.highest.users)} users, on ${summary.highest.serviceName}.` : "No profile passed within half a year.";
  if (summary.failed > 0) return { tone: "fail", lead: `${plural(summary.failed, "scenario")} ${summary.failed === 1 ? "does" : "do"} not pass.`, rest: proven };
  if (summary.regressions > 0) return { tone: "warn", lead: `${plural(summary.regressions, "scenario")} ${summary.regressions === 1 ? "is" : "are"} worse than the baseline.`, rest: proven };
  return { tone: "ok", lead: "Every scenario passes.", rest: proven };
}

/** The head of a run's page: whose run it is, and how it stands. */
export function runHead(run: RunDetail): { title: string; sentence: Standing } {
  return { title: `${run.scenario} of ${run.serviceName}`, sentence: runStanding(run) };
}

function runStanding(run: RunDetail): Standing {
  if (run.verdict !== "passed") return { tone: VERDICT_TONES[run.verdict], lead: run.reasons[0] ?? "The run did not pass.", rest: run.reasons.length > 1 ? `And ${plural(run.reasons.length - 1, "more reason", "more reasons")} below.` : "" };
  if (run.comparison?.isRegression) return { tone: "warn", lead: "Passed, but worse than its baseline.", rest: "The comparison says by how much." };
  return { tone: "ok", lead: "Passed.", rest: `${formatCount(run.figures.requests)} requests, ${formatPercent(run.figures.errorRate)} failed.` };
}
