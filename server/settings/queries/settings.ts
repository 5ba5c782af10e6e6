import { MAX_ITEMS, TTL_MS } from "../../platform/cache/cache.ts";
import { cache } from "../../platform/cache/process-cache.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import { CONFIG_FIELDS, config, setNames, type Config } from "../../platform/config.ts";
import type { Context } from "../../platform/context.ts";
import { EGRESS_KEY, readGrants } from "../../platform/http/egress-grants.ts";
import { explainAddress } from "../../platform/http/explain.ts";
import { sendsMail } from "../../platform/mail/mailer.ts";
import { DEFAULT_SETTINGS, Settings, type CacheState, type ConfigEntry, type EffectiveConfig, type Egress, type SettingsState, type TestAddress, type TestedAddress } from "../schema.ts";

/** The row of the table `setting` that holds everything: `{ revision, values }`. */
export const SETTINGS_KEY = "settings.values";

/** The group of cached answers that a save drops. */
export const SETTINGS_GROUP = "settings";

type Stored = { revision?: unknown; values?: Record<string, unknown> };

/** Reads each field by itself, so one value from another version never costs the others. */
function readValues(ctx: Context, stored: Record<string, unknown>): Settings {
  const values: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [name, field] of Object.entries(Settings.shape)) {
    if (!(name in stored)) continue;
    const parsed = field.safeParse(stored[name]);
    if (parsed.success) values[name] = parsed.data;
    else ctx.log.warn({ setting: name }, "stored setting is not valid, its default is used");
  }
  return values as Settings;
}

/** The settings in force: saved values over defaults. One indexed read. */
export async function getSettings(ctx: Context): Promise<SettingsState> {
  const row = await ctx.db.setting.findUnique({ where: { key: SETTINGS_KEY } });
  const stored = (row?.value ?? {}) as Stored;
  const values = readValues(ctx, stored.values ?? {});
  return {
    revision: typeof stored.revision === "number" ? stored.revision : 0,
    values,
    environment: values.environmentLabel ?? config().SEAWORTHY_ENVIRONMENT,
    sendsMail: sendsMail(),
    updatedAt: row?.updatedAt ?? null,
    updatedBy: row?.updatedBy ?? null,
  };
}

/** The same for people who look, from the cache; saving drops it. */
export function getKnownSettings(ctx: Context): Promise<SettingsState> {
  return cache().through(SETTINGS_GROUP, "state", () => getSettings(ctx));
}

const SECRET_NAMES = new Set<string>(["AUTH_SECRET", "UPSTASH_REDIS_REST_TOKEN", "SEAWORTHY_ADMIN_PASSWORD", "OIDC_CLIENT_SECRET"]);
const CREDENTIAL_URLS = new Set<string>(["DATABASE_URL", "REDIS_URL", "UPSTASH_REDIS_REST_URL", "SMTP_URL"]);
const MASK = "••••";

/** Hides user, password and query of an address; all of it when it cannot be read. */
export function maskUrl(text: string): string {
  const url = URL.parse(text);
  if (!url) return MASK;
  const credentials = url.username || url.password ? `${MASK}@` : "";
  return `${url.protocol}//${credentials}${url.host}${url.pathname}${url.search ? `?${MASK}` : ""}`;
}

function showValue(name: string, value: Config[keyof Config]): string | null {
  if (value === undefined) return null;
  if (SECRET_NAMES.has(name)) return MASK;
  const text = Array.isArray(value) ? value.join(", ") : String(value);
  return CREDENTIAL_URLS.has(name) ? maskUrl(text) : text;
}

/** Every variable of the process contract with the value in force, secrets masked. */
export function getEffectiveConfig(values: Config = config(), names: ReadonlySet<string> = setNames()): EffectiveConfig {
  const entries = Object.entries(CONFIG_FIELDS).map(
    ([name, field]): ConfigEntry => ({
      name,
      about: field.about,
      isSecret: SECRET_NAMES.has(name) || CREDENTIAL_URLS.has(name),
      isSet: names.has(name),
      value: showValue(name, values[name as keyof Config]),
      default: field.default,
    }),
  );
  return { entries };
}

/** Where guarded calls may go: what the settings and the environment allow. */
export async function getEgress(ctx: Context): Promise<Egress> {
  const row = await ctx.db.setting.findUnique({ where: { key: EGRESS_KEY }, select: { updatedAt: true, updatedBy: true } });
  const { revision, granted } = await readGrants(ctx.db);
  const { EGRESS_ALLOW, EGRESS_LOCKED } = config();
  return { revision, granted, environment: EGRESS_ALLOW, isLocked: EGRESS_LOCKED, updatedAt: row?.updatedAt ?? null, updatedBy: row?.updatedBy ?? null };
}

/** What the guard says of an address, without calling it. */
export function testAddress(ctx: Context, { address }: TestAddress): Promise<TestedAddress> {
  return explainAddress(ctx.http, address);
}

/** The cache of the process that answers. */
export function getCacheState(): CacheState {
  const { layer, items, hits, misses } = cache().facts();
  const lookups = hits + misses;
  return { layer, items, maxItems: MAX_ITEMS, ttlSeconds: TTL_MS / SECOND_MS, hits, misses, hitRate: lookups === 0 ? null : hits / lookups };
}
