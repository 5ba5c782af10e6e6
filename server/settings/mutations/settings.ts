import { audit } from "../../platform/audit.ts";
import { invalidate } from "../../platform/cache/cache.ts";
import { cache } from "../../platform/cache/process-cache.ts";
import { config } from "../../platform/config.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { EGRESS_KEY, readGrants, refreshGrants } from "../../platform/http/egress-grants.ts";
import { grantProblem } from "../../platform/http/egress-policy.ts";
import { getEgress, getSettings, SETTINGS_GROUP, SETTINGS_KEY } from "../queries/index.ts";
import type { Egress, PurgedCache, Settings, SettingsState, UpdateEgress, UpdateSettings } from "../schema.ts";

/** Number of the advisory lock under which settings are saved, one at a time. */
const SAVE_LOCK = 7_301_001;

/**
 * Saves the given fields. Throws `conflict` when someone saved since `revision`, `invalid` when a coarser figure would
 * be kept for a shorter time than a finer one.
 */
export async function updateSettings(ctx: Context, input: UpdateSettings): Promise<SettingsState> {
  const saved = await saveSettings(ctx, input);
  // Others hear of it by notification; whoever saved sees it at once.
  await cache().drop(SETTINGS_GROUP);
  return saved;
}

function saveSettings(ctx: Context, input: UpdateSettings): Promise<SettingsState> {
  return inTransaction(ctx, async (tx) => {
    await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(${SAVE_LOCK})`;
    const before = await getSettings(tx);
    if (before.revision !== input.revision) {
      throw new AppError("conflict", `Someone saved these settings meanwhile (revision ${before.revision}). Nothing was changed; reload and try again.`);
    }
    const values = { ...before.values, ...input.values };
    assertWindowsGrow(values);
    const stored = { revision: before.revision + 1, values };
    const stamp = { value: stored, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) };
    await tx.db.setting.upsert({ where: { key: SETTINGS_KEY }, create: { key: SETTINGS_KEY, ...stamp }, update: stamp });
    const changed = (Object.keys(input.values) as (keyof Settings)[]).filter((name) => before.values[name] !== values[name]);
    await audit(tx, {
      action: "settings.update",
      target: { kind: "settings", id: SETTINGS_KEY },
      summary: changed.length > 0 ? `Changed ${changed.join(", ")}` : "Saved the settings without a change",
      before: Object.fromEntries(changed.map((name) => [name, before.values[name]])),
      after: Object.fromEntries(changed.map((name) => [name, values[name]])),
    });
    await invalidate(tx, SETTINGS_GROUP);
    await announce(tx, { topic: "settings" });
    return getSettings(tx);
  });
}

function assertWindowsGrow(values: Settings): void {
  const windows = [values.servicesRawDays, values.servicesMinuteDays, values.servicesHourDays, values.servicesDayDays];
  const grows = windows.every((days, index) => index === 0 || days >= (windows[index - 1] ?? 0));
  if (!grows) throw new AppError("invalid", "Keep coarser figures at least as long as finer ones: raw ≤ minute ≤ hour ≤ day.");
}

/** Throws `invalid` with a sentence for each entry that may not be added. */
function assertGrantable(entries: readonly string[]): void {
  const problems = entries.flatMap((entry) => {
    const problem = grantProblem(entry);
    return problem === null ? [] : [`${entry} ${problem}`];
  });
  if (problems.length > 0) throw new AppError("invalid", `${problems.join("; ")}. Nothing was changed.`, { detail: { fields: { granted: problems.join("; ") } } });
}

/**
 * Replaces the destinations that the settings allow beside EGRESS_ALLOW; in force everywhere within seconds. Throws
 * `precondition` when the environment locked the list, `conflict` when someone saved since `revision`, `invalid` for
 * entries that mean a metadata address or more than a private network.
 */
export async function updateEgress(ctx: Context, input: UpdateEgress): Promise<Egress> {
  if (config().EGRESS_LOCKED) throw new AppError("precondition", "EGRESS_LOCKED is set: the environment alone decides where calls may go. Nothing was changed.");
  const granted = [...new Set(input.granted)];
  assertGrantable(granted);
  const saved = await inTransaction(ctx, async (tx) => {
    await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(${SAVE_LOCK})`;
    const before = await readGrants(tx.db);
    if (before.revision !== input.revision) {
      throw new AppError("conflict", `Someone changed this list meanwhile (revision ${before.revision}). Nothing was changed; reload and try again.`);
    }
    const stamp = { value: { revision: before.revision + 1, granted }, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) };
    await tx.db.setting.upsert({ where: { key: EGRESS_KEY }, create: { key: EGRESS_KEY, ...stamp }, update: stamp });
    await audit(tx, {
      action: "settings.updateEgress",
      target: { kind: "settings", id: EGRESS_KEY },
      summary: granted.length > 0 ? `Allowed calls to ${granted.join(", ")}` : "Allowed calls to nothing beyond the environment",
      before: { granted: before.granted },
      after: { granted },
    });
    await announce(tx, { topic: "settings" });
    return getEgress(tx);
  });
  await refreshGrants(ctx.db);
  return saved;
}

/** Makes every process forget its cached answers; they are made again when asked for. */
export async function purgeCache(ctx: Context): Promise<PurgedCache> {
  await inTransaction(ctx, async (tx) => {
    await invalidate(tx, "*");
    await audit(tx, { action: "settings.purgeCache", target: { kind: "cache", id: "all" }, summary: "Purged the cache" });
  });
  return { dropped: await cache().drop("*") };
}
