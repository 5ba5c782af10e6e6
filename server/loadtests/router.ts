/** The procedures of load tests, over tRPC and REST. */
import { may, router } from "../platform/trpc.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import * as words from "./schema.ts";
import { reportUpload } from "./upload.ts";

const reads = { access: "viewer", tier: "read" } as const;
const writes = { access: "editor", tier: "write" } as const;

export const loadtestsRouter = router({
  summary: may("loadtests:summary", { ...reads, lastKnown: "role", rest: "GET /loadtests/summary", summary: "Show how load tests stand" })
    .input(words.NoInput)
    .output(words.LoadSummary)
    .query(({ ctx }) => queries.readSummary(ctx)),
  scenarios: may("loadtests:scenarios", { ...reads, lastKnown: "role", rest: "GET /loadtests/scenarios", summary: "List scenarios with their newest run" })
    .input(words.ListScenarios)
    .output(words.ScenarioPage)
    .query(({ ctx, input }) => queries.listScenarios(ctx, input)),
  list: may("loadtests:list", { ...reads, rest: "GET /loadtests", summary: "List runs" })
    .input(words.ListRuns)
    .output(words.RunPage)
    .query(({ ctx, input }) => queries.listRuns(ctx, input)),
  get: may("loadtests:get", { ...reads, lastKnown: "role", rest: "GET /loadtests/runs/{id}", summary: "Read a run" })
    .input(words.RunId)
    .output(words.RunDetail)
    .query(({ ctx, input }) => queries.getRun(ctx, input)),
  compare: may("loadtests:compare", { ...reads, rest: "GET /loadtests/compare", summary: "Compare two runs of one service" })
    .input(words.CompareRuns)
    .output(words.Comparison)
    .query(({ ctx, input }) => queries.compareRuns(ctx, input)),
  trend: may("loadtests:trend", { ...reads, rest: "GET /loadtests/trend", summary: "Read a scenario over time" })
    .input(words.ReadTrend)
    .output(words.Trend)
    .query(({ ctx, input }) => queries.readTrend(ctx, input)),
  gate: may("loadtests:gate", { ...reads, rest: "GET /loadtests/gate", summary: "Ask whether the load tests of a service hold, and why not" })
    .input(words.Gate)
    .output(words.GateAnswer)
    .query(({ ctx, input }) => queries.readGate(ctx, input)),
  push: may("loadtests:push", { access: "editor", tier: "api", isCreate: true, upload: reportUpload.rule, rest: "POST /loadtests/reports", summary: "Send the report of k6, autocannon or Artillery" })
    .input(words.PushRun)
    .output(words.PushedRun)
    .mutation(({ ctx, input }) => mutations.pushRun(ctx, input)),
  promote: may("loadtests:promote", { ...writes, rest: "POST /loadtests/runs/{id}/promote", summary: "Make a run the baseline of its scenario and profile" })
    .input(words.RunId)
    .output(words.RunDetail)
    .mutation(({ ctx, input }) => mutations.promoteRun(ctx, input)),
  remove: may("loadtests:remove", { ...writes, isDestructive: true, rest: "DELETE /loadtests/runs/{id}", summary: "Remove a run" })
    .input(words.RunId)
    .output(words.Done)
    .mutation(({ ctx, input }) => mutations.removeRun(ctx, input)),
  rules: may("loadtests:rules", { ...reads, rest: "GET /loadtests/rules", summary: "Read how the runs of a service are judged" })
    .input(words.RulesOf)
    .output(words.RulesState)
    .query(({ ctx, input }) => queries.getRules(ctx, input)),
  ruleSets: may("loadtests:ruleSets", { ...reads, rest: "GET /loadtests/rule-sets", summary: "List how runs are judged, where somebody set it" })
    .input(words.ListRules)
    .output(words.RulesPage)
    .query(({ ctx, input }) => queries.listRules(ctx, input)),
  updateRules: may("loadtests:updateRules", { ...writes, rest: "PUT /loadtests/rules", summary: "Change how the runs of a service are judged" })
    .input(words.UpdateRules)
    .output(words.RulesState)
    .mutation(({ ctx, input }) => mutations.updateRules(ctx, input)),
});
