/**
 * Limits: how often a caller may call, who comes near, who was refused, who is blocked.
 *
 * tier: what a procedure is charged to · window: at most so many calls in so much time; a tier may have several and the
 * tightest wins · caller: a user, else an API key, else an address (IPv6 by /64) · override: a figure of one caller's
 * own · exempt key: counted, never refused · block: an address that failed to sign in too often · proposal: a figure
 * that is only reported on (shadow mode) · peak: the most of a window that a caller used, in percent.
 * Invariants: a figure nobody changed is the environment's; every change is audited; usage is what was decided, summed
 * by minute, never what limits depend on.
 */
import * as z from "zod";
import { pageInput, pageOf } from "../platform/page.ts";
import { TIERS, WINDOW_NAMES } from "../platform/limiter/tiers.ts";

/** A share of a window from which a caller counts as near its limit, in percent. */
export const NEAR_PERCENT = 80;
const MAX_CALLS = 1_000_000;

export const Tier = z.enum(TIERS);
export const WindowName = z.enum(WINDOW_NAMES);
export type WindowName = z.infer<typeof WindowName>;
const calls = z.number().int().min(1).max(MAX_CALLS);
const reason = z.string().trim().min(3, "Say why, in a few words").max(200);

/** A user or an API key; addresses have no figures of their own. */
export const CallerId = z.string().regex(/^(usr|key)_[0-9A-Za-z_]{1,40}$/, "must be the id of a user or an API key");

export const NoInput = z.object({});
export const Done = z.object({ ok: z.literal(true) });

/** What a proposed figure would have done in the last 24 h. */
export const Shadow = z.object({ max: calls, refusedCalls: z.number().int(), refusedCallers: z.number().int(), knownSince: z.date().nullable() });
export type Shadow = z.infer<typeof Shadow>;

/** One window of one tier with the figure in force and where it comes from. */
export const Window = z.object({
  name: WindowName,
  tier: Tier,
  audience: z.enum(["anonymous", "signedIn", "everybody"]),
  windowSeconds: z.number().int(),
  max: z.number().int(),
  source: z.enum(["default", "environment", "setting"]),
  /** The environment's figure, and the variable that sets it, when there is one. */
  defaultMax: z.number().int(),
  variable: z.string().nullable(),
  proposal: Shadow.nullable(),
  updatedAt: z.date().nullable(),
  updatedBy: z.string().nullable(),
});
export type Window = z.infer<typeof Window>;

export const WindowList = z.object({ items: z.array(Window), headers: z.enum(["both", "standard", "legacy"]) });
export type WindowList = z.infer<typeof WindowList>;

/** `max` null goes back to the environment's figure; absent leaves it. The same for `proposedMax`. */
export const SetWindow = z
  .object({ window: WindowName, max: calls.nullable().optional(), proposedMax: calls.nullable().optional() })
  .refine((input) => input.max !== undefined || input.proposedMax !== undefined, "Give max, proposedMax or both");
export type SetWindow = z.infer<typeof SetWindow>;

export const SetHeaders = z.object({ headers: z.enum(["both", "standard", "legacy"]) });
export type SetHeaders = z.infer<typeof SetHeaders>;

export const TryMax = z.object({ window: WindowName, max: z.coerce.number().int().min(1).max(MAX_CALLS) });
export type TryMax = z.infer<typeof TryMax>;

export const Override = z.object({
  caller: z.string(),
  label: z.string(),
  window: WindowName,
  max: z.number().int(),
  reason: z.string(),
  createdAt: z.date(),
  createdBy: z.string(),
});
export type Override = z.infer<typeof Override>;
export const SetOverride = z.object({ caller: CallerId, window: WindowName, max: calls, reason });
export type SetOverride = z.infer<typeof SetOverride>;
export const ByOverride = z.object({ caller: CallerId, window: WindowName });
export type ByOverride = z.infer<typeof ByOverride>;

export const Exemption = z.object({ keyId: z.string(), label: z.string(), reason: z.string(), createdAt: z.date(), createdBy: z.string() });
export type Exemption = z.infer<typeof Exemption>;
export const SetExemption = z.object({ keyId: CallerId.refine((id) => id.startsWith("key_"), "must be the id of an API key"), reason });
export type SetExemption = z.infer<typeof SetExemption>;
export const ByKey = z.object({ keyId: CallerId });
export type ByKey = z.infer<typeof ByKey>;

export const Exceptions = z.object({ overrides: z.array(Override), exemptions: z.array(Exemption) });
export type Exceptions = z.infer<typeof Exceptions>;

/** Calls of one caller in the range. */
export const Consumer = z.object({
  caller: z.string(),
  /** The user's or key's name; the address itself. */
  label: z.string(),
  kind: z.enum(["user", "apiKey", "address", "others"]),
  tier: Tier,
  allowed: z.number().int(),
  refused: z.number().int(),
  /** Percent of the window, 100 when refused. */
  peak: z.number().int(),
  isBlocked: z.boolean(),
  lastAt: z.date(),
});
export type Consumer = z.infer<typeof Consumer>;

export const RANGES = ["1h", "24h", "7d"] as const;
export type Range = (typeof RANGES)[number];
/** A range up to now, or the two ends of one, which win. */
const span = {
  range: z.enum(RANGES).default("1h"),
  from: z.coerce.date().optional().describe("Start of the range; usage is kept for a week or so."),
  to: z.coerce.date().optional().describe("Its end, now when absent."),
};
export type Span = { range?: Range; from?: Date; to?: Date };

/** Sorted by calls. `near` keeps those who came near a limit or over it. */
export const ListUsage = z.object({ ...span, tier: Tier.optional(), near: z.enum(["true", "false"]).default("false"), limit: z.coerce.number().int().min(1).max(100).default(20) });
export type ListUsage = z.infer<typeof ListUsage>;
export const UsageList = z.object({ items: z.array(Consumer) });
export type UsageList = z.infer<typeof UsageList>;

/** Calls over time; `refused` by tier. */
export const GetTrend = z.object(span);
export type GetTrend = z.infer<typeof GetTrend>;
export const Trend = z.object({
  stepSeconds: z.number().int(),
  points: z.array(z.object({ at: z.date(), allowed: z.number().int(), refused: z.number().int(), byTier: z.partialRecord(Tier, z.number().int()) })),
});
export type Trend = z.infer<typeof Trend>;

export const Block = z.object({
  address: z.string(),
  reason: z.string(),
  failures: z.number().int(),
  /** 1 for a first block; each one doubles the time. */
  level: z.number().int(),
  blockedAt: z.date(),
  blockedUntil: z.date(),
  isActive: z.boolean(),
  liftedAt: z.date().nullable(),
  liftedBy: z.string().nullable(),
});
export type Block = z.infer<typeof Block>;
export const ListBlocks = z.object({ ...pageInput, state: z.enum(["active", "all"]).default("active") });
export type ListBlocks = z.infer<typeof ListBlocks>;
export const BlockPage = pageOf(Block);
export type BlockPage = z.infer<typeof BlockPage>;
export const Unblock = z.object({ address: z.string().trim().min(2).max(64) });
export type Unblock = z.infer<typeof Unblock>;

/** The facts of the overview's card. */
export const Summary = z.object({
  calls: z.number().int(),
  refused: z.number().int(),
  blocked: z.number().int(),
  near: z.number().int(),
  tiers: z.number().int(),
  /** Where this process counts: shared means all processes together. */
  store: z.enum(["process", "shared", "shared-away"]),
  top: z.array(Consumer),
});
export type Summary = z.infer<typeof Summary>;
