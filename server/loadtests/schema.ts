/**
 * Words of load tests. A run is one load test of a service as its tool reported it: scenario (what was done), profile (how
 * hard), figures, thresholds. Verdict: passed, failed (with reasons), or empty (the tool sampled nothing, which proves
 * nothing). A baseline is the run that a person promoted for a scenario and profile; a regression is worse than it by more
 * than a relative and an absolute floor. Latencies are milliseconds, rates per second, ratios 0 to 1. Isomorphic.
 */
import * as z from "zod";
import { pageInput, pageOf } from "../platform/page.ts";

export const PROFILES = ["smoke", "basic", "soak", "spike", "stress", "extreme", "custom"] as const;
export const Profile = z.enum(PROFILES);
export type Profile = z.infer<typeof Profile>;

/** Users that each profile stands for, and the order in which profiles prove more. Custom proves what its users were. */
export const PROFILE_USERS: Record<Exclude<Profile, "custom">, number> = { smoke: 10, basic: 100, soak: 100, spike: 500, stress: 1_000, extreme: 1_000 };

export const FORMATS = ["k6-summary", "k6-export", "k6-machine", "k6-stream", "autocannon", "artillery"] as const;
export const Format = z.enum(FORMATS);
export type Format = z.infer<typeof Format>;

export const VERDICTS = ["passed", "failed", "empty"] as const;
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.infer<typeof Verdict>;

const word = z.string().trim().max(120);
const figure = z.number().nullable();

export const Threshold = z.object({ metric: z.string(), expression: z.string(), ok: z.boolean() });
export type Threshold = z.infer<typeof Threshold>;
export const Metric = z.object({ name: z.string(), kind: z.string(), values: z.record(z.string(), z.number()) });
export type Metric = z.infer<typeof Metric>;
export const RunPoint = z.object({ atMs: z.number(), requests: z.number(), errors: z.number(), p50: figure, p95: figure });
export type RunPoint = z.infer<typeof RunPoint>;

/** Figures of a run; null is what the tool did not tell. */
export const Figures = z.object({
  requests: z.number().int(),
  errors: figure,
  errorRate: figure.describe("0 to 1."),
  rate: figure.describe("Requests a second."),
  durationMs: figure,
  users: z.number().int().nullable().describe("Most virtual users or connections at once."),
  avg: figure, min: figure, p50: figure, p90: figure, p95: figure, p99: figure, max: figure,
});
export type Figures = z.infer<typeof Figures>;

/** The service, and what the pusher says about the run. */
export const PushRun = z.object({
  service: z.string().min(1).max(80).describe("Id or slug of the service."),
  scenario: word.min(1).default("default").describe("What was done, e.g. checkout."),
  profile: Profile.optional().describe("How hard; guessed from the users when absent."),
  commit: z.string().trim().regex(/^[0-9a-f]{7,64}$/i, "Use the commit's hash").optional(),
  branch: z.string().trim().min(1).max(250).optional(),
  content: z.string().max(900_000).optional().describe("A small report as text, for callers without a file body."),
});
export type PushRun = z.infer<typeof PushRun>;

const runFacts = {
  id: z.string(),
  serviceId: z.string(),
  serviceName: z.string(),
  slug: z.string(),
  scenario: z.string(),
  profile: Profile,
  format: Format,
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  verdict: Verdict,
  reasons: z.array(z.string()),
  figures: Figures,
  isBaseline: z.boolean(),
  receivedAt: z.date(),
  receivedFrom: z.string(),
};
export const RunRow = z.object(runFacts);
export type RunRow = z.infer<typeof RunRow>;

export const Delta = z.object({
  metric: z.string(),
  base: figure,
  now: figure,
  change: figure.describe("(now - base) / base."),
  verdict: z.enum(["better", "same", "worse", "absent", "few"]).describe("absent: the new run does not tell it, which fails. few: too few requests to say."),
  words: z.string(),
});
export type Delta = z.infer<typeof Delta>;
export const Comparison = z.object({ base: RunRow, now: RunRow, isRegression: z.boolean(), measure: z.string().describe("The percentile that was compared: p95, or p50 with few samples."), deltas: z.array(Delta) });
export type Comparison = z.infer<typeof Comparison>;

export const RunDetail = z.object({ ...runFacts, thresholds: z.array(Threshold), metrics: z.array(Metric), omittedMetrics: z.number().int(), points: z.array(RunPoint), comparison: Comparison.nullable().describe("Beside the baseline of its scenario and profile.") });
export type RunDetail = z.infer<typeof RunDetail>;
export const PushedRun = z.object({ run: RunDetail, isNew: z.boolean().describe("False when the very same report had been pushed before.") });
export type PushedRun = z.infer<typeof PushedRun>;

export const RunId = z.object({ id: z.string().min(1).max(40) });
export const ListRuns = z.object({ ...pageInput, service: z.string().max(80).optional(), scenario: word.optional(), profile: Profile.optional(), verdict: Verdict.optional(), branch: z.string().max(250).optional() });
export type ListRuns = z.infer<typeof ListRuns>;
export const RunPage = pageOf(RunRow);
export const CompareRuns = z.object({ base: z.string().max(40), now: z.string().max(40) });
export type CompareRuns = z.infer<typeof CompareRuns>;

export const ReadTrend = z.object({ service: z.string().min(1).max(80), scenario: word.min(1), profile: Profile.optional(), limit: z.coerce.number().int().min(1).max(500).default(100) });
export type ReadTrend = z.infer<typeof ReadTrend>;
export const TrendPoint = z.object({ id: z.string(), at: z.date(), commit: z.string().nullable(), verdict: Verdict, p50: figure, p95: figure, p99: figure, rate: figure, errorRate: figure });
export type TrendPoint = z.infer<typeof TrendPoint>;
export const Trend = z.object({ points: z.array(TrendPoint), baseline: TrendPoint.nullable() });
export type Trend = z.infer<typeof Trend>;

export const ScenarioRow = z.object({
  serviceId: z.string(), serviceName: z.string(), slug: z.string(), scenario: z.string(), profile: Profile, runs: z.number().int(),
  latest: RunRow, p95s: z.array(figure).describe("Of the last runs, oldest first."), hasBaseline: z.boolean(), isRegression: z.boolean(),
});
export type ScenarioRow = z.infer<typeof ScenarioRow>;
export const ListScenarios = z.object({ ...pageInput, service: z.string().max(80).optional(), search: z.string().trim().max(100).default("") });
export type ListScenarios = z.infer<typeof ListScenarios>;
export const ScenarioPage = pageOf(ScenarioRow);

export const LoadSummary = z.object({
  runs: z.number().int(),
  services: z.number().int().describe("Services with a run."),
  servicesInAll: z.number().int(),
  passed: z.number().int().describe("Scenarios whose newest run passed."),
  failed: z.number().int(),
  regressions: z.number().int(),
  highest: z.object({ profile: Profile, users: z.number().int(), serviceName: z.string(), runId: z.string(), at: z.date() }).nullable(),
  newest: z.array(RunRow),
  lastAt: z.date().nullable(),
});
export type LoadSummary = z.infer<typeof LoadSummary>;

/** How a run is held against its baseline and its thresholds. */
export const GateRules = z.object({
  relative: z.number().min(0).max(10).describe("Growth that is tolerated: 0.1 is a tenth."),
  absoluteMs: z.number().min(0).max(60_000).describe("Growth in milliseconds that nobody minds."),
  leastSamples: z.number().int().min(1).max(1_000_000).describe("With fewer requests p50 is compared instead of p95."),
  maxErrorRate: z.number().min(0).max(1),
  maxP95Ms: z.number().min(1).max(600_000),
});
export type GateRules = z.infer<typeof GateRules>;
export const DEFAULT_RULES: GateRules = { relative: 0.1, absoluteMs: 20, leastSamples: 100, maxErrorRate: 0.01, maxP95Ms: 500 };
export const RulesOf = z.object({ service: z.string().min(1).max(80) });
export const RulesState = z.object({ serviceId: z.string(), rules: GateRules, revision: z.number().int(), isDefault: z.boolean(), updatedAt: z.date().nullable(), updatedBy: z.string().nullable() });
export type RulesState = z.infer<typeof RulesState>;
/** Rules that somebody set, by service. */
export const ListRules = z.object(pageInput);
export type ListRules = z.infer<typeof ListRules>;
export const RulesPage = pageOf(z.object({ service: z.string().describe("Slug of the service."), rules: GateRules, revision: z.number().int() }));
export const UpdateRules = RulesOf.extend({ rules: GateRules, revision: z.number().int().min(0) });
export type UpdateRules = z.infer<typeof UpdateRules>;

export const Gate = z.object({ service: z.string().min(1).max(80), scenario: word.min(1).optional(), profile: Profile.optional(), commit: z.string().max(64).optional().describe("Only runs of this commit count; one must be there.") });
export type Gate = z.infer<typeof Gate>;
export const GateAnswer = z.object({ passed: z.boolean(), reasons: z.array(z.string()), runs: z.array(z.object({ id: z.string(), scenario: z.string(), profile: Profile, verdict: Verdict, isRegression: z.boolean() })) });
export type GateAnswer = z.infer<typeof GateAnswer>;

export const NoInput = z.object({});
export const Done = z.object({ ok: z.literal(true) });
