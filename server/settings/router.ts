import { may, router } from "../platform/trpc.ts";
import { purgeCache, updateEgress, updateSettings } from "./mutations.ts";
import { getCacheState, getEffectiveConfig, getEgress, getKnownSettings, testAddress } from "./queries.ts";
import { CacheState, EffectiveConfig, Egress, NoInput, PurgedCache, SettingsState, TestAddress, TestedAddress, UpdateEgress, UpdateSettings } from "./schema.ts";

/** The console's own settings. */
export const settingsRouter = router({
  get: may("settings:get", { access: "viewer", tier: "read", lastKnown: "role", rest: "GET /settings", summary: "Show the settings in force" })
    .input(NoInput)
    .output(SettingsState)
    .query(({ ctx }) => getKnownSettings(ctx)),
  update: may("settings:update", { access: "admin", tier: "write", rest: "PATCH /settings", summary: "Change settings" })
    .input(UpdateSettings)
    .output(SettingsState)
    .mutation(({ ctx, input }) => updateSettings(ctx, input)),
  effectiveConfig: may("settings:effectiveConfig", { access: "admin", tier: "read", lastKnown: "role", rest: "GET /settings/environment", summary: "Show the environment the process read" })
    .input(NoInput)
    .output(EffectiveConfig)
    .query(() => getEffectiveConfig()),
  egress: may("settings:egress", { access: "admin", tier: "read", rest: "GET /settings/egress", summary: "Show where guarded calls may go" })
    .input(NoInput)
    .output(Egress)
    .query(({ ctx }) => getEgress(ctx)),
  updateEgress: may("settings:updateEgress", { access: "admin", tier: "write", rest: "PUT /settings/egress", summary: "Change where guarded calls may go" })
    .input(UpdateEgress)
    .output(Egress)
    .mutation(({ ctx, input }) => updateEgress(ctx, input)),
  testAddress: may("settings:testAddress", { access: "admin", tier: "read", rest: "GET /settings/egress/test", summary: "Tell whether a guarded call may reach an address" })
    .input(TestAddress)
    .output(TestedAddress)
    .query(({ ctx, input }) => testAddress(ctx, input)),
  cache: may("settings:cache", { access: "viewer", tier: "read", rest: "GET /settings/cache", summary: "Show how the cache does" })
    .input(NoInput)
    .output(CacheState)
    .query(() => getCacheState()),
  purgeCache: may("settings:purgeCache", { access: "admin", tier: "write", rest: "POST /settings/cache/purge", summary: "Forget all cached answers" })
    .input(NoInput)
    .output(PurgedCache)
    .mutation(({ ctx }) => purgeCache(ctx)),
});
