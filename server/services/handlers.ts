/** What the worker runs for services: the check engine all the time, rollups and pruning by the clock. */
import { config } from "../platform/config.ts";
import type { Loop } from "../platform/loops.ts";
import { handle, type HandledJob } from "../platform/queue/define.ts";
import { prune } from "./engine/prune.ts";
import { rollUp } from "./engine/rollup.ts";
import { startEngine } from "./engine/scheduler.ts";
import { bulkJob, pruneJob, resealJob, rollupJob } from "./jobs.ts";
import { ensureSelf, resealChecks, runBulk } from "./mutations/index.ts";

export const handlers: HandledJob[] = [
  handle(bulkJob, runBulk),
  handle(rollupJob, async (ctx) => {
    await rollUp(ctx);
  }),
  handle(pruneJob, async (ctx) => {
    await prune(ctx);
  }),
  handle(resealJob, async (ctx) => {
    const sealed = await resealChecks(ctx);
    if (sealed > 0) ctx.log.info({ checks: sealed }, "secrets of checks sealed with the current key");
  }),
];

export const loops: Loop[] = [
  {
    name: "services.engine",
    start: (ctx) => Promise.resolve(startEngine(ctx, { concurrency: config().SEAWORTHY_CHECK_CONCURRENCY, beforeFirstClaim: ensureSelf })),
  },
];
