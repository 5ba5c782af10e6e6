/** What the pre-production review says, from facts made by hand. */
import { describe, expect, test } from "vitest";
import { reportData, reportMarkdown, verdictOf, type ReportFacts } from "./report.ts";
import { DEFAULT_WEIGHTS, type Checklist, type Line, type Milestone, type Risk, type Workstream } from "./schema/index.ts";

const NOON = new Date("2026-03-04T12:00:00Z");
const revision = 1;

const line = (facts: Partial<Line>): Line => ({
  rule: "up", title: "It is up", why: "Because.", fix: "Start it.", category: "availability", severity: "critical", weight: 1, isBlocking: false,
  outcome: "pass", credit: 1, value: "up", target: "up", evidence: null, observedAt: null, isWaived: false, points: 10, earned: 10, ...facts,
});

const item = (facts: Partial<Checklist["items"][number]>): Checklist["items"][number] => ({
  item: "lint", list: "code", title: "Lint is clean", category: "testing", severity: "low", isBlocking: false, rule: null, answer: null, note: "", evidenceUrl: null,
  reviewer: null, answeredAt: null, expiresAt: null, isExpired: false, measured: null, isDisputed: false, revision, ...facts,
});

const risk = (facts: Partial<Risk>): Risk => ({
  id: "rsk_1", title: "One region", category: "availability", likelihood: "low", impact: "high", previous: "high", current: "medium", target: "low", targetKind: "risk",
  mitigation: "A second region", owner: "", distance: 1, closedAt: null, revision, updatedAt: NOON, updatedBy: "Maya", ...facts,
});

const work = (facts: Partial<Workstream>): Workstream => ({
  id: "wrk_1", name: "Backups", priority: "P0", state: "active", owner: "", phase: "", startsOn: null, endsOn: null, rules: [], note: "", held: 0, total: 0, progress: null, isDisputed: false, revision, ...facts,
});

const milestone = (facts: Partial<Milestone>): Milestone => ({ id: "mst_1", name: "Launch", dueOn: NOON, goal: 80, isDone: false, score: 70, isReached: false, isLate: false, isDisputed: false, revision, ...facts });

const facts = (changes: Partial<ReportFacts> = {}, card: Partial<ReportFacts["card"]> = {}): ReportFacts => ({
  card: {
    serviceId: "svc_1", name: "Harbour", slug: "harbour", tier: 1, environment: "production", owner: "", score: 79, earned: 91.26, isCapped: true, blocking: 1, level: "bronze", goal: 80,
    evaluatedAt: NOON, changedAt: NOON, weekAgo: null, isBadgePublic: false, nextLevel: null, categories: [{ category: "availability", points: 11, earned: 5.55, fail: 1, unknown: 0, stale: 2, rules: 7 }], lines: [], ...card,
  },
  history: [], changes: [], waivers: [], checklists: [], risks: [], workstreams: [], milestones: [], deferred: [], ...changes,
});

/** The text under a heading, up to the next one. */
const section = (text: string, title: string): string => text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? "";

test.each([
  [{ score: 79, goal: 80, blocking: 1, isCapped: true, earned: 91.9 }, false, "Not ready: one blocking rule does not hold, which caps the 91 points earned at 79."],
  [{ score: 60, goal: 80, blocking: 2, isCapped: false, earned: 60 }, false, "Not ready: 2 blocking rules do not hold."],
  [{ score: 79, goal: 80, blocking: 0, isCapped: false, earned: 79 }, false, "Not ready: 79 of the 80 points that are asked."],
  [{ score: 80, goal: 80, blocking: 0, isCapped: false, earned: 80 }, true, "Ready: 80 points, and nothing that blocks."],
])("%o is the verdict %s", (card, isReady, words) => {
  expect(verdictOf(card)).toEqual({ isReady, words });
});

describe("the Markdown", () => {
  test("begins with the verdict, the score before it and the areas", () => {
    const text = reportMarkdown(facts({ history: [{ at: new Date("2026-02-01T00:00:00Z"), score: 64, note: null, isStated: false }, { at: NOON, score: 79, note: null, isStated: false }] }));
    expect(text).toContain("As of 2026-03-04 12:00 UTC. Tier 1, production, owner nobody.");
    expect(text).toContain("Score **79** of 100 (was 64 from 2026-02-01), level **bronze**, goal 80.");
    expect(text).toContain("| Availability | 5.5 of 11 | 1 | 0 | 2 | 7 |");
  });

  test("leaves out a former score that there is not, and says None for empty parts", () => {
    const text = reportMarkdown(facts({}, { owner: "Team Quay" }));
    expect(text).toContain("owner Team Quay.");
    expect(text).toContain("Score **79** of 100, level");
    expect(section(text, "Risks")).toContain("None.");
    expect(section(text, "Questions")).toContain("No list was adopted.");
  });

  test("parts what holds from what does not; a waived rule holds, a cell keeps its column", () => {
    const lines = [
      line({ title: "A | B", outcome: "fail", isBlocking: true, value: "down\nsince noon", earned: 0, evidence: { label: "check", href: null, seen: [] }, observedAt: NOON }),
      line({ title: "Waived", outcome: "unknown", isWaived: true }),
      line({ title: "Held" }),
    ];
    const text = reportMarkdown(facts({}, { lines }));
    expect(section(text, "What does not hold")).toContain(String.raw`| fail | A \| B (blocking) | down since noon | up | check | 2026-03-04 12:00 UTC | 0 of 10 |`);
    expect(section(text, "What holds")).toContain("| waived | Waived | up | up | no evidence | never | 10 of 10 |");
    expect(section(text, "What holds")).toContain("| pass | Held |");
  });

  test("names who decided, and what nobody decided yet", () => {
    const waiver = { id: "wvr_1", serviceId: "svc_1", serviceName: "Harbour", slug: "harbour", rule: "up", title: "It is up", reason: "Moves.", state: "inForce" as const, requestedBy: "Noor", requestedById: "usr_1", requestedAt: NOON, expiresAt: NOON, decidedBy: "Maya", decidedAt: NOON, decisionNote: "", endedAt: null };
    const text = section(reportMarkdown(facts({ waivers: [waiver, { ...waiver, state: "asked", decidedBy: null }] })), "Waivers");
    expect(text).toContain("| in force | It is up | Moves. | Noor | Maya | 2026-03-04 |");
    expect(text).toContain("| asked | It is up | Moves. | Noor | nobody yet | 2026-03-04 |");
  });

  test("answers questions by rule, by person, or not yet", () => {
    const items = [
      item({ measured: "pass" }),
      item({ answer: "yes", reviewer: "Noor", note: "Run 7", isDisputed: true, evidenceUrl: "https://ci.example/7" }),
      item({ title: "Open one" }),
    ];
    const text = section(reportMarkdown(facts({ checklists: [{ list: "code", name: "Code", about: "", total: 3, done: 2, isAdopted: true, items }] })), "Questions");
    expect(text).toContain("### Code, 2 of 3");
    expect(text).toContain("| pass | Lint is clean | measured |  |");
    expect(text).toContain("| yes | Lint is clean | Noor | Run 7 (the evidence disagrees) https://ci.example/7 |");
    expect(text).toContain("| open | Open one | nobody yet |  |");
  });

  test("lists risks, work, milestones, what is put off and what changed", () => {
    const text = reportMarkdown(
      facts({
        risks: [risk({}), risk({ targetKind: "quality", target: "high" })],
        workstreams: [work({}), work({ name: "Tests", progress: 0.5, held: 2, total: 4, isDisputed: true, state: "done" })],
        milestones: [milestone({}), milestone({ isLate: true }), milestone({ isReached: true, isLate: true })],
        deferred: [{ title: "arm64", reason: "No machine", phase: "later", lookAgainOn: null }, { title: "Chaos", reason: "Small team", phase: "Q3", lookAgainOn: NOON }],
        changes: [
          { id: "chg_1", at: NOON, serviceId: "svc_1", serviceName: "Harbour", slug: "harbour", rule: "up", title: "It is up", from: null, to: "fail", points: -3.25, why: "down" },
          { id: "chg_2", at: NOON, serviceId: "svc_1", serviceName: "Harbour", slug: "harbour", rule: "up", title: "It is up", from: "fail", to: null, points: 3.25, why: "gone" },
        ],
      }),
    );
    expect(section(text, "Risks")).toMatch(/\| high \| medium \| low \| A second region \|[\s\S]*\| high quality \|/);
    expect(section(text, "Work")).toContain("| P0 | Backups | active | not measured |");
    expect(section(text, "Work")).toContain("| P0 | Tests | done (rules disagree) | 2 of 4 |");
    expect(section(text, "Work").match(/\| (open|late|reached) \|/g)).toEqual(["| open |", "| late |", "| reached |"]);
    expect(section(text, "Put off")).toContain("| arm64 | No machine | later |  |");
    expect(section(text, "Put off")).toContain("| Chaos | Small team | Q3 | 2026-03-04 |");
    expect(section(text, "What changed")).toContain("| It is up |  | fail | -3.3 | down |");
    expect(section(text, "What changed")).toContain("| It is up | fail |  | 3.3 | gone |");
  });
});

test("the data says its version, its verdict and every fact", () => {
  const all = facts();
  expect(reportData(all)).toEqual({ version: 1, kind: "seaworthy.readiness-report", at: NOON, verdict: verdictOf(all.card), ...all });
  expect(Object.values(DEFAULT_WEIGHTS).reduce((sum, weight) => sum + weight, 0)).toBe(100);
});
