import { may } from "../../platform/trpc.ts";
import * as mutations from "../mutations/index.ts";
import * as queries from "../queries/index.ts";
import * as schema from "../schema/index.ts";

const reads = { access: "viewer", tier: "read" } as const;
const writes = { access: "editor", tier: "write" } as const;

/** Operations on many jobs. */
export const bulkProcedures = {
  previewOperation: may("queues:previewOperation", { ...reads, rest: "GET /queues/{connection}/{queue}/preview", summary: "Count and sample what an operation on many jobs would reach" })
    .input(schema.PreviewBulk)
    .output(schema.BulkPreview)
    .query(({ ctx, input }) => queries.previewBulk(ctx, input)),
  startOperation: may("queues:startOperation", { ...writes, isDestructive: true, isCreate: true, rest: "POST /queues/{connection}/{queue}/operations", summary: "Start an operation on many jobs" })
    .input(schema.StartBulk)
    .output(schema.Bulk)
    .mutation(({ ctx, input }) => mutations.startBulk(ctx, input)),
  operations: may("queues:operations", { ...reads, rest: "GET /queues/operations", summary: "List operations on many jobs" })
    .input(schema.ListBulks)
    .output(schema.BulkPage)
    .query(({ ctx, input }) => queries.listBulks(ctx, input)),
  operation: may("queues:operation", { ...reads, rest: "GET /queues/operations/{id}", summary: "Show an operation with its progress" })
    .input(schema.ByBulk)
    .output(schema.Bulk)
    .query(({ ctx, input }) => queries.getBulk(ctx, input)),
  operationItems: may("queues:operationItems", { ...reads, rest: "GET /queues/operations/{id}/items", summary: "List jobs that an operation left as they were, with the reason" })
    .input(schema.ListBulkItems)
    .output(schema.BulkItemPage)
    .query(({ ctx, input }) => queries.listBulkItems(ctx, input)),
  pauseOperation: may("queues:pauseOperation", { ...writes, rest: "POST /queues/operations/{id}/pause", summary: "Hold an operation" })
    .input(schema.ByBulk)
    .output(schema.Bulk)
    .mutation(({ ctx, input }) => mutations.pauseBulk(ctx, input)),
  resumeOperation: may("queues:resumeOperation", { ...writes, rest: "POST /queues/operations/{id}/resume", summary: "Let a held operation go on" })
    .input(schema.ByBulk)
    .output(schema.Bulk)
    .mutation(({ ctx, input }) => mutations.resumeBulk(ctx, input)),
  cancelOperation: may("queues:cancelOperation", { ...writes, rest: "POST /queues/operations/{id}/cancel", summary: "End an operation; what was done stays done" })
    .input(schema.ByBulk)
    .output(schema.Bulk)
    .mutation(({ ctx, input }) => mutations.cancelBulk(ctx, input)),
};
