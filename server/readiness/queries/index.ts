/** What can be read of readiness. */
export { readBadge } from "./badge.ts";
export { getScorecard, listRules, listScores, readGate, whatIf } from "./cards.ts";
export { readChecklists } from "./checklists.ts";
export { loadFacts, OVERLAP_MS } from "./facts.ts";
export { listChanges, readFleet, readHistory } from "./history.ts";
export { getMilestone, getRisk, getWorkstream, listDeferred, listMilestones, listRisks, listWorkstreams } from "./plan.ts";
export { getPolicy } from "./policy.ts";
export { readReport } from "./report.ts";
export { getStated, listStated } from "./stated.ts";
export { getWaiver, listWaivers, readWaived, titleOfRule } from "./waivers.ts";
