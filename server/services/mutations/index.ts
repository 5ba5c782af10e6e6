/** What can be changed about services. */
export { cancelBulk, runBulk, startBulk } from "./bulk.ts";
export { addCheck, pauseCheck, removeCheck, resumeCheck, runCheckNow, runServiceNow, updateCheck } from "./checks.ts";
export { importServices } from "./import.ts";
export { resealChecks } from "./reseal.ts";
export { archiveService, createService, ensureSelf, restoreService, updateService } from "./services.ts";
export { testCheck } from "./test-check.ts";
export { recordPing } from "./ping.ts";
