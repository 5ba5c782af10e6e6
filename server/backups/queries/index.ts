/** Reads of backups. */
export { countBackupsByKey, countRunsBegunBefore } from "./sealed.ts";
export { findPlan, getPlan, listPlans, type PlanWithStores } from "./plans.ts";
export { previewRetention } from "./retention.ts";
export { latestBackupFacts, listBackupChanges, type BackupFacts } from "./latest.ts";
export { findRun, getDrill, getRestore, getRun, listDrills, listRestores, listRuns, readHistory, readLog } from "./runs.ts";
export { findStore, listStores } from "./stores.ts";
export { previewSchedule, readAllPlans, readBackupsSummary, readKitStatus } from "./summary.ts";
