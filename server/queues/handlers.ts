import type { Loop } from "../platform/loops.ts";
import { handle, type HandledJob } from "../platform/queue/define.ts";
import { reviveBulks, runBulk } from "./engine/bulk-run.ts";
import { startSampler } from "./engine/sampler.ts";
import * as jobs from "./jobs.ts";
import { resealConnections, rollUpSamples, tidyLeftovers, tidyQueues } from "./mutations/index.ts";

export const handlers: HandledJob[] = [
  handle(jobs.tidy, async (ctx) => {
    await rollUpSamples(ctx);
    const deleted = await tidyQueues(ctx);
    const leftovers = await tidyLeftovers(ctx);
    ctx.log.debug({ ...deleted, leftovers }, "tidied the queues");
  }),
  handle(jobs.reseal, async (ctx) => {
    const sealed = await resealConnections(ctx);
    if (sealed > 0) ctx.log.info({ connections: sealed }, "passwords of queue connections sealed with the current key");
  }),
  handle(jobs.bulk, (ctx, { id }, { signal }) => runBulk(ctx, id, signal)),
  handle(jobs.revive, async (ctx) => {
    const count = await reviveBulks(ctx);
    if (count > 0) ctx.log.info({ count }, "handed over operations that nobody carried out");
  }),
];

export const loops: Loop[] = [{ name: "queues.sample", start: (ctx) => Promise.resolve(startSampler(ctx)) }];
