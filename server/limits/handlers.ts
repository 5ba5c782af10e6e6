import { handle, type HandledJob } from "../platform/queue/define.ts";
import * as jobs from "./jobs.ts";
import { prune } from "./mutations/index.ts";

export const handlers: HandledJob[] = [
  handle(jobs.pruneJob, async (ctx) => {
    ctx.log.debug(await prune(ctx), "pruned usage of limits");
  }),
];
