import { may, router } from "../platform/trpc.ts";
import { changeView, purgeCache, removeView, saveView, updateEgress, updateSettings } from "./mutations/index.ts";
import { getCacheState, getEffectiveConfig, getEgress, getKnownSettings, listViews, testAddress } from "./queries/index.ts";
import { CacheState, ChangeView, Done, EffectiveConfig, Egress, ListViews, NoInput, PurgedCache, SavedView, SaveView, SettingsState, TestAddress, TestedAddress, UpdateEgress, UpdateSettings, ViewId, ViewList } from "./schema.ts";

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
  views: may("settings:views", { access: "viewer", tier: "read", rest: "GET /settings/views", summary: "List saved views of a list, one's own and the shared ones" })
    .input(ListViews)
    .output(ViewList)
    .query(({ ctx, input }) => listViews(ctx, input)),
  saveView: may("settings:saveView", { access: "viewer", tier: "write", isCreate: true, rest: "POST /settings/views", summary: "Save a view of a list" })
    .input(SaveView)
    .output(SavedView)
    .mutation(({ ctx, input }) => saveView(ctx, input)),
  changeView: may("settings:changeView", { access: "viewer", tier: "write", rest: "PATCH /settings/views/{id}", summary: "Change a saved view" })
    .input(ChangeView)
    .output(SavedView)
    .mutation(({ ctx, input }) => changeView(ctx, input)),
  removeView: may("settings:removeView", { access: "viewer", tier: "write", isBatchable: false, rest: "DELETE /settings/views/{id}", summary: "Remove a saved view" })
    .input(ViewId)
    .output(Done)
    .mutation(({ ctx, input }) => removeView(ctx, input)),
});
