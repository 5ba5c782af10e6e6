/** What can be read of load tests. */
export { listLoadChanges, readLoadFacts, type LoadFacts } from "./facts.ts";
export { rulesOf } from "./rows.ts";
export { compareRuns, getRules, getRun, listRules, listRuns, readTrend } from "./runs.ts";
export { listScenarios, readGate, readSummary } from "./scenarios.ts";
