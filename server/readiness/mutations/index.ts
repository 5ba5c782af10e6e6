export { adoptList, answerItem } from "./answers.ts";
export { shareBadge } from "./badge.ts";
export { evaluate } from "./evaluate.ts";
export { follow } from "./follow.ts";
export { observe } from "./observe.ts";
export { createDeferred, createMilestone, createRisk, createWorkstream, removeDeferred, removeMilestone, removeWorkstream, updateMilestone, updateRisk, updateWorkstream } from "./plan.ts";
export { evaluateNow, removeStated, stateScore, updatePolicy } from "./policy.ts";
export { decideWaiver, requestWaiver, withdrawWaiver } from "./waivers.ts";
