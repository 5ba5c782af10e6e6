/** Changes of backups. */
export { attachStore } from "./attach.ts";
export { cancelDrill, drillNow, startDueDrills } from "./drills.ts";
export { takeKit } from "./kit.ts";
export { ensureOwnPlan } from "./own.ts";
export { archivePlan, checkPlan, createPlan, pausePlan, resumePlan, unarchivePlan, updatePlan } from "./plans.ts";
export { resealBackups } from "./reseal.ts";
export { cancelRestore, prepareRestore, startRestore } from "./restores.ts";
export { applyRetention, decideCopies } from "./retention.ts";
export { acceptBackup, cancelRun, lockBackup, runNow, startDueRuns, unlockBackup } from "./runs.ts";
export { startDrill, startRun } from "./start.ts";
export { addStore, removeStore, testStore, updateStore } from "./stores.ts";
