/**
 * The words of readiness. A rule is one question that facts answer: pass, fail, unknown (nobody knows) or stale (the answer
 * got old). A line is a rule judged for one service, with the observation that earned its points. A score is 0 to 100; a
 * blocking rule that fails or is unknown caps it at 79. A waiver lets a rule count as held until a day; who asks for it
 * never approves it. An item is a question that a person answers. Points are of 100; ratios 0 to 1. Unknown is never pass.
 */
import * as z from "zod";
import { pageInput, pageOf } from "../../platform/page.ts";
import { LEVELS, OUTCOMES, SEVERITIES } from "./arithmetic.ts";
import { Category } from "./categories.ts";

export { Badge } from "../../platform/badge/schema.ts";
export * from "./arithmetic.ts";
export * from "./cap.ts";
export * from "./categories.ts";
export * from "./plan.ts";
export * from "./checklists.ts";

const DAY_MS = 86_400_000;
const TEXT_MAX = 1_000;
/** Rules and items of one service stay below this. */
const MAX_LINES = 400;

export const OutcomeWord = z.enum(OUTCOMES);
export const LevelWord = z.enum(LEVELS);
export const SeverityWord = z.enum(SEVERITIES);

export const ServiceKey = z.object({ id: z.string().min(1).max(80).describe("Id or slug of the service.") });
export const NoInput = z.object({});

export const Seen = z.object({ label: z.string(), value: z.string() });
/** The raw observation behind an answer. */
export const Evidence = z.object({
  label: z.string().describe("What was seen, in a few words."),
  href: z.string().nullable().describe("Where it can be looked at: a page of the console or an address."),
  seen: z.array(Seen).describe("The observation itself, label and value."),
});
export type Evidence = z.infer<typeof Evidence>;

export const Line = z.object({
  rule: z.string(),
  title: z.string(),
  why: z.string(),
  fix: z.string(),
  category: Category,
  severity: SeverityWord,
  weight: z.number(),
  isBlocking: z.boolean(),
  outcome: OutcomeWord,
  credit: z.number().describe("Share of its points that it earns, 0 to 1."),
  value: z.string(),
  target: z.string(),
  evidence: Evidence.nullable(),
  observedAt: z.date().nullable(),
  isWaived: z.boolean(),
  points: z.number(),
  earned: z.number(),
});
export type Line = z.infer<typeof Line>;

const categoryScore = z.object({ category: Category, points: z.number(), earned: z.number(), fail: z.number().int(), unknown: z.number().int(), stale: z.number().int(), rules: z.number().int() });

const scoreFacts = {
  score: z.number().int(),
  earned: z.number(),
  isCapped: z.boolean(),
  blocking: z.number().int(),
  level: LevelWord,
};
const serviceFacts = { serviceId: z.string(), name: z.string(), slug: z.string(), tier: z.number().int(), environment: z.string(), owner: z.string() };

export const Scorecard = z.object({
  ...serviceFacts,
  ...scoreFacts,
  goal: z.number().int(),
  evaluatedAt: z.date(),
  changedAt: z.date(),
  weekAgo: z.number().int().nullable().describe("The score seven days ago; null before the first."),
  categories: z.array(categoryScore),
  lines: z.array(Line),
  isBadgePublic: z.boolean().describe("True when everybody may see its badge."),
  nextLevel: z.object({ level: LevelWord, needsScore: z.number().int(), missing: z.array(z.string()) }).nullable(),
});
export type Scorecard = z.infer<typeof Scorecard>;

export const SCORE_SORTS = ["score", "name", "tier"] as const;
export const ListScores = z.object({
  ...pageInput,
  sort: z.enum(SCORE_SORTS).default("score"),
  search: z.string().trim().max(100).default(""),
  level: LevelWord.optional(),
  blocking: z.enum(["true", "false"]).optional().describe("Only services that a blocking rule holds back."),
});
export type ListScores = z.infer<typeof ListScores>;
export const ScoreRow = z.object({
  ...serviceFacts,
  ...scoreFacts,
  fail: z.number().int(),
  unknown: z.number().int(),
  stale: z.number().int(),
  rules: z.number().int(),
  waived: z.number().int(),
  weekAgo: z.number().int().nullable(),
  trend: z.array(z.number().nullable()).describe("The score of the last thirty days, one a day, oldest first."),
  worst: z.string().nullable().describe("The first thing to mend."),
  evaluatedAt: z.date(),
});
export type ScoreRow = z.infer<typeof ScoreRow>;
export const ScorePage = pageOf(ScoreRow);

export const ScorePoint = z.object({ at: z.date(), score: z.number().int(), note: z.string().nullable().describe("Set for a score that somebody stated."), isStated: z.boolean() });
export type ScorePoint = z.infer<typeof ScorePoint>;
export const ChangeRow = z.object({
  id: z.string(),
  at: z.date(),
  serviceId: z.string(),
  serviceName: z.string(),
  slug: z.string(),
  rule: z.string(),
  title: z.string(),
  from: OutcomeWord.nullable().describe("Null for a rule that did not apply before."),
  to: OutcomeWord.nullable().describe("Null for a rule that no longer applies."),
  points: z.number().describe("What the score of the service gained or lost by it."),
  why: z.string(),
});
export type ChangeRow = z.infer<typeof ChangeRow>;
export const ChangePage = pageOf(ChangeRow);

const range = { from: z.coerce.date().optional().describe("90 days ago when absent."), to: z.coerce.date().optional().describe("Now when absent.") };
export const ReadHistory = z.object({ id: z.string().min(1).max(80).optional().describe("One service; all together when absent."), ...range });
export type ReadHistory = z.infer<typeof ReadHistory>;
export const History = z.object({ points: z.array(ScorePoint), from: z.date(), to: z.date() });
export const ListChanges = z.object({ ...pageInput, id: z.string().min(1).max(80).optional(), ...range });
export type ListChanges = z.infer<typeof ListChanges>;

export const FleetSummary = z.object({
  score: z.number().int().nullable().describe("Null while nothing is scored."),
  earned: z.number().nullable(),
  isCapped: z.boolean(),
  heldBack: z.number().int().describe("Services of tier 1 that a blocking rule holds back."),
  goal: z.number().int(),
  services: z.number().int(),
  levels: z.object({ none: z.number().int(), bronze: z.number().int(), silver: z.number().int(), gold: z.number().int() }),
  rules: z.number().int(),
  weekAgo: z.number().int().nullable(),
  trend: z.array(ScorePoint),
  changes: z.array(ChangeRow),
  waivers: z.object({ inForce: z.number().int(), asked: z.number().int(), endSoon: z.number().int() }),
  evaluatedAt: z.date().nullable(),
});
export type FleetSummary = z.infer<typeof FleetSummary>;

export const RuleRow = z.object({
  rule: z.string(), title: z.string(), why: z.string(), fix: z.string(), category: Category, severity: SeverityWord, weight: z.number(), isBlocking: z.boolean(), freshForMs: z.number(),
});
export const RuleList = z.object({ items: z.array(RuleRow), weights: z.record(Category, z.number().int()) });

export const WhatIf = ServiceKey.extend({ rules: z.array(z.string().min(1).max(120)).min(1).max(MAX_LINES) });
export type WhatIf = z.infer<typeof WhatIf>;
export const WhatIfAnswer = z.object({ before: z.number().int(), after: z.number().int(), levelBefore: LevelWord, levelAfter: LevelWord, isCapped: z.boolean(), steps: z.array(z.object({ rule: z.string(), title: z.string(), score: z.number().int() })) });
export type WhatIfAnswer = z.infer<typeof WhatIfAnswer>;

export const Gate = ServiceKey.extend({
  minScore: z.coerce.number().int().min(0).max(100).optional().describe("The goal of the policy when absent."),
  level: LevelWord.optional().describe("The least level."),
  allowBlocking: z.enum(["true", "false"]).default("false"),
});
export type Gate = z.infer<typeof Gate>;
export const GateAnswer = z.object({
  passed: z.boolean(),
  score: z.number().int(),
  level: LevelWord,
  minScore: z.number().int(),
  reasons: z.array(z.string()),
  evaluatedAt: z.date(),
});
export type GateAnswer = z.infer<typeof GateAnswer>;

export const REPORT_FORMATS = ["json", "markdown"] as const;
export const ReadReport = ServiceKey.extend({ format: z.enum(REPORT_FORMATS).default("markdown") });
export type ReadReport = z.infer<typeof ReadReport>;
export const Report = z.object({ format: z.enum(REPORT_FORMATS), fileName: z.string(), text: z.string() });

/** Longest time that a rule may be waived: a quarter. What lasts longer is a risk and belongs into the register. */
export const WAIVER_MAX_DAYS = 92;
export const WAIVER_STATES = ["asked", "inForce", "expired", "denied", "withdrawn"] as const;
export const WaiverState = z.enum(WAIVER_STATES);
export const Waiver = z.object({
  id: z.string(),
  serviceId: z.string(),
  serviceName: z.string(),
  slug: z.string(),
  rule: z.string(),
  title: z.string(),
  reason: z.string(),
  state: WaiverState,
  requestedBy: z.string(),
  requestedById: z.string(),
  requestedAt: z.date(),
  expiresAt: z.date(),
  decidedBy: z.string().nullable(),
  decidedAt: z.date().nullable(),
  decisionNote: z.string(),
  endedAt: z.date().nullable(),
});
export type Waiver = z.infer<typeof Waiver>;
export const ListWaivers = z.object({ ...pageInput, id: z.string().min(1).max(80).optional(), state: z.enum([...WAIVER_STATES, "open"]).optional().describe("open: asked or in force.") });
export type ListWaivers = z.infer<typeof ListWaivers>;
export const WaiverPage = pageOf(Waiver);
export const RequestWaiver = ServiceKey.extend({
  rule: z.string().min(1).max(120),
  reason: z.string().trim().min(10, "Say why in a sentence").max(TEXT_MAX),
  expiresAt: z.coerce.date(),
});
export type RequestWaiver = z.infer<typeof RequestWaiver>;
export const WaiverId = z.object({ waiver: z.string().min(1).max(40) });
export const DecideWaiver = WaiverId.extend({ decision: z.enum(["approve", "deny"]), note: z.string().trim().max(TEXT_MAX).default("") });
export type DecideWaiver = z.infer<typeof DecideWaiver>;
/** The last moment that a waiver asked for at `now` may hold. */
export const latestExpiry = (now: Date): Date => new Date(now.getTime() + WAIVER_MAX_DAYS * DAY_MS);

export const StateScore = z.object({
  id: z.string().min(1).max(80).optional().describe("One service; all together when absent."),
  score: z.number().int().min(0).max(100),
  at: z.coerce.date(),
  note: z.string().trim().min(3, "Say where the figure comes from").max(TEXT_MAX),
});
export type StateScore = z.infer<typeof StateScore>;

/** A score that somebody stated, with where it comes from. */
export const StatedScore = z.object({ point: z.string(), serviceId: z.string().nullable(), serviceName: z.string().nullable(), slug: z.string().nullable(), at: z.date(), score: z.number().int(), note: z.string(), statedBy: z.string() });
export type StatedScore = z.infer<typeof StatedScore>;
export const ListStated = z.object({ ...pageInput, id: z.string().min(1).max(80).optional().describe("One service; everything when absent.") });
export type ListStated = z.infer<typeof ListStated>;
export const StatedPage = pageOf(StatedScore);
export const StatedId = z.object({ point: z.string().regex(/^\d{1,18}$/, "Use the id of a stated score") });
export type StatedId = z.infer<typeof StatedId>;

export const ShareBadge = ServiceKey.extend({ isPublic: z.boolean().describe("True to show the badge to everybody.") });
export type ShareBadge = z.infer<typeof ShareBadge>;

export const Done = z.object({ ok: z.literal(true) });
