export { prune, unblock } from "./blocks.ts";
export { endExemption, exemptKey, removeOverride, setOverride } from "./exceptions.ts";
export { setHeaders, setWindow } from "./windows.ts";
