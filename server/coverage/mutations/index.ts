/** What can be done about coverage. */
export { pushDiff } from "./diff.ts";
export { setPolicy } from "./policy.ts";
export { pruneCoverage } from "./prune.ts";
export { pushReport } from "./push.ts";
export { pushSources } from "./sources.ts";
export { pushTests } from "./tests.ts";
