import { may, router } from "../platform/trpc.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import * as schema from "./schema.ts";

export const queuesRouter = router({
  list: may("queues:list", { access: "viewer", tier: "read", lastKnown: "role", rest: "GET /queues", summary: "List queues with their counts" })
    .input(schema.Nothing)
    .output(schema.QueueList)
    .query(({ ctx }) => queries.listQueues(ctx)),
  summary: may("queues:summary", { access: "viewer", tier: "read", lastKnown: "role", rest: "GET /queues/summary", summary: "Sum up all queues, with depth over a range" })
    .input(schema.GetSummary)
    .output(schema.Summary)
    .query(({ ctx, input }) => queries.getSummary(ctx, input)),
  metrics: may("queues:metrics", { access: "viewer", tier: "read", rest: "GET /queues/metrics", summary: "Count jobs by state over all queues" })
    .input(schema.Nothing)
    .output(schema.Metrics)
    .query(({ ctx }) => queries.getMetrics(ctx)),
  get: may("queues:get", { access: "viewer", tier: "read", rest: "GET /queues/{queue}", summary: "Show a queue" })
    .input(schema.GetQueue)
    .output(schema.QueueDetail)
    .query(({ ctx, input }) => queries.getQueue(ctx, input)),
  jobs: may("queues:jobs", { access: "viewer", tier: "read", rest: "GET /queues/{queue}/jobs", summary: "List jobs of a queue in one state" })
    .input(schema.ListJobs)
    .output(schema.JobPage)
    .query(({ ctx, input }) => queries.listJobs(ctx, input)),
  job: may("queues:job", { access: "viewer", tier: "read", rest: "GET /queues/{queue}/jobs/{id}", summary: "Show a job" })
    .input(schema.ByJob)
    .output(schema.JobDetail)
    .query(({ ctx, input }) => queries.getJob(ctx, input)),
  retry: may("queues:retry", { access: "editor", tier: "write", rest: "POST /queues/{queue}/jobs/{id}/retry", summary: "Run a failed job again" })
    .input(schema.ByJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.retryJob(ctx, input)),
  discard: may("queues:discard", { access: "editor", tier: "write", isDestructive: true, rest: "POST /queues/{queue}/jobs/{id}/discard", summary: "Delete a failed job for good" })
    .input(schema.ByJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.discardJob(ctx, input)),
});
