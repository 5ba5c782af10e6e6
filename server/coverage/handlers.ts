/** What the worker runs for coverage. */
import { handle, type HandledJob } from "../platform/queue/define.ts";
import { showCoverage } from "./gauges.ts";
import { measureJob, pruneJob } from "./jobs.ts";
import { pruneCoverage } from "./mutations/index.ts";
import { readCoverageSummary } from "./queries/index.ts";

export const handlers: HandledJob[] = [
  handle(measureJob, async (ctx) => showCoverage(await readCoverageSummary(ctx))),
  handle(pruneJob, async (ctx) => {
    const { commits, content } = await pruneCoverage(ctx);
    if (commits + content > 0) ctx.log.info({ commits, content }, "old coverage let go");
  }),
];
