import { may } from "../../platform/trpc.ts";
import * as queries from "../queries/index.ts";
import * as schema from "../schema/index.ts";

const reads = { access: "viewer", tier: "read" } as const;

export const queueProcedures = {
  list: may("queues:list", { ...reads, lastKnown: "role", rest: "GET /queues", summary: "List queues with their counts" })
    .input(schema.Nothing)
    .output(schema.QueueList)
    .query(({ ctx }) => queries.listQueues(ctx)),
  summary: may("queues:summary", { ...reads, lastKnown: "role", rest: "GET /queues/summary", summary: "Sum up all queues, with depth over a range" })
    .input(schema.GetSummary)
    .output(schema.Summary)
    .query(({ ctx, input }) => queries.getSummary(ctx, input)),
  metrics: may("queues:metrics", { ...reads, rest: "GET /queues/metrics", summary: "Count jobs by state over all queues" })
    .input(schema.Nothing)
    .output(schema.Metrics)
    .query(({ ctx }) => queries.getMetrics(ctx)),
  get: may("queues:get", { ...reads, rest: "GET /queues/{connection}/{queue}", summary: "Show a queue" })
    .input(schema.GetQueue)
    .output(schema.QueueDetail)
    .query(({ ctx, input }) => queries.getQueue(ctx, input)),
};
