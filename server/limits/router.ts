import { may, router } from "../platform/trpc.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import * as schema from "./schema.ts";

export const limitsRouter = router({
  list: may("limits:list", { access: "viewer", tier: "read", rest: "GET /limits", summary: "List limits with the figures in force" })
    .input(schema.NoInput)
    .output(schema.WindowList)
    .query(({ ctx }) => queries.listWindows(ctx)),
  summary: may("limits:summary", { access: "viewer", tier: "read", lastKnown: "role", rest: "GET /limits/summary", summary: "Sum up the last hour of limits" })
    .input(schema.NoInput)
    .output(schema.Summary)
    .query(({ ctx }) => queries.getSummary(ctx)),
  usage: may("limits:usage", { access: "viewer", tier: "read", rest: "GET /limits/usage", summary: "List callers by how much they called" })
    .input(schema.ListUsage)
    .output(schema.UsageList)
    .query(({ ctx, input }) => queries.listUsage(ctx, input)),
  trend: may("limits:trend", { access: "viewer", tier: "read", rest: "GET /limits/trend", summary: "Count calls and refusals over time" })
    .input(schema.GetTrend)
    .output(schema.Trend)
    .query(({ ctx, input }) => queries.getTrend(ctx, input)),
  blocks: may("limits:blocks", { access: "viewer", tier: "read", rest: "GET /limits/blocks", summary: "List blocked addresses" })
    .input(schema.ListBlocks)
    .output(schema.BlockPage)
    .query(({ ctx, input }) => queries.listBlocks(ctx, input)),
  exceptions: may("limits:exceptions", { access: "viewer", tier: "read", rest: "GET /limits/exceptions", summary: "List callers with figures of their own and exempt keys" })
    .input(schema.NoInput)
    .output(schema.Exceptions)
    .query(({ ctx }) => queries.listExceptions(ctx)),
  tryMax: may("limits:tryMax", { access: "viewer", tier: "read", rest: "GET /limits/windows/{window}/trial", summary: "Tell what a figure would have refused in the last 24 h" })
    .input(schema.TryMax)
    .output(schema.Shadow)
    .query(({ ctx, input }) => queries.tryMax(ctx, input)),
  setWindow: may("limits:setWindow", { access: "admin", tier: "write", rest: "PATCH /limits/windows/{window}", summary: "Change or propose the figure of a limit" })
    .input(schema.SetWindow)
    .output(schema.Window)
    .mutation(({ ctx, input }) => mutations.setWindow(ctx, input)),
  setHeaders: may("limits:setHeaders", { access: "admin", tier: "write", rest: "PUT /limits/headers", summary: "Choose the limit headers that answers carry" })
    .input(schema.SetHeaders)
    .output(schema.WindowList)
    .mutation(({ ctx, input }) => mutations.setHeaders(ctx, input)),
  setOverride: may("limits:setOverride", { access: "admin", tier: "write", rest: "PUT /limits/overrides/{caller}/{window}", summary: "Give a user or key a figure of its own" })
    .input(schema.SetOverride)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.setOverride(ctx, input)),
  removeOverride: may("limits:removeOverride", { access: "admin", tier: "write", rest: "DELETE /limits/overrides/{caller}/{window}", summary: "Take a caller's own figure away" })
    .input(schema.ByOverride)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.removeOverride(ctx, input)),
  exemptKey: may("limits:exemptKey", { access: "admin", tier: "write", rest: "PUT /limits/exemptions/{keyId}", summary: "Exempt an API key from limits" })
    .input(schema.SetExemption)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.exemptKey(ctx, input)),
  endExemption: may("limits:endExemption", { access: "admin", tier: "write", rest: "DELETE /limits/exemptions/{keyId}", summary: "Put an exempt key back under the limits" })
    .input(schema.ByKey)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.endExemption(ctx, input)),
  unblock: may("limits:unblock", { access: "admin", tier: "write", rest: "POST /limits/blocks/unblock", summary: "Let a blocked address try again" })
    .input(schema.Unblock)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.unblock(ctx, input)),
});
