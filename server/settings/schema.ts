/**
 * Settings: what an admin may change while the console runs, and a view of the environment it was started with.
 *
 * setting: one typed value with a default · revision: counts saved changes, so that two people never overwrite each
 * other unseen · environment variable: read once at start, shown here, secrets masked · grant: a destination that
 * guarded calls may reach although it is private, beside EGRESS_ALLOW · cache: answers kept for five minutes.
 * Invariants: a setting that was never saved has its default; every save is one audit row with before and after.
 */
import * as z from "zod";

const DAY_MAX = 3_650;
const HOURS_MAX = 720;
const hours = z.number().int().min(1).max(HOURS_MAX);
const days = (atLeast: number) => z.number().int().min(atLeast).max(DAY_MAX);

function isTimeZone(zone: string): boolean {
  return zone === "UTC" || Intl.supportedValuesOf("timeZone").includes(zone);
}

/** Every setting with its default. Later modules add their own fields here. */
export const Settings = z.object({
  /** Shown beside the product's name and in messages. */
  instanceName: z.string().trim().min(1).max(60).default("Seaworthy"),
  /** Null shows SEAWORTHY_ENVIRONMENT. */
  environmentLabel: z.string().trim().min(1).max(24).nullable().default(null),
  /** IANA name for pages and messages that have no zone of their own. */
  timeZone: z.string().refine(isTimeZone, "is not a time zone this machine knows").default("UTC"),
  /** Days that single check results are kept. */
  servicesRawDays: days(1).default(3),
  /** Days that figures per minute are kept. */
  servicesMinuteDays: days(1).default(14),
  /** Days that figures per hour are kept. */
  servicesHourDays: days(7).default(120),
  /** Days that figures per day are kept. */
  servicesDayDays: days(90).default(730),
  /** Seconds between two looks into every queue system. */
  queuesSampleSeconds: z.number().int().min(5).max(300).default(15),
  /** Hours that done jobs of the console's own queue are kept. */
  queuesCompletedHours: hours.default(1),
  /** Hours that failed jobs of the console's own queue are kept. */
  queuesFailedHours: hours.default(24),
  /** Days that dead letters of the console's own queue wait for a person. */
  queuesDeadDays: days(1).default(14),
  /** Days that audit entries stay in the database; older ones go to sealed files in the data folder. */
  auditDays: days(30).default(90),
  /** Whether /health/ready answers 200 while something that is not essential is down. */
  readyWhenDegraded: z.boolean().default(true),
});
export type Settings = z.infer<typeof Settings>;

/** The values of a console where nothing was saved. */
export const DEFAULT_SETTINGS: Settings = Settings.parse({});

/** Settings in force. `revision` is 0 until the first save. */
export const SettingsState = z.object({
  revision: z.number().int(),
  values: Settings,
  /** What is shown: the label, or SEAWORTHY_ENVIRONMENT. */
  environment: z.string(),
  /** True when the environment names a mail server. */
  sendsMail: z.boolean(),
  updatedAt: z.date().nullable(),
  updatedBy: z.string().nullable(),
});
export type SettingsState = z.infer<typeof SettingsState>;

/** The fields to change, and the revision that the change was made from. */
export const UpdateSettings = z.object({
  revision: z.number().int().min(0),
  values: z.object({
    instanceName: Settings.shape.instanceName.unwrap().optional(),
    environmentLabel: Settings.shape.environmentLabel.unwrap().optional(),
    timeZone: Settings.shape.timeZone.unwrap().optional(),
    servicesRawDays: Settings.shape.servicesRawDays.unwrap().optional(),
    servicesMinuteDays: Settings.shape.servicesMinuteDays.unwrap().optional(),
    servicesHourDays: Settings.shape.servicesHourDays.unwrap().optional(),
    servicesDayDays: Settings.shape.servicesDayDays.unwrap().optional(),
    queuesSampleSeconds: Settings.shape.queuesSampleSeconds.unwrap().optional(),
    queuesCompletedHours: Settings.shape.queuesCompletedHours.unwrap().optional(),
    queuesFailedHours: Settings.shape.queuesFailedHours.unwrap().optional(),
    queuesDeadDays: Settings.shape.queuesDeadDays.unwrap().optional(),
    auditDays: Settings.shape.auditDays.unwrap().optional(),
    readyWhenDegraded: Settings.shape.readyWhenDegraded.unwrap().optional(),
  }),
});
export type UpdateSettings = z.infer<typeof UpdateSettings>;

export const NoInput = z.object({});

/** One environment variable as the process read it. */
export const ConfigEntry = z.object({
  name: z.string(),
  about: z.string(),
  isSecret: z.boolean(),
  /** True when the environment has it; else the default is in force. */
  isSet: z.boolean(),
  /** The value in force as text, masked when secret; null when there is none. */
  value: z.string().nullable(),
  default: z.string().nullable(),
});
export type ConfigEntry = z.infer<typeof ConfigEntry>;
export const EffectiveConfig = z.object({ entries: z.array(ConfigEntry) });
export type EffectiveConfig = z.infer<typeof EffectiveConfig>;

const ENTRY_MAX_LENGTH = 260;
const ADDRESS_MAX_LENGTH = 2_048;

/** Where guarded calls may go beyond the public internet. */
export const Egress = z.object({
  revision: z.number().int(),
  /** Entries of the settings: CIDRs, addresses or host names, each with an optional :port. */
  granted: z.array(z.string()),
  /** Entries of EGRESS_ALLOW. */
  environment: z.array(z.string()),
  /** True with EGRESS_LOCKED: the settings' entries do not count and cannot be changed. */
  isLocked: z.boolean(),
  updatedAt: z.date().nullable(),
  updatedBy: z.string().nullable(),
});
export type Egress = z.infer<typeof Egress>;

/** The whole new list, and the revision that it was made from. */
export const UpdateEgress = z.object({
  revision: z.number().int().min(0),
  granted: z.array(z.string().trim().min(1).max(ENTRY_MAX_LENGTH)).max(50),
});
export type UpdateEgress = z.infer<typeof UpdateEgress>;

export const TestAddress = z.object({ address: z.string().trim().min(1).max(ADDRESS_MAX_LENGTH) });
export type TestAddress = z.infer<typeof TestAddress>;

/** What the guard says of an address now. */
export const TestedAddress = z.object({
  verdict: z.enum(["allowed", "blocked", "unresolved", "unreadable"]),
  reason: z.string(),
  host: z.string().nullable(),
  port: z.number().int().nullable(),
  address: z.string().nullable(),
});
export type TestedAddress = z.infer<typeof TestedAddress>;

/** The cache of this process, and how often it helped since the process started. */
export const CacheState = z.object({
  /** `off`: this process does not hear of changes and keeps nothing. */
  layer: z.enum(["redis", "memory", "off"]),
  items: z.number().int().nullable(),
  maxItems: z.number().int(),
  ttlSeconds: z.number().int(),
  hits: z.number().int(),
  misses: z.number().int(),
  /** 0 to 1; null before the first lookup. */
  hitRate: z.number().nullable(),
});
export type CacheState = z.infer<typeof CacheState>;

export const PurgedCache = z.object({
  /** Answers that the process which took the call had; the others drop theirs within a moment. */
  dropped: z.number().int(),
});
export type PurgedCache = z.infer<typeof PurgedCache>;

/** Search parameters of an address: long enough for every filter, short enough to be one. */
const QUERY_MAX = 1_000;
const listName = z.string().regex(/^[a-z]+(-[a-z]+)*$/).max(40).describe("The list's name, such as `services`.");
const viewFields = {
  name: z.string().trim().min(1, "Give the view a name").max(60),
  query: z.string().max(QUERY_MAX).regex(/^[^?#\s]*$/, "must be search parameters without the question mark"),
  isShared: z.boolean(),
};

/** What somebody saved of a list: its filter, order and the like. Own to one person, or shown to everybody. */
export const SavedView = z.object({
  id: z.string(),
  list: z.string(),
  ...viewFields,
  ownerName: z.string(),
  /** True for one's own, which may be changed. */
  isOwn: z.boolean(),
  updatedAt: z.date(),
});
export type SavedView = z.infer<typeof SavedView>;
export const ListViews = z.object({ list: listName });
export type ListViews = z.infer<typeof ListViews>;
export const ViewList = z.object({ items: z.array(SavedView) });
export const SaveView = z.object({ list: listName, ...viewFields, isShared: viewFields.isShared.default(false) });
export type SaveView = z.infer<typeof SaveView>;
export const ChangeView = z.object({ id: z.string().max(40), name: viewFields.name.optional(), query: viewFields.query.optional(), isShared: viewFields.isShared.optional() });
export type ChangeView = z.infer<typeof ChangeView>;
export const ViewId = z.object({ id: z.string().max(40) });
export const Done = z.object({ ok: z.literal(true) });
