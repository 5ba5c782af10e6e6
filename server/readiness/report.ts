/** Writes the pre-production review: a verdict, the areas, what does not hold, and what people decided. Pure. */
import { CAP, CATEGORY_LABELS, type ChangeRow, type Checklist, type Line, type Milestone, type Risk, type Scorecard, type ScorePoint, type Waiver, type Workstream } from "./schema/index.ts";

export type ReportFacts = {
  card: Scorecard;
  history: readonly ScorePoint[];
  changes: readonly ChangeRow[];
  waivers: readonly Waiver[];
  checklists: readonly Checklist[];
  risks: readonly Risk[];
  workstreams: readonly Workstream[];
  milestones: readonly Milestone[];
  deferred: readonly { title: string; reason: string; phase: string; lookAgainOn: Date | null }[];
};

/** Version of the JSON form; raised when a field changes its meaning. */
const REPORT_VERSION = 1;

/** The verdict in one sentence. */
export function verdictOf(card: Pick<Scorecard, "score" | "goal" | "blocking" | "isCapped" | "earned">): { isReady: boolean; words: string } {
  const held = card.blocking === 1 ? "one blocking rule does not hold" : `${card.blocking} blocking rules do not hold`;
  if (card.blocking > 0) return { isReady: false, words: `Not ready: ${held}${card.isCapped ? `, which caps the ${Math.floor(card.earned)} points earned at ${CAP}` : ""}.` };
  if (card.score < card.goal) return { isReady: false, words: `Not ready: ${card.score} of the ${card.goal} points that are asked.` };
  return { isReady: true, words: `Ready: ${card.score} points, and nothing that blocks.` };
}

const cell = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/[\r\n]+/g, " ");
const day = (date: Date): string => date.toISOString().slice(0, 10);
const moment = (date: Date): string => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
const figure = (value: number): string => String(Number(value.toFixed(1)));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return ["None.", ""];
  return [`| ${head.join(" | ")} |`, `| ${head.map(() => "---").join(" | ")} |`, ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`), ""];
}

const answerOf = (line: Line): string => (line.isWaived ? "waived" : line.outcome);

function ruleRows(lines: readonly Line[]): string[][] {
  return lines.map((line) => [answerOf(line), `${line.title}${line.isBlocking ? " (blocking)" : ""}`, line.value, line.target, line.evidence ? line.evidence.label : "no evidence", line.observedAt ? moment(line.observedAt) : "never", `${figure(line.earned)} of ${figure(line.points)}`]);
}

const RULE_HEAD = ["Answer", "Rule", "Found", "Asked", "Evidence", "Seen", "Points"];

function headPart({ card, history }: ReportFacts): string[] {
  const previous = history.findLast((point) => point.score !== card.score);
  return [
    `# Pre-production review: ${card.name}`,
    "",
    `As of ${moment(card.evaluatedAt)}. Tier ${card.tier}, ${card.environment}, owner ${card.owner || "nobody"}.`,
    "",
    `**${verdictOf(card).words}**`,
    "",
    `Score **${card.score}** of 100${previous ? ` (was ${previous.score} from ${day(previous.at)})` : ""}, level **${card.level}**, goal ${card.goal}.`,
    "",
    "## Areas",
    "",
    ...table(["Area", "Points", "Fail", "Unknown", "Stale", "Rules"], card.categories.map((area) => [CATEGORY_LABELS[area.category], `${figure(area.earned)} of ${figure(area.points)}`, String(area.fail), String(area.unknown), String(area.stale), String(area.rules)])),
  ];
}

function decisionsPart({ waivers, checklists }: ReportFacts): string[] {
  return [
    "## Waivers",
    "",
    ...table(["State", "Rule", "Reason", "Asked by", "Decided by", "Ends"], waivers.map((waiver) => [waiver.state === "inForce" ? "in force" : waiver.state, waiver.title, waiver.reason, waiver.requestedBy, waiver.decidedBy ?? "nobody yet", day(waiver.expiresAt)])),
    "## Questions",
    "",
    ...(checklists.length === 0 ? ["No list was adopted.", ""] : checklists.flatMap((list) => [
      `### ${list.name}, ${list.done} of ${list.total}`,
      "",
      ...table(["Answer", "Question", "By", "Note"], list.items.map((item) => [item.measured ?? item.answer ?? "open", item.title, item.measured ? "measured" : (item.reviewer ?? "nobody yet"), `${item.note}${item.isDisputed ? " (the evidence disagrees)" : ""}${item.evidenceUrl ? ` ${item.evidenceUrl}` : ""}`])),
    ])),
  ];
}

function planPart({ risks, workstreams, milestones, deferred, changes }: ReportFacts): string[] {
  return [
    "## Risks",
    "",
    ...table(["Risk", "Area", "Likelihood", "Impact", "Was", "Is", "Target", "Mitigation"], risks.map((risk) => [risk.title, CATEGORY_LABELS[risk.category], risk.likelihood, risk.impact, risk.previous, risk.current, risk.targetKind === "quality" ? `${risk.target} quality` : risk.target, risk.mitigation])),
    "## Work",
    "",
    ...table(["Priority", "Workstream", "State", "Progress"], workstreams.map((work) => [work.priority, work.name, `${work.state}${work.isDisputed ? " (rules disagree)" : ""}`, work.progress === null ? "not measured" : `${work.held} of ${work.total}`])),
    ...table(["Milestone", "Due", "Goal", "State"], milestones.map((milestone) => [milestone.name, day(milestone.dueOn), String(milestone.goal), milestone.isReached ? "reached" : milestone.isLate ? "late" : "open"])),
    "## Put off",
    "",
    ...table(["What", "Why", "Phase", "Look again"], deferred.map((row) => [row.title, row.reason, row.phase, row.lookAgainOn ? day(row.lookAgainOn) : ""])),
    "## What changed",
    "",
    ...table(["Date", "Rule", "From", "To", "Points", "Why"], changes.map((change) => [moment(change.at), change.title, change.from ?? "", change.to ?? "", figure(change.points), change.why])),
  ];
}

/** The review as Markdown. */
export function reportMarkdown(facts: ReportFacts): string {
  const open = facts.card.lines.filter((line) => line.outcome !== "pass" && !line.isWaived);
  const held = facts.card.lines.filter((line) => line.outcome === "pass" || line.isWaived);
  return [...headPart(facts), "## What does not hold", "", ...table(RULE_HEAD, ruleRows(open)), "## What holds", "", ...table(RULE_HEAD, ruleRows(held)), ...decisionsPart(facts), ...planPart(facts)].join("\n");
}

/** The review as data. */
export function reportData(facts: ReportFacts): object {
  return { version: REPORT_VERSION, kind: "seaworthy.readiness-report", at: facts.card.evaluatedAt, verdict: verdictOf(facts.card), ...facts };
}
