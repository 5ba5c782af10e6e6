/** What a pull request is told: the verdict first, then figures, then what to do. */
import type { Range } from "./gates/patch.ts";
import { inPercent } from "./points.ts";
import { levelsOf, MEASURES, type Completeness, type GatePolicy, type Outcome, type Percentages, type Verdict } from "./schema/index.ts";

export type SummaryFacts = {
  service: string;
  commit: string;
  percent: Percentages;
  before: { commit: string; percent: Percentages } | null;
  gate: GatePolicy;
  verdict: Verdict;
  flags: Completeness;
  uncovered: readonly { path: string; uncovered: readonly Range[] }[];
};

const HEADLINES: Record<Outcome, string> = {
  pass: "Coverage gate: passes",
  warn: "Coverage gate: passes with a warning",
  fail: "Coverage gate: fails",
  incomplete: "Coverage gate: incomplete, uploads are missing",
  unknown: "Coverage gate: unknown",
};
const MARKS: Record<Outcome, string> = { pass: "✅", warn: "⚠️", fail: "❌", incomplete: "⏳", unknown: "❔" };
/** Files and lines listed; a comment is read in a minute. */
const MOST_FILES = 20;

/** Nothing from outside may become Markdown or HTML. */
const plain = (text: string) => text.replace(/[\\`*_{}[\]<>|#~]/g, (char) => `\\${char}`).replace(/\s+/g, " ");
const code = (text: string) => `\`${text.replaceAll("`", "'").replace(/\s+/g, " ").replaceAll("|", "\\|")}\``;

const signed = (points: number) => `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;

function table({ percent, before, gate }: SummaryFacts): string[] {
  const rows = MEASURES.flatMap((measure) => {
    const value = percent[measure];
    if (value === null) return [];
    const was = before?.percent[measure] ?? null;
    return [`| ${measure} | ${inPercent(value)} | ${was === null ? "–" : signed(value - was)} | ${levelsOf(gate, measure).target} % |`];
  });
  return ["| measure | now | change | target |", "| --- | ---: | ---: | ---: |", ...rows];
}

const rangeText = ({ from, to }: Range) => (from === to ? String(from) : `${from}–${to}`);

/** The summary as Markdown, ready to be posted. */
export function summaryMarkdown(facts: SummaryFacts): string {
  const { service, commit, before, verdict, uncovered } = facts;
  const reasons = verdict.findings.filter(({ outcome }) => outcome !== "pass").map(({ outcome, text }) => `- ${MARKS[outcome]} ${plain(text)}`);
  const open = uncovered.slice(0, MOST_FILES).map(({ path, uncovered: ranges }) => `- ${code(path)}: ${ranges.map(rangeText).join(", ")}`);
  return [
    `### ${MARKS[verdict.outcome]} ${HEADLINES[verdict.outcome]}`,
    "",
    `${plain(service)} at ${code(commit.slice(0, 7))}${before ? `, compared with ${code(before.commit.slice(0, 7))}` : ""}.`,
    "",
    ...table(facts),
    ...(reasons.length > 0 ? ["", ...reasons] : []),
    ...(open.length > 0 ? ["", "Added lines that no test reaches:", "", ...open] : []),
    "",
  ].join("\n");
}
