/** What the worker runs for load tests. */
import { handle, type HandledJob } from "../platform/queue/define.ts";
import { pruneJob } from "./jobs.ts";
import { pruneRuns } from "./mutations/index.ts";

export const handlers: HandledJob[] = [
  handle(pruneJob, async (ctx) => {
    const removed = await pruneRuns(ctx);
    if (removed > 0) ctx.log.info({ removed }, "old load tests forgotten");
  }),
];
