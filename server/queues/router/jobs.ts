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
    .input(schema.ActOnJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.actOnJob(ctx, input, "retry")),
  promote: may("queues:promote", { ...writes, rest: "POST /queues/{connection}/{queue}/jobs/{id}/promote", summary: "Start a delayed job now" })
    .input(schema.ActOnJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.actOnJob(ctx, input, "promote")),
  discard: may("queues:discard", { ...writes, isDestructive: true, rest: "POST /queues/{connection}/{queue}/jobs/{id}/discard", summary: "Delete a job for good" })
    .input(schema.ActOnJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.actOnJob(ctx, input, "discard")),
  moveToDead: may("queues:moveToDead", { ...writes, rest: "POST /queues/{connection}/{queue}/jobs/{id}/move-to-dead", summary: "Move a job to the dead letters" })
    .input(schema.ActOnJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.actOnJob(ctx, input, "moveToDead")),
  redrive: may("queues:redrive", { ...writes, rest: "POST /queues/{connection}/{queue}/jobs/{id}/redrive", summary: "Send a dead letter back to the queue it came from" })
    .input(schema.ActOnJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.actOnJob(ctx, input, "redrive")),
  changePriority: may("queues:changePriority", { ...writes, rest: "PUT /queues/{connection}/{queue}/jobs/{id}/priority", summary: "Change the priority of a job that waits" })
    .input(schema.ChangePriority)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.actOnJob(ctx, input, "changePriority")),
  release: may("queues:release", { ...writes, rest: "POST /queues/{connection}/{queue}/jobs/{id}/release", summary: "Let a job run again that was put aside after it ended three workers" })
    .input(schema.ActOnJob)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.releaseJob(ctx, input)),
};
