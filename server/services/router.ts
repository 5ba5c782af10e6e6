/** The procedures of services, over tRPC and REST. */
import { may, router } from "../platform/trpc.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import { Ping, PingAnswer } from "./ping.ts";
import * as words from "./schema.ts";

const reads = { access: "viewer", tier: "read" } as const;
const writes = { access: "editor", tier: "write" } as const;

export const servicesRouter = router({
  list: may("services:list", { ...reads, lastKnown: "role", rest: "GET /services", summary: "List services" })
    .input(words.ListServices)
    .output(words.ServicePage)
    .query(({ ctx, input }) => queries.listServices(ctx, input)),
  summary: may("services:summary", { ...reads, lastKnown: "role", rest: "GET /services/summary", summary: "Count services by state and name the worst" })
    .input(words.ServiceFilter)
    .output(words.ServicesSummary)
    .query(({ ctx, input }) => queries.readServicesSummary(ctx, input)),
  facets: may("services:facets", { ...reads, lastKnown: "role", rest: "GET /services/facets", summary: "List the tags, owners, environments and domains in use" })
    .input(words.NoInput)
    .output(words.ServiceFacets)
    .query(({ ctx }) => queries.listKnownFacets(ctx)),
  definitions: may("services:definitions", { ...reads, rest: "GET /services/definitions", summary: "List services and checks as they were defined" })
    .input(words.ListDefinitions)
    .output(words.DefinitionPage)
    .query(({ ctx, input }) => queries.listDefinitions(ctx, input)),
  get: may("services:get", { ...reads, lastKnown: "role", rest: "GET /services/{id}", summary: "Read a service by id or slug" })
    .input(words.ServiceId)
    .output(words.ServiceDetail)
    .query(({ ctx, input }) => queries.getService(ctx, input)),
  latency: may("services:latency", { ...reads, rest: "GET /services/{id}/latency", summary: "Read latency percentiles over a range" })
    .input(words.ReadLatency)
    .output(words.LatencySeries)
    .query(({ ctx, input }) => queries.readLatency(ctx, input)),
  transitions: may("services:transitions", { ...reads, rest: "GET /services/{id}/transitions", summary: "List changes of state of a service and its checks" })
    .input(words.ListTransitions)
    .output(words.TransitionPage)
    .query(({ ctx, input }) => queries.listTransitions(ctx, input)),
  create: may("services:create", { ...writes, isCreate: true, rest: "POST /services", summary: "Add a service" })
    .input(words.CreateService)
    .output(words.ServiceDetail)
    .mutation(({ ctx, input }) => mutations.createService(ctx, input)),
  update: may("services:update", { ...writes, rest: "PATCH /services/{id}", summary: "Change a service" })
    .input(words.UpdateService)
    .output(words.ServiceDetail)
    .mutation(({ ctx, input }) => mutations.updateService(ctx, input)),
  archive: may("services:archive", { ...writes, rest: "POST /services/{id}/archive", summary: "Archive a service" })
    .input(words.ServiceId)
    .output(words.ServiceDetail)
    .mutation(({ ctx, input }) => mutations.archiveService(ctx, input)),
  restore: may("services:restore", { ...writes, isBatchable: false, rest: "POST /services/{id}/restore", summary: "Restore an archived service" })
    .input(words.ServiceId)
    .output(words.ServiceDetail)
    .mutation(({ ctx, input }) => mutations.restoreService(ctx, input)),
  run: may("services:run", { ...writes, rest: "POST /services/{id}/run", summary: "Run all checks of a service now" })
    .input(words.ServiceId)
    .output(words.StartedChecks)
    .mutation(({ ctx, input }) => mutations.runServiceNow(ctx, input)),
  // Changes nothing, but thousands of ids do not fit into an address.
  previewBulk: may("services:previewBulk", { access: "editor", tier: "read", rest: "POST /services/bulk/preview", summary: "Tell what an act on many services would change" })
    .input(words.PreviewBulk)
    .output(words.BulkPreview)
    .mutation(({ ctx, input }) => queries.previewBulk(ctx, input)),
  startBulk: may("services:startBulk", { ...writes, isCreate: true, isBatchable: false, rest: "POST /services/bulk", summary: "Act on many services as one tracked job" })
    .input(words.StartBulk)
    .output(words.Bulk)
    .mutation(({ ctx, input }) => mutations.startBulk(ctx, input)),
  bulk: may("services:bulk", { ...reads, rest: "GET /services/bulk/{id}", summary: "Show how far an act on many services is" })
    .input(words.BulkId)
    .output(words.Bulk)
    .query(({ ctx, input }) => queries.getBulk(ctx, input)),
  cancelBulk: may("services:cancelBulk", { ...writes, rest: "POST /services/bulk/{id}/cancel", summary: "Stop an act on many services" })
    .input(words.BulkId)
    .output(words.Bulk)
    .mutation(({ ctx, input }) => mutations.cancelBulk(ctx, input)),
  // Changes nothing, but a file does not fit into an address.
  previewImport: may("services:previewImport", { access: "editor", tier: "read", rest: "POST /services/import/preview", summary: "Tell what a file of services would add and change" })
    .input(words.PreviewImport)
    .output(words.ImportPreview)
    .mutation(({ ctx, input }) => queries.previewImport(ctx, input)),
  importServices: may("services:importServices", { ...writes, isCreate: true, isBatchable: false, rest: "POST /services/import", summary: "Add and change services from comma-separated values" })
    .input(words.ImportServices)
    .output(words.ImportPreview)
    .mutation(({ ctx, input }) => mutations.importServices(ctx, input)),
  addCheck: may("services:addCheck", { ...writes, isCreate: true, rest: "POST /services/{id}/checks", summary: "Add a check to a service" })
    .input(words.AddCheck)
    .output(words.CheckRow)
    .mutation(({ ctx, input }) => mutations.addCheck(ctx, input)),
  testCheck: may("services:testCheck", { ...writes, rest: "POST /checks/test", summary: "Try a check without saving it" })
    .input(words.TestCheck)
    .output(words.TestedReading)
    .mutation(({ ctx, input }) => mutations.testCheck(ctx, input)),
  getCheck: may("services:getCheck", { ...reads, rest: "GET /checks/{id}", summary: "Read a check" })
    .input(words.CheckId)
    .output(words.CheckRow)
    .query(({ ctx, input }) => queries.getCheck(ctx, input)),
  results: may("services:results", { ...reads, rest: "GET /checks/{id}/results", summary: "List the latest results of a check" })
    .input(words.ListResults)
    .output(words.ResultPage)
    .query(({ ctx, input }) => queries.listResults(ctx, input)),
  updateCheck: may("services:updateCheck", { ...writes, rest: "PATCH /checks/{id}", summary: "Change a check" })
    .input(words.UpdateCheck)
    .output(words.CheckRow)
    .mutation(({ ctx, input }) => mutations.updateCheck(ctx, input)),
  removeCheck: may("services:removeCheck", { ...writes, isDestructive: true, rest: "DELETE /checks/{id}", summary: "Remove a check" })
    .input(words.CheckId)
    .output(words.Done)
    .mutation(({ ctx, input }) => mutations.removeCheck(ctx, input)),
  pauseCheck: may("services:pauseCheck", { ...writes, rest: "POST /checks/{id}/pause", summary: "Pause a check" })
    .input(words.CheckId)
    .output(words.CheckRow)
    .mutation(({ ctx, input }) => mutations.pauseCheck(ctx, input)),
  resumeCheck: may("services:resumeCheck", { ...writes, rest: "POST /checks/{id}/resume", summary: "Resume a paused check" })
    .input(words.CheckId)
    .output(words.CheckRow)
    .mutation(({ ctx, input }) => mutations.resumeCheck(ctx, input)),
  checkNow: may("services:checkNow", { ...writes, rest: "POST /checks/{id}/run", summary: "Run a check now" })
    .input(words.CheckId)
    .output(words.CheckRow)
    .mutation(({ ctx, input }) => mutations.runCheckNow(ctx, input)),
  ping: may("services:ping", { access: "public", tier: "probe", rest: "POST /heartbeats/{pingId}/pings", summary: "Report that a job started, finished or failed" })
    .input(Ping)
    .output(PingAnswer)
    .mutation(({ ctx, input }) => mutations.recordPing(ctx, input)),
});
