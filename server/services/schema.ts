/**
 * Words of the module. A service is something the team runs; a check is one probe of it on a schedule; a reading is what
 * one run of a check found; a component is a part that the service's own health document reports; a transition is a
 * change of state. State is the worst of a service's unpaused checks: down, then degraded, then unknown, then up.
 * Unknown means that nobody knows (no result yet, prober impaired, facts too old) and counts neither for nor against.
 * Ratios are 0 to 1, latencies milliseconds, bars seconds in each state. Isomorphic.
 */
import * as z from "zod";
import { pageInput, pageOf } from "../platform/page.ts";
import { CheckConfig, CheckKind } from "./check-config.ts";

export { CheckConfig, CheckKind } from "./check-config.ts";
export * from "./schema/bulk.ts";
export * from "./schema/import.ts";

export const STATES = ["up", "degraded", "down", "unknown"] as const;
export const State = z.enum(STATES);
export type State = z.infer<typeof State>;

/** Shorter loads targets without need; longer than a day is not watching. */
export const INTERVAL_SECONDS = { min: 5, max: 86_400, default: 30 } as const;
export const TIMEOUT_MS = { min: 100, max: 60_000, default: 5_000 } as const;
const MOST_RETRIES = 20;
const MOST_LINKS = 20;
const MOST_TAGS = 30;
const NAME_MAX = 80;
const TEXT_MAX = 2_000;
const httpUrl = z.url({ protocol: /^https?$/, message: "Must be an http or https address" }).max(TEXT_MAX);
const TIERS_ONLY = "Use 1, 2 or 3";
const word = z.string().trim().max(NAME_MAX);

export const Slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Use lower-case letters, digits and single dashes").min(2).max(60);
export const Tag = z.string().trim().toLowerCase().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.:/-]{0,39}$/u, "Use letters, digits and _ . : / -");
export const Link = z.object({ label: z.string().trim().min(1).max(NAME_MAX), url: httpUrl });
export type Link = z.infer<typeof Link>;

const serviceFields = {
  name: z.string().trim().min(1, "Give the service a name").max(NAME_MAX),
  description: z.string().trim().max(TEXT_MAX),
  domain: word,
  tier: z.coerce.number(TIERS_ONLY).int(TIERS_ONLY).min(1, TIERS_ONLY).max(3, TIERS_ONLY),
  environment: word.min(1),
  owner: word,
  repositoryUrl: httpUrl.nullable(),
  links: z.array(Link).max(MOST_LINKS),
  tags: z.array(Tag).max(MOST_TAGS).transform((tags) => [...new Set(tags)]),
};

/** Settings of a check beside what it measures. */
export const CheckRules = z.object({
  name: z.string().trim().min(1).max(NAME_MAX).optional(),
  intervalSeconds: z.number().int().min(INTERVAL_SECONDS.min).max(INTERVAL_SECONDS.max).default(INTERVAL_SECONDS.default),
  timeoutMs: z.number().int().min(TIMEOUT_MS.min).max(TIMEOUT_MS.max).default(TIMEOUT_MS.default),
  failuresBeforeDown: z.number().int().min(1).max(MOST_RETRIES).default(2),
  successesBeforeUp: z.number().int().min(1).max(MOST_RETRIES).default(1),
});

export const ServiceId = z.object({ id: z.string().min(1).max(80).describe("Id or slug of the service.") });
export const CheckId = z.object({ id: z.string().min(1).max(40) });

export const CreateService = z.object({
  ...serviceFields,
  slug: Slug.optional().describe("Made from the name when absent."),
  description: serviceFields.description.default(""),
  domain: serviceFields.domain.default(""),
  tier: serviceFields.tier.default(2),
  environment: serviceFields.environment.default("production"),
  owner: serviceFields.owner.default(""),
  repositoryUrl: serviceFields.repositoryUrl.default(null),
  links: serviceFields.links.default([]),
  tags: serviceFields.tags.default([]),
  address: httpUrl.optional().describe("Adds a first HTTP check of this address."),
});
export type CreateService = z.infer<typeof CreateService>;

export const UpdateService = ServiceId.extend({
  revision: z.number().int().min(1).describe("The revision that was edited; another one is refused."),
  slug: Slug.optional(),
  ...z.object(serviceFields).partial().shape,
});
export type UpdateService = z.infer<typeof UpdateService>;

export const AddCheck = CheckRules.extend({ id: ServiceId.shape.id, config: CheckConfig });
export type AddCheck = z.infer<typeof AddCheck>;

export const UpdateCheck = z.object({
  id: CheckId.shape.id,
  revision: z.number().int().min(1),
  name: CheckRules.shape.name,
  intervalSeconds: CheckRules.shape.intervalSeconds.unwrap().optional(),
  timeoutMs: CheckRules.shape.timeoutMs.unwrap().optional(),
  failuresBeforeDown: CheckRules.shape.failuresBeforeDown.unwrap().optional(),
  successesBeforeUp: CheckRules.shape.successesBeforeUp.unwrap().optional(),
  config: CheckConfig.optional().describe("Masked secrets that come back unchanged are kept."),
});
export type UpdateCheck = z.infer<typeof UpdateCheck>;

export const TestCheck = z.object({
  config: CheckConfig,
  timeoutMs: CheckRules.shape.timeoutMs,
  checkId: z.string().max(40).optional().describe("An existing check whose masked secrets are to be used."),
});
export type TestCheck = z.infer<typeof TestCheck>;

/** One stretch of time: seconds in each state; all zero means that nothing is recorded. Its start is text: lists hold thousands, and a date costs ten times as much to write and read. */
export const Bar = z.object({ at: z.string().meta({ format: "date-time" }), up: z.number(), degraded: z.number(), down: z.number(), unknown: z.number() });
export type Bar = z.infer<typeof Bar>;

const definedFacts = {
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  domain: z.string(),
  tier: z.number().int(),
  environment: z.string(),
  owner: z.string(),
  tags: z.array(z.string()),
  isSelf: z.boolean(),
};

const serviceFacts = {
  ...definedFacts,
  archivedAt: z.date().nullable(),
  state: State,
  stateSince: z.date(),
  stateReason: z.string(),
};

export const ServiceRow = z.object({
  ...serviceFacts,
  checks: z.number().int().describe("Checks of the service, paused ones too."),
  pausedChecks: z.number().int(),
  lastResultAt: z.date().nullable(),
  uptime24h: z.number().nullable(),
  p95Ms24h: z.number().nullable(),
  bars: z.array(Bar).describe("The last 24 hours, one an hour, oldest first."),
  sparkline: z.array(z.number().nullable()).describe("p95 of each of the last 24 hours in ms, oldest first."),
});
export type ServiceRow = z.infer<typeof ServiceRow>;

export const SORTS = ["worst", "name", "uptime", "p95", "tier"] as const;
export const ServiceSort = z.enum(SORTS);
export type ServiceSort = z.infer<typeof ServiceSort>;

/** Shared by the list and its counts; the grammar is in filter.ts. */
export const ServiceFilter = z.object({
  filter: z.string().max(300).default("").describe("Qualifiers and text, e.g. `env:production tier:1 state:down payments`."),
});
export const ListServices = ServiceFilter.extend({ ...pageInput, sort: ServiceSort.default("worst"), order: z.enum(["asc", "desc"]).optional() });
export type ListServices = z.infer<typeof ListServices>;
export const ServicePage = pageOf(ServiceRow);

export const StateCounts = z.object({ all: z.number().int(), up: z.number().int(), degraded: z.number().int(), down: z.number().int(), unknown: z.number().int() });

export const ServicesSummary = z.object({
  counts: StateCounts,
  checks: z.number().int(),
  pausedChecks: z.number().int(),
  worst: z.array(z.object({ id: z.string(), name: z.string(), slug: z.string(), tier: z.number().int(), state: State, stateSince: z.date(), stateReason: z.string() })),
  lastResultAt: z.date().nullable(),
  nearestCertificate: z.object({ serviceId: z.string(), serviceName: z.string(), slug: z.string(), expiresAt: z.date() }).nullable(),
});
export type ServicesSummary = z.infer<typeof ServicesSummary>;

export const ComponentRow = z.object({
  checkId: z.string(),
  name: z.string(),
  verdict: State,
  detail: z.string(),
  value: z.number().nullable(),
  unit: z.string().nullable(),
  observedAt: z.date(),
  lastSeenAt: z.date(),
  isStale: z.boolean().describe("The last document no longer named it, or the check has no fresh result."),
});
export type ComponentRow = z.infer<typeof ComponentRow>;

export const CheckRow = z.object({
  id: z.string(),
  serviceId: z.string(),
  kind: CheckKind,
  name: z.string(),
  target: z.string().describe("One line without secrets."),
  config: CheckConfig.describe("Secrets are masked."),
  intervalSeconds: z.number().int(),
  timeoutMs: z.number().int(),
  failuresBeforeDown: z.number().int(),
  successesBeforeUp: z.number().int(),
  pausedAt: z.date().nullable(),
  state: State,
  stateSince: z.date(),
  stateReason: z.string(),
  isStale: z.boolean().describe("The last result is older than three intervals and a minute."),
  consecutiveFailures: z.number().int(),
  lastVerdict: State.nullable(),
  lastResultAt: z.date().nullable(),
  lastLatencyMs: z.number().nullable(),
  lastMessage: z.string(),
  certificateExpiresAt: z.date().nullable(),
  nextDueAt: z.date().nullable(),
  revision: z.number().int(),
  createdAt: z.date(),
});
export type CheckRow = z.infer<typeof CheckRow>;

export const CheckDetail = CheckRow.extend({
  bars: z.array(Bar).describe("Results of the last 24 hours, one an hour."),
  uptime24h: z.number().nullable(),
  p95Ms24h: z.number().nullable(),
});
export type CheckDetail = z.infer<typeof CheckDetail>;

export const Percentiles = z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable(), count: z.number().int() });
export type Percentiles = z.infer<typeof Percentiles>;

export const WINDOWS = ["24h", "7d", "30d", "90d"] as const;
export const Window = z.enum(WINDOWS);
export type Window = z.infer<typeof Window>;

export const UptimeWindow = z.object({ window: Window, ratio: z.number().nullable(), downSeconds: z.number(), bars: z.array(Bar), latency: Percentiles });
export type UptimeWindow = z.infer<typeof UptimeWindow>;

export const ServiceDetail = z.object({
  ...serviceFacts,
  description: z.string(),
  repositoryUrl: z.string().nullable(),
  links: z.array(Link),
  revision: z.number().int(),
  createdAt: z.date(),
  updatedAt: z.date(),
  updatedBy: z.string().nullable().describe("Who changed it last; null when nobody did since that is noted."),
  lastResultAt: z.date().nullable(),
  checks: z.array(CheckDetail),
  components: z.array(ComponentRow),
  uptime: z.array(UptimeWindow).describe("24 h, 7 d, 30 d and 90 d."),
});
export type ServiceDetail = z.infer<typeof ServiceDetail>;

export const ReadLatency = ServiceId.extend({
  from: z.coerce.date(),
  to: z.coerce.date().optional().describe("Now when absent."),
  checkId: z.string().max(40).optional().describe("Only this check of the service."),
}).refine((input) => !input.to || input.from < input.to, { path: ["to"], message: "The end must be after the start" });
export type ReadLatency = z.infer<typeof ReadLatency>;

export const LatencyPoint = z.object({ at: z.date(), p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable(), count: z.number().int() });
export const LatencySeries = z.object({ stepSeconds: z.number().int(), points: z.array(LatencyPoint) });
export type LatencySeries = z.infer<typeof LatencySeries>;

export const ListTransitions = ServiceId.extend({ ...pageInput, checkId: z.string().max(40).optional() });
export const TransitionRow = z.object({
  id: z.string(),
  at: z.date(),
  checkId: z.string().nullable(),
  checkName: z.string().nullable(),
  from: State,
  to: State,
  reason: z.string(),
});
export const TransitionPage = pageOf(TransitionRow);

export const ListResults = CheckId.extend(pageInput);
const phase = z.number().nullable();
/** Milliseconds a run spent on the name, the connection, TLS, waiting for the first byte, and the rest of the answer. */
export const Phases = z.object({ resolveMs: phase, connectMs: phase, tlsMs: phase, firstByteMs: phase, bodyMs: phase });
export type Phases = z.infer<typeof Phases>;
export const ResultRow = z.object({ at: z.date(), verdict: State, latencyMs: z.number().nullable(), httpStatus: z.number().int().nullable(), message: z.string(), phases: Phases.nullable() });
export const ResultPage = pageOf(ResultRow);

const facet = z.object({ value: z.string(), count: z.number().int() });
export const ServiceFacets = z.object({ tags: z.array(facet), owners: z.array(facet), environments: z.array(facet), domains: z.array(facet) });

export const TestedReading = z.object({
  verdict: State,
  latencyMs: z.number().nullable(),
  message: z.string(),
  httpStatus: z.number().int().nullable(),
  certificateExpiresAt: z.date().nullable(),
  phases: Phases.nullable(),
  components: z.array(z.object({ name: z.string(), verdict: State, detail: z.string().nullable(), value: z.number().nullable(), unit: z.string().nullable() })),
});

export const StartedChecks = z.object({ checks: z.number().int() });
export const ListDefinitions = z.object(pageInput);
/** A service and its checks as they were set, without what is known of them. */
export const Definition = z.object({
  description: z.string(),
  ...definedFacts,
  repositoryUrl: z.string().nullable(),
  links: z.array(Link),
  revision: z.number().int(),
  checks: z.array(CheckRow.pick({ id: true, name: true, intervalSeconds: true, timeoutMs: true, failuresBeforeDown: true, successesBeforeUp: true, revision: true, config: true }).extend({ isPaused: z.boolean() })),
});
export const DefinitionPage = pageOf(Definition);

export const NoInput = z.object({});
export const Done = z.object({ ok: z.literal(true) });
