/** What the worker runs for coverage. */
import { handle, type HandledJob } from "../platform/queue/define.ts";
import { pruneJob } from "./jobs.ts";
import { pruneCoverage } from "./mutations/index.ts";

export const handlers: HandledJob[] = [
  handle(pruneJob, async (ctx) => {
    const { commits, content } = await pruneCoverage(ctx);
    if (commits + content > 0) ctx.log.info({ commits, content }, "old coverage let go");
  }),
];
