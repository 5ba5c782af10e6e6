export { purgeCache, updateEgress, updateSettings } from "./settings.ts";
export { changeView, removeView, saveView } from "./views.ts";
