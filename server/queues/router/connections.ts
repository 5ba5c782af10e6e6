import { may } from "../../platform/trpc.ts";
import * as mutations from "../mutations/index.ts";
import * as queries from "../queries/index.ts";
import * as schema from "../schema/index.ts";

const writes = { access: "editor", tier: "write" } as const;

export const connectionProcedures = {
  connections: may("queues:connections", { access: "viewer", tier: "read", rest: "GET /queues/connections", summary: "List connections to queue systems, passwords masked" })
    .input(schema.Nothing)
    .output(schema.ConnectionList)
    .query(({ ctx }) => queries.listConnections(ctx)),
  connection: may("queues:connection", { access: "viewer", tier: "read", rest: "GET /queues/connections/{id}", summary: "Show a connection and how it was last tried" })
    .input(schema.ByConnection)
    .output(schema.Connection)
    .query(({ ctx, input }) => queries.getConnection(ctx, input.id)),
  addConnection: may("queues:addConnection", { ...writes, isCreate: true, rest: "POST /queues/connections", summary: "Connect a queue system" })
    .input(schema.AddConnection)
    .output(schema.Connection)
    .mutation(({ ctx, input }) => mutations.addConnection(ctx, input)),
  updateConnection: may("queues:updateConnection", { ...writes, rest: "PATCH /queues/connections/{id}", summary: "Change a connection" })
    .input(schema.UpdateConnection)
    .output(schema.Connection)
    .mutation(({ ctx, input }) => mutations.updateConnection(ctx, input)),
  removeConnection: may("queues:removeConnection", { ...writes, isDestructive: true, rest: "DELETE /queues/connections/{id}", summary: "Remove a connection and its figures" })
    .input(schema.ByConnection)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.removeConnection(ctx, input.id)),
  testConnection: may("queues:testConnection", { ...writes, rest: "POST /queues/connections/test", summary: "Try a connection step by step without keeping it" })
    .input(schema.TestConnection)
    .output(schema.Diagnosis)
    .mutation(({ ctx, input }) => mutations.testConnection(ctx, input)),
  setThresholds: may("queues:setThresholds", { ...writes, rest: "PUT /queues/{connection}/{queue}/thresholds", summary: "Set a queue's thresholds" })
    .input(schema.SetThresholds)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.setThresholds(ctx, input)),
};
