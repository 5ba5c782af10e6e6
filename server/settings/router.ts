import { may, router } from "../platform/trpc.ts";
import { updateSettings } from "./mutations.ts";
import { getEffectiveConfig, getSettings } from "./queries.ts";
import { EffectiveConfig, NoInput, SettingsState, UpdateSettings } from "./schema.ts";

/** The console's own settings. */
export const settingsRouter = router({
  get: may("settings:get", { access: "viewer", tier: "read", lastKnown: "role", rest: "GET /settings", summary: "Show the settings in force" })
    .input(NoInput)
    .output(SettingsState)
    .query(({ ctx }) => getSettings(ctx)),
  update: may("settings:update", { access: "admin", tier: "write", rest: "PATCH /settings", summary: "Change settings" })
    .input(UpdateSettings)
    .output(SettingsState)
    .mutation(({ ctx, input }) => updateSettings(ctx, input)),
  effectiveConfig: may("settings:effectiveConfig", { access: "admin", tier: "read", lastKnown: "role", rest: "GET /settings/environment", summary: "Show the environment the process read" })
    .input(NoInput)
    .output(EffectiveConfig)
    .query(() => getEffectiveConfig()),
});
