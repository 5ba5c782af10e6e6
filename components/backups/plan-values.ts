/** The values of the plan form, and the way to what the server takes. Pure. */
import { HASH_FULL_UP_TO_BYTES } from "../../server/backups/schema/hash-limit.ts";
import type { CreatePlan, PlanDetail, PlanSource, RetentionPolicy, StoreRow } from "../../server/backups/schema.ts";

export interface PlanValues {
  name: string;
  /** Whose data it is. */
  service: { id: string; name: string } | null;
  kind: PlanSource["kind"];
  url: string;
  path: string;
  include: string[];
  exclude: string[];
  links: "refuse" | "keep" | "skip";
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
  cron: string;
  timeZone: string;
  engine: CreatePlan["engine"];
  storeIds: string[];
  retention: Record<string, RetentionPolicy>;
  isEncrypted: boolean;
  rpoMinutes: number;
  rtoMinutes: number;
  drillCron: string;
  drillEveryNth: number | "";
  /** Empty: a throw-away PostgreSQL. */
  drillServerUrl: string;
  assertions: { name: string; sql: string }[];
  hooks: { when: "before" | "after" | "failed"; url: string; mustSucceed: boolean }[];
  expectedMegabytes: number | "";
  volatileTables: string[];
  hashFullMegabytes: number | "";
}

const MEGABYTE = 1_048_576;
const DAY_MINUTES = 1_440;
const HOUR_MINUTES = 60;

/** The form as a newcomer sees it: daily at two, kept a month, proven every week. */
export function emptyPlan(stores: readonly StoreRow[], zone: string): PlanValues {
  const first = stores[0];
  return {
    name: "", service: null, kind: "postgres", url: "", path: "", include: [], exclude: [], links: "refuse", endpoint: "", region: "us-east-1", bucket: "", prefix: "", accessKeyId: "", secretAccessKey: "",
    cron: "0 2 * * *", timeZone: zone, engine: "auto", storeIds: first ? [first.id] : [], retention: {}, isEncrypted: true, rpoMinutes: DAY_MINUTES, rtoMinutes: HOUR_MINUTES,
    drillCron: "0 4 * * 1#1", drillEveryNth: 7, drillServerUrl: "", assertions: [], hooks: [], expectedMegabytes: "", volatileTables: [], hashFullMegabytes: HASH_FULL_UP_TO_BYTES / MEGABYTE,
  };
}

function sourceValues(source: PlanSource | null): Partial<PlanValues> {
  switch (source?.kind) {
    case "postgres":
      return { kind: "postgres", url: source.url };
    case "folder":
      return { kind: "folder", path: source.path, include: source.include, exclude: source.exclude, links: source.links };
    case "bucket":
      return { ...source.bucket, kind: "bucket" };
    case "self":
      return { kind: "self" };
    case undefined:
      return {};
    default:
      return source satisfies never;
  }
}

/** The form of an existing plan. */
export function planValues(plan: PlanDetail): PlanValues {
  return {
    ...emptyPlan([], plan.timeZone),
    ...(plan.source === null && plan.sourceKind !== "self" ? { kind: plan.sourceKind } : {}),
    ...sourceValues(plan.source),
    name: plan.name, service: plan.service && { id: plan.service.id, name: plan.service.name }, cron: plan.cron, engine: plan.engine, storeIds: plan.retention.map(({ storeId }) => storeId), retention: Object.fromEntries(plan.retention.map(({ storeId, policy }) => [storeId, policy])),
    isEncrypted: plan.cipher !== "none", rpoMinutes: plan.rpoMinutes, rtoMinutes: plan.rtoMinutes, drillCron: plan.drill.cron ?? "", drillEveryNth: plan.drill.everyNth ?? "", drillServerUrl: plan.drillServerUrl ?? "", assertions: plan.drill.assertions, hooks: plan.hooks,
    expectedMegabytes: plan.expectedBytes === null ? "" : plan.expectedBytes / MEGABYTE, volatileTables: plan.volatileTables, hashFullMegabytes: plan.hashFullUpToBytes / MEGABYTE,
  };
}

/** The source as the server takes it. */
export function toSource(values: PlanValues): PlanSource {
  switch (values.kind) {
    case "self":
      return { kind: "self" };
    case "postgres":
      return { kind: "postgres", url: values.url.trim() };
    case "folder":
      return { kind: "folder", path: values.path.trim(), include: values.include, exclude: values.exclude, links: values.links };
    case "bucket":
      return { kind: "bucket", bucket: { kind: "s3", endpoint: values.endpoint.trim(), region: values.region, bucket: values.bucket, prefix: values.prefix, accessKeyId: values.accessKeyId, secretAccessKey: values.secretAccessKey, pathStyle: true } };
    default:
      return values.kind satisfies never;
  }
}

/** Everything as the server takes it. */
export function toPlanInput(values: PlanValues): CreatePlan {
  const isDatabase = values.kind === "self" || values.kind === "postgres";
  return {
    name: values.name, serviceId: values.service?.id ?? null, source: toSource(values), cron: values.cron, timeZone: values.timeZone, engine: values.engine,
    stores: values.storeIds.map((storeId) => ({ storeId, retention: values.retention[storeId] })),
    cipher: values.isEncrypted ? "aes-256-gcm" : "none", rpoMinutes: values.rpoMinutes, rtoMinutes: values.rtoMinutes,
    drill: { cron: values.drillCron.trim() || null, everyNth: values.drillEveryNth === "" ? null : values.drillEveryNth, assertions: values.assertions },
    drillServerUrl: (isDatabase && values.drillServerUrl.trim()) || null,
    hooks: values.hooks, expectedBytes: values.expectedMegabytes === "" ? null : Math.round(values.expectedMegabytes * MEGABYTE), volatileTables: values.volatileTables, hashFullUpToBytes: Math.round((values.hashFullMegabytes || 0) * MEGABYTE),
  };
}

/** The form's field for a path of the input. */
export function planField(path: string): string {
  if (path === "serviceId") return "service";
  if (path === "source.url") return "url";
  if (path === "source.path") return "path";
  if (path.startsWith("source.bucket.")) return path.slice("source.bucket.".length);
  if (path === "stores" || path.startsWith("stores.")) return "storeIds";
  if (path === "drill.cron") return "drillCron";
  if (path === "drill.everyNth") return "drillEveryNth";
  if (path.startsWith("drill.assertions")) return path.slice("drill.".length);
  if (path === "hashFullUpToBytes") return "hashFullMegabytes";
  return path === "expectedBytes" ? "expectedMegabytes" : path;
}
