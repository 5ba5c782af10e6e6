import { may, router } from "../platform/trpc.ts";
import { resetStatistics } from "./mutations.ts";
import { listProcesses, listSlowQueries } from "./queries.ts";
import * as schema from "./schema.ts";

/** How the console itself runs. */
export const telemetryRouter = router({
  slowQueries: may("telemetry:slowQueries", { access: "viewer", tier: "read", rest: "GET /telemetry/slow-queries", summary: "List slow queries as the database counts them" })
    .input(schema.ListSlowQueries)
    .output(schema.SlowQueries)
    .query(({ ctx, input }) => listSlowQueries(ctx, input)),
  processes: may("telemetry:processes", { access: "viewer", tier: "read", rest: "GET /telemetry/processes", summary: "List the console's processes" })
    .input(schema.NoInput)
    .output(schema.ProcessList)
    .query(({ ctx }) => listProcesses(ctx)),
  resetStatistics: may("telemetry:resetStatistics", { access: "admin", tier: "write", isDestructive: true, rest: "POST /telemetry/slow-queries/reset", summary: "Count slow queries from zero" })
    .input(schema.NoInput)
    .output(schema.Done)
    .mutation(({ ctx }) => resetStatistics(ctx)),
});
