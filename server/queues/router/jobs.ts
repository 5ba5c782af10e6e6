import { may } from "../../platform/trpc.ts";
import * as mutations from "../mutations/index.ts";
import * as queries from "../queries/index.ts";
import * as schema from "../schema/index.ts";

const reads = { access: "viewer", tier: "read" } as const;
const writes = { access: "editor", tier: "write" } as const;

export const jobProcedures = {
  jobs: may("queues:jobs", { ...reads, rest: "GET /queues/{connection}/{queue}/jobs", summary: "List jobs of a queue in one state" })
    .input(schema.ListJobs)
    .output(schema.JobPage)
    .query(({ ctx, input }) => queries.listJobs(ctx, input)),
  job: may("queues:job", { ...reads, rest: "GET /queues/{connection}/{queue}/jobs/{id}", summary: "Show a job" })
    .input(schema.ByJob)
    .output(schema.JobDetail)
    .query(({ ctx, input }) => queries.getJob(ctx, input)),
  retry: may("queues:retry", { ...writes, rest: "POST /queues/{connection}/{queue}/jobs/{id}/retry", summary: "Run a failed job again" })
    .input(schema.ByJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.actOnJob(ctx, input, "retry")),
  discard: may("queues:discard", { ...writes, isDestructive: true, rest: "POST /queues/{connection}/{queue}/jobs/{id}/discard", summary: "Delete a job for good" })
    .input(schema.ByJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.actOnJob(ctx, input, "discard")),
};
