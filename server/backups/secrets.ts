/**
 * Secrets of stores, sources and hooks: sealed for the database, masked for the screen, carried over when a form sends
 * the mask back. A kept secret never follows a changed target: whoever redirects one must know its secret.
 */
import { open, seal } from "../platform/crypto.ts";
import { AppError } from "../platform/errors.ts";
import type { Hook } from "./schema/hooks.ts";
import type { PlanSource } from "./schema/plan-source.ts";
import type { S3StoreConfig, StoreConfig } from "./schema/store-config.ts";

/** Stands for a secret that is set; sent back unchanged it means "keep it". Survives in an address unescaped. */
export const SECRET_MASK = "********";

const STORE = "backups.store";
const SOURCE = "backups.source";
const HOOK = "backups.hook";
const TARGET = "backups.target";
const DRILL_SERVER = "backups.drillServer";

type Change = (secret: string) => string;

const mapBucket = (bucket: S3StoreConfig, change: Change): S3StoreConfig => ({ ...bucket, secretAccessKey: change(bucket.secretAccessKey) });
const mapStore = (config: StoreConfig, change: Change): StoreConfig => (config.kind === "s3" ? mapBucket(config, change) : config);

function mapSource(source: PlanSource, change: Change): PlanSource {
  switch (source.kind) {
    case "postgres":
      return { ...source, url: change(source.url) };
    case "bucket":
      return { ...source, bucket: mapBucket(source.bucket, change) };
    case "self":
    case "folder":
      return source;
    default:
      return source satisfies never;
  }
}

const needsAgain = (field: string) =>
  new AppError("invalid", "Enter the secret again: it is not kept when the target changes.", { detail: { fields: { [field]: "Enter the secret again" } } });

/** Hides the password of an address. */
export function maskPassword(address: string): string {
  const url = new URL(address);
  if (url.password) url.password = SECRET_MASK;
  return url.href;
}

function carryPassword(next: string, previous: string | null, field: string): string {
  const to = new URL(next);
  if (to.password !== SECRET_MASK) return next;
  const from = previous === null ? null : new URL(previous);
  if (!from || to.host !== from.host || to.username !== from.username) throw needsAgain(field);
  to.password = from.password;
  return to.href;
}

function carryBucket(next: S3StoreConfig, previous: S3StoreConfig | null, field: string): S3StoreConfig {
  if (next.secretAccessKey !== SECRET_MASK) return next;
  if (!previous || previous.endpoint !== next.endpoint || previous.accessKeyId !== next.accessKeyId) throw needsAgain(field);
  return { ...next, secretAccessKey: previous.secretAccessKey };
}

export const sealStore = (config: StoreConfig): StoreConfig => mapStore(config, (secret) => seal(secret, STORE));
export const openStoreConfig = (stored: StoreConfig): StoreConfig => mapStore(stored, (sealed) => open(sealed, STORE));
export const maskStore = (config: StoreConfig): StoreConfig => mapStore(config, () => SECRET_MASK);

/** Replaces a mask in `next` by the secret of `previous` (both opened). Throws AppError `invalid` when there is none to keep. */
export function carryStore(next: StoreConfig, previous: StoreConfig | null): StoreConfig {
  return next.kind === "s3" ? carryBucket(next, previous?.kind === "s3" ? previous : null, "config.secretAccessKey") : next;
}

export const sealSource = (source: PlanSource): PlanSource => mapSource(source, (secret) => seal(secret, SOURCE));
export const openSource = (stored: PlanSource): PlanSource => mapSource(stored, (sealed) => open(sealed, SOURCE));
export const maskSource = (source: PlanSource): PlanSource => mapSource(source, source.kind === "postgres" ? maskPassword : () => SECRET_MASK);

/** As `carryStore`, for a plan's source. */
export function carrySource(next: PlanSource, previous: PlanSource | null): PlanSource {
  if (next.kind === "postgres") return { ...next, url: carryPassword(next.url, previous?.kind === "postgres" ? previous.url : null, "source.url") };
  if (next.kind === "bucket") return { ...next, bucket: carryBucket(next.bucket, previous?.kind === "bucket" ? previous.bucket : null, "source.bucket.secretAccessKey") };
  return next;
}

export const sealDrillServer = (url: string): string => seal(url, DRILL_SERVER);
export const openDrillServer = (sealed: string): string => open(sealed, DRILL_SERVER);

/** As `carryStore`, for the address of a drill server. */
export const carryDrillServer = (next: string, previous: string | null): string => carryPassword(next, previous, "drillServerUrl");

/** Addresses of hooks often are the secret themselves (a token in the path), so the whole address is sealed. */
export const sealHooks = (hooks: readonly Hook[]): Hook[] => hooks.map((hook) => ({ ...hook, url: seal(hook.url, HOOK) }));
export const openHooks = (stored: readonly Hook[]): Hook[] => stored.map((hook) => ({ ...hook, url: open(hook.url, HOOK) }));

/** Shows where a hook calls without what may be its token. */
export const maskHooks = (hooks: readonly Hook[]): Hook[] => hooks.map((hook) => ({ ...hook, url: `${new URL(hook.url).origin}/${SECRET_MASK}` }));

/** Keeps the addresses of hooks that come back masked. */
export function carryHooks(next: readonly Hook[], previous: readonly Hook[]): Hook[] {
  return next.map((hook) => {
    if (!hook.url.endsWith(SECRET_MASK)) return hook;
    const kept = previous.find((former) => former.when === hook.when && new URL(former.url).origin === new URL(hook.url).origin);
    if (!kept) throw needsAgain("hooks");
    return { ...hook, url: kept.url };
  });
}

export const sealTarget = (url: string): string => seal(url, TARGET);
export const openTarget = (sealed: string): string => open(sealed, TARGET);

/** Every sealed value of a stored JSON value, at any depth. */
export function sealedIn(value: unknown): string[] {
  if (typeof value === "string") return value.startsWith("sw1:") ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(sealedIn);
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(sealedIn) : [];
}
