/** The procedures of coverage, over tRPC and REST. Reports and test results are files: their REST body is the file itself. */
import * as z from "zod";
import { may, router } from "../platform/trpc.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import * as words from "./schema/index.ts";
import { reportUpload, testsUpload } from "./upload.ts";

const reads = { access: "viewer", tier: "read" } as const;
const writes = { access: "editor", tier: "write" } as const;
/** Pipelines send a report per flag, so they are charged as calls; the tier `upload` is for people with documents. */
const uploads = { access: "editor", tier: "api", isCreate: true } as const;

export const coverageRouter = router({
  list: may("coverage:list", { ...reads, lastKnown: "role", rest: "GET /coverage", summary: "List services with their coverage, worst first" })
    .input(words.ListCoverage)
    .output(words.CoveragePage)
    .query(({ ctx, input }) => queries.listCoverage(ctx, input)),
  summary: may("coverage:summary", { ...reads, lastKnown: "role", rest: "GET /coverage/summary", summary: "Count services by the verdict of their gate, with the trend of one" })
    .input(z.object({}))
    .output(words.CoverageSummary)
    .query(({ ctx }) => queries.readCoverageSummary(ctx)),
  get: may("coverage:get", { ...reads, lastKnown: "role", rest: "GET /coverage/{service}", summary: "Read a service's coverage at a commit" })
    .input(words.ViewInput)
    .output(words.CoverageDetail)
    .query(({ ctx, input }) => queries.getCoverage(ctx, input)),
  trend: may("coverage:trend", { ...reads, rest: "GET /coverage/{service}/trend", summary: "Read coverage over time" })
    .input(words.TrendInput)
    .output(words.Trend)
    .query(({ ctx, input }) => queries.readTrend(ctx, input)),
  commits: may("coverage:commits", { ...reads, rest: "GET /coverage/{service}/commits", summary: "List commits with their coverage, newest first" })
    .input(words.ListCommits)
    .output(words.CommitPage)
    .query(({ ctx, input }) => queries.listCommits(ctx, input)),
  files: may("coverage:files", { ...reads, rest: "GET /coverage/{service}/files", summary: "List the files of a commit" })
    .input(words.ListFiles)
    .output(words.FilePage)
    .query(({ ctx, input }) => queries.listFiles(ctx, input)),
  tree: may("coverage:tree", { ...reads, rest: "GET /coverage/{service}/tree", summary: "Read one level of a commit's folders" })
    .input(words.TreeInput)
    .output(words.Tree)
    .query(({ ctx, input }) => queries.readTree(ctx, input)),
  file: may("coverage:file", { ...reads, rest: "GET /coverage/{service}/file", summary: "Read a file with the hits of its lines" })
    .input(words.FileInput)
    .output(words.FileDetail)
    .query(({ ctx, input }) => queries.readFile(ctx, input)),
  compare: may("coverage:compare", { ...reads, rest: "GET /coverage/{service}/compare", summary: "Compare two commits" })
    .input(words.CompareInput)
    .output(words.Comparison)
    .query(({ ctx, input }) => queries.compareCommits(ctx, input)),
  gate: may("coverage:gate", { ...reads, rest: "GET /coverage/{service}/gate", summary: "Read the gate's verdict on a commit" })
    .input(words.ViewInput)
    .output(words.GateResult)
    .query(({ ctx, input }) => queries.readGate(ctx, input)),
  markdown: may("coverage:markdown", { ...reads, rest: "GET /coverage/{service}/markdown", summary: "Write the summary for a pull request" })
    .input(words.ViewInput)
    .output(words.Markdown)
    .query(({ ctx, input }) => queries.readMarkdown(ctx, input)),
  badge: may("coverage:badge", { access: "public", tier: "status", rest: "GET /coverage/{service}/badge", summary: "Read the figure of a badge for shields.io" })
    .input(words.BadgeInput)
    .output(words.Badge)
    .query(({ ctx, input }) => queries.readBadge(ctx, input)),
  tests: may("coverage:tests", { ...reads, rest: "GET /coverage/{service}/test-results", summary: "Read test runs with flaky and slow tests" })
    .input(words.ServiceInput)
    .output(words.TestsDetail)
    .query(({ ctx, input }) => queries.readTests(ctx, input)),
  worklist: may("coverage:worklist", { ...reads, rest: "GET /coverage/worklist", summary: "List the files whose tests would gain most" })
    .input(words.WorklistInput)
    .output(words.Worklist)
    .query(({ ctx, input }) => queries.readWorklist(ctx, input)),
  policies: may("coverage:policies", { ...reads, rest: "GET /coverage/policies", summary: "List what coverage is held to, where somebody set it" })
    .input(words.ListPolicies)
    .output(words.PolicyPage)
    .query(({ ctx, input }) => queries.listPolicies(ctx, input)),
  policy: may("coverage:policy", { ...reads, rest: "GET /coverage/{service}/policy", summary: "Read what a service's coverage is held to" })
    .input(words.ServiceInput)
    .output(words.Policy)
    .query(({ ctx, input }) => queries.getPolicy(ctx, input)),
  setPolicy: may("coverage:setPolicy", { ...writes, rest: "PUT /coverage/{service}/policy", summary: "Change what a service's coverage is held to" })
    .input(words.SetPolicy)
    .output(words.Policy)
    .mutation(({ ctx, input }) => mutations.setPolicy(ctx, input)),
  push: may("coverage:push", { ...uploads, upload: reportUpload.rule, rest: "POST /coverage/reports", summary: "Send a coverage report" })
    .input(words.PushReport)
    .output(words.PushResult)
    .mutation(({ ctx, input }) => mutations.pushReport(ctx, input)),
  pushTests: may("coverage:pushTests", { ...uploads, upload: testsUpload.rule, rest: "POST /coverage/tests", summary: "Send a JUnit report" })
    .input(words.PushTests)
    .output(words.TestsPushed)
    .mutation(({ ctx, input }) => mutations.pushTests(ctx, input)),
  diff: may("coverage:diff", { ...writes, rest: "POST /coverage/diffs", summary: "Send a change, to learn how much of it is covered" })
    .input(words.PushDiff)
    .output(words.PatchResult)
    .mutation(({ ctx, input }) => mutations.pushDiff(ctx, input)),
  sources: may("coverage:sources", { ...writes, rest: "POST /coverage/sources", summary: "Send texts of source files" })
    .input(words.PushSources)
    .output(words.Stored)
    .mutation(({ ctx, input }) => mutations.pushSources(ctx, input)),
});
