/** The procedures of readiness, over tRPC and REST. */
import * as z from "zod";
import { may, router } from "../platform/trpc.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import * as words from "./schema/index.ts";

const reads = { access: "viewer", tier: "read" } as const;
const writes = { access: "editor", tier: "write" } as const;
const rules = { access: "admin", tier: "write" } as const;
const Evaluated = z.object({ services: z.number().int(), changed: z.number().int() });

export const readinessRouter = router({
  summary: may("readiness:summary", { ...reads, lastKnown: "role", rest: "GET /readiness/summary", summary: "Show the score of all services together" })
    .input(words.NoInput)
    .output(words.FleetSummary)
    .query(({ ctx }) => queries.readFleet(ctx)),
  list: may("readiness:list", { ...reads, lastKnown: "role", rest: "GET /readiness", summary: "List services by score" })
    .input(words.ListScores)
    .output(words.ScorePage)
    .query(({ ctx, input }) => queries.listScores(ctx, input)),
  get: may("readiness:get", { ...reads, lastKnown: "role", rest: "GET /services/{id}/readiness", summary: "Read the scorecard of a service, judged now" })
    .input(words.ServiceKey)
    .output(words.Scorecard)
    .query(({ ctx, input }) => queries.getScorecard(ctx, input)),
  gate: may("readiness:gate", { ...reads, rest: "GET /services/{id}/readiness/gate", summary: "Ask whether a service may go out, and why not" })
    .input(words.Gate)
    .output(words.GateAnswer)
    .query(({ ctx, input }) => queries.readGate(ctx, input)),
  whatIf: may("readiness:whatIf", { ...reads, rest: "GET /services/{id}/readiness/what-if", summary: "Compute the score as if rules held" })
    .input(words.WhatIf)
    .output(words.WhatIfAnswer)
    .query(({ ctx, input }) => queries.whatIf(ctx, input)),
  report: may("readiness:report", { ...reads, rest: "GET /services/{id}/readiness/report", summary: "Write the pre-production review of a service" })
    .input(words.ReadReport)
    .output(words.Report)
    .query(({ ctx, input }) => queries.readReport(ctx, input)),
  history: may("readiness:history", { ...reads, rest: "GET /readiness/history", summary: "Read the score over time" })
    .input(words.ReadHistory)
    .output(words.History)
    .query(({ ctx, input }) => queries.readHistory(ctx, input)),
  changes: may("readiness:changes", { ...reads, rest: "GET /readiness/changes", summary: "List what changed the score between two dates" })
    .input(words.ListChanges)
    .output(words.ChangePage)
    .query(({ ctx, input }) => queries.listChanges(ctx, input)),
  rules: may("readiness:rules", { ...reads, rest: "GET /readiness/rules", summary: "List all rules" })
    .input(words.NoInput)
    .output(words.RuleList)
    .query(({ ctx }) => queries.listRules(ctx)),
  evaluate: may("readiness:evaluate", { ...writes, rest: "POST /services/{id}/readiness/evaluate", summary: "Judge a service again and look at its addresses" })
    .input(words.ServiceKey)
    .output(Evaluated)
    .mutation(({ ctx, input }) => mutations.evaluateNow(ctx, input)),
  checklists: may("readiness:checklists", { ...reads, rest: "GET /services/{id}/readiness/checklists", summary: "Read the lists of questions of a service" })
    .input(words.ReadChecklists)
    .output(words.ChecklistSet)
    .query(({ ctx, input }) => queries.readChecklists(ctx, input)),
  adoptList: may("readiness:adoptList", { ...writes, rest: "POST /services/{id}/readiness/checklists", summary: "Adopt or drop a list of questions" })
    .input(words.AdoptList)
    .output(words.ChecklistSet)
    .mutation(({ ctx, input }) => mutations.adoptList(ctx, input)),
  answerItem: may("readiness:answerItem", { ...writes, rest: "PUT /services/{id}/readiness/answers", summary: "Answer a question" })
    .input(words.AnswerItem)
    .output(words.ChecklistSet)
    .mutation(({ ctx, input }) => mutations.answerItem(ctx, input)),
  waivers: may("readiness:waivers", { ...reads, rest: "GET /readiness/waivers", summary: "List waivers" })
    .input(words.ListWaivers)
    .output(words.WaiverPage)
    .query(({ ctx, input }) => queries.listWaivers(ctx, input)),
  requestWaiver: may("readiness:requestWaiver", { ...writes, isCreate: true, rest: "POST /services/{id}/readiness/waivers", summary: "Ask for a waiver of a rule" })
    .input(words.RequestWaiver)
    .output(words.Waiver)
    .mutation(({ ctx, input }) => mutations.requestWaiver(ctx, input)),
  decideWaiver: may("readiness:decideWaiver", { ...rules, rest: "POST /readiness/waivers/{waiver}/decide", summary: "Approve or deny a waiver that somebody else asked for" })
    .input(words.DecideWaiver)
    .output(words.Waiver)
    .mutation(({ ctx, input }) => mutations.decideWaiver(ctx, input)),
  withdrawWaiver: may("readiness:withdrawWaiver", { ...writes, rest: "POST /readiness/waivers/{waiver}/withdraw", summary: "Take a waiver back" })
    .input(words.WaiverId)
    .output(words.Waiver)
    .mutation(({ ctx, input }) => mutations.withdrawWaiver(ctx, input)),
  policy: may("readiness:policy", { ...reads, rest: "GET /readiness/policy", summary: "Read the weights and the goal" })
    .input(words.NoInput)
    .output(words.Policy)
    .query(({ ctx }) => queries.getPolicy(ctx)),
  updatePolicy: may("readiness:updatePolicy", { ...rules, rest: "PATCH /readiness/policy", summary: "Change the weights or the goal" })
    .input(words.UpdatePolicy)
    .output(words.Policy)
    .mutation(({ ctx, input }) => mutations.updatePolicy(ctx, input)),
  stateScore: may("readiness:stateScore", { ...writes, isCreate: true, rest: "POST /readiness/history", summary: "Put a stated score of the past into the history" })
    .input(words.StateScore)
    .output(words.Done)
    .mutation(({ ctx, input }) => mutations.stateScore(ctx, input)),
  stated: may("readiness:stated", { ...reads, rest: "GET /readiness/stated", summary: "List stated scores of the past" })
    .input(words.ListStated)
    .output(words.StatedPage)
    .query(({ ctx, input }) => queries.listStated(ctx, input)),
  removeStated: may("readiness:removeStated", { ...writes, isDestructive: true, rest: "DELETE /readiness/stated/{point}", summary: "Remove a stated score" })
    .input(words.StatedId)
    .output(words.Done)
    .mutation(({ ctx, input }) => mutations.removeStated(ctx, input)),
  badge: may("readiness:badge", { access: "public", tier: "status", rest: "GET /services/{id}/readiness/badge", summary: "Read the figure of a badge for shields.io" })
    .input(words.ServiceKey)
    .output(words.Badge)
    .query(({ ctx, input }) => queries.readBadge(ctx, input)),
  shareBadge: may("readiness:shareBadge", { ...writes, rest: "PUT /services/{id}/readiness/badge", summary: "Show the badge of a service to everybody, or to nobody without a sign-in" })
    .input(words.ShareBadge)
    .output(words.Done)
    .mutation(({ ctx, input }) => mutations.shareBadge(ctx, input)),
  risks: may("readiness:risks", { ...reads, rest: "GET /readiness/risks", summary: "List risks" })
    .input(words.ListRisks)
    .output(words.RiskPage)
    .query(({ ctx, input }) => queries.listRisks(ctx, input)),
  createRisk: may("readiness:createRisk", { ...writes, isCreate: true, rest: "POST /readiness/risks", summary: "Enter a risk" })
    .input(words.CreateRisk)
    .output(words.Risk)
    .mutation(({ ctx, input }) => mutations.createRisk(ctx, input)),
  updateRisk: may("readiness:updateRisk", { ...writes, rest: "PATCH /readiness/risks/{risk}", summary: "Change, close or open a risk" })
    .input(words.UpdateRisk)
    .output(words.Risk)
    .mutation(({ ctx, input }) => mutations.updateRisk(ctx, input)),
  workstreams: may("readiness:workstreams", { ...reads, rest: "GET /readiness/workstreams", summary: "List workstreams with their measured progress" })
    .input(words.NoInput)
    .output(words.WorkstreamList)
    .query(({ ctx }) => queries.listWorkstreams(ctx)),
  createWorkstream: may("readiness:createWorkstream", { ...writes, isCreate: true, rest: "POST /readiness/workstreams", summary: "Add a workstream" })
    .input(words.CreateWorkstream)
    .output(words.Workstream)
    .mutation(({ ctx, input }) => mutations.createWorkstream(ctx, input)),
  updateWorkstream: may("readiness:updateWorkstream", { ...writes, rest: "PATCH /readiness/workstreams/{workstream}", summary: "Change a workstream" })
    .input(words.UpdateWorkstream)
    .output(words.Workstream)
    .mutation(({ ctx, input }) => mutations.updateWorkstream(ctx, input)),
  removeWorkstream: may("readiness:removeWorkstream", { ...writes, isDestructive: true, rest: "DELETE /readiness/workstreams/{workstream}", summary: "Remove a workstream" })
    .input(words.WorkstreamId)
    .output(words.Done)
    .mutation(({ ctx, input }) => mutations.removeWorkstream(ctx, input)),
  milestones: may("readiness:milestones", { ...reads, rest: "GET /readiness/milestones", summary: "List milestones" })
    .input(words.NoInput)
    .output(words.MilestoneList)
    .query(({ ctx }) => queries.listMilestones(ctx)),
  createMilestone: may("readiness:createMilestone", { ...writes, isCreate: true, rest: "POST /readiness/milestones", summary: "Add a milestone" })
    .input(words.CreateMilestone)
    .output(words.Milestone)
    .mutation(({ ctx, input }) => mutations.createMilestone(ctx, input)),
  updateMilestone: may("readiness:updateMilestone", { ...writes, rest: "PATCH /readiness/milestones/{milestone}", summary: "Change a milestone" })
    .input(words.UpdateMilestone)
    .output(words.Milestone)
    .mutation(({ ctx, input }) => mutations.updateMilestone(ctx, input)),
  removeMilestone: may("readiness:removeMilestone", { ...writes, isDestructive: true, rest: "DELETE /readiness/milestones/{milestone}", summary: "Remove a milestone" })
    .input(words.MilestoneId)
    .output(words.Done)
    .mutation(({ ctx, input }) => mutations.removeMilestone(ctx, input)),
  deferred: may("readiness:deferred", { ...reads, rest: "GET /readiness/deferred", summary: "List what was put off" })
    .input(words.NoInput)
    .output(words.DeferredList)
    .query(({ ctx }) => queries.listDeferred(ctx)),
  createDeferred: may("readiness:createDeferred", { ...writes, isCreate: true, rest: "POST /readiness/deferred", summary: "Put work off, visibly" })
    .input(words.CreateDeferred)
    .output(words.Done.extend({ deferred: z.string() }))
    .mutation(({ ctx, input }) => mutations.createDeferred(ctx, input)),
  removeDeferred: may("readiness:removeDeferred", { ...writes, isDestructive: true, rest: "DELETE /readiness/deferred/{deferred}", summary: "Take work back from the list of what was put off" })
    .input(words.DeferredId)
    .output(words.Done)
    .mutation(({ ctx, input }) => mutations.removeDeferred(ctx, input)),
});
