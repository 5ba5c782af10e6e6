import { audit } from "../platform/audit.ts";
import { actorLabel, type Context } from "../platform/context.ts";
import { inTransaction } from "../platform/db.ts";
import { AppError } from "../platform/errors.ts";
import { announce } from "../platform/live/announce.ts";
import { getSettings, SETTINGS_KEY } from "./queries.ts";
import type { Settings, SettingsState, UpdateSettings } from "./schema.ts";

/** Number of the advisory lock under which settings are saved, one at a time. */
const SAVE_LOCK = 7_301_001;

/**
 * Saves the given fields. Throws `conflict` when someone saved since `revision`, `invalid` when a coarser figure would
 * be kept for a shorter time than a finer one.
 */
export async function updateSettings(ctx: Context, input: UpdateSettings): Promise<SettingsState> {
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
    await announce(tx, { topic: "settings" });
    return getSettings(tx);
  });
}

function assertWindowsGrow(values: Settings): void {
  const windows = [values.servicesRawDays, values.servicesMinuteDays, values.servicesHourDays, values.servicesDayDays];
  const grows = windows.every((days, index) => index === 0 || days >= (windows[index - 1] ?? 0));
  if (!grows) throw new AppError("invalid", "Keep coarser figures at least as long as finer ones: raw ≤ minute ≤ hour ≤ day.");
}
