/** What can be read of coverage. */
export { listCommits } from "./commits.ts";
export { compareCommits } from "./compare.ts";
export { getCoverage } from "./detail.ts";
export { latestCoverageFacts, listCoverageChanges, type CoverageFacts } from "./facts.ts";
export { listFiles, readTree } from "./files.ts";
export { readBadge, readGate, readMarkdown } from "./gate.ts";
export { listCoverage, readCoverageSummary } from "./list.ts";
export { getPolicy, listPolicies } from "./policy.ts";
export { readFile } from "./source.ts";
export { readTests } from "./tests.ts";
export { readTrend } from "./trend.ts";
export { readWorklist } from "./worklist.ts";
