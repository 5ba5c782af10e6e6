export { getCacheState, getEffectiveConfig, getEgress, getKnownSettings, getSettings, maskUrl, SETTINGS_GROUP, SETTINGS_KEY, testAddress } from "./settings.ts";
export { listViews, ownerOf, toSavedView } from "./views.ts";
