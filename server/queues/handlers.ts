import { createAlarm } from "../platform/alarm.ts";
import { SECOND_MS } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { announce } from "../platform/live/announce.ts";
import type { Loop } from "../platform/loops.ts";
import { handle, type HandledJob } from "../platform/queue/define.ts";
import { reviveBulks, runBulk } from "./engine/bulk-run.ts";
import { showCounts } from "./gauges.ts";
import * as jobs from "./jobs.ts";
import { recordSamples, tidyLeftovers, tidyQueues } from "./mutations/index.ts";
import { readOwnQueues } from "./queries/index.ts";
import type { QueueFigures } from "./states.ts";

const SAMPLE_MS = 15 * SECOND_MS;

export const handlers: HandledJob[] = [
  handle(jobs.tidy, async (ctx) => {
    const deleted = await tidyQueues(ctx);
    const leftovers = await tidyLeftovers(ctx);
    ctx.log.debug({ ...deleted, leftovers }, "tidied the queues");
  }),
  handle(jobs.bulk, (ctx, { id }, { signal }) => runBulk(ctx, id, signal)),
  handle(jobs.revive, async (ctx) => {
    const count = await reviveBulks(ctx);
    if (count > 0) ctx.log.info({ count }, "handed over operations that nobody carried out");
  }),
];

/** What a page would notice. */
const fingerprint = (queues: QueueFigures[]): string => JSON.stringify(queues.map(({ name, counts }) => [name, counts]));

/** Counts every queue, for the charts and for Prometheus, and tells open pages when something moved. */
export async function sample(ctx: Context, seen: string): Promise<string> {
  const queues = await readOwnQueues(ctx);
  showCounts(queues);
  await recordSamples(ctx, queues);
  const now = fingerprint(queues);
  if (now !== seen) await announce(ctx, { topic: "queues" });
  return now;
}

const sampler: Loop = {
  name: "queues.sample",
  start: (ctx) => {
    const alarm = createAlarm();
    let isStopping = false;
    let seen = "";
    const running = (async () => {
      while (!isStopping) {
        seen = await sample(ctx, seen).catch((error: unknown) => {
          ctx.log.warn({ err: error }, "could not sample the queues");
          return seen;
        });
        if (!isStopping) await alarm.pause(SAMPLE_MS);
      }
    })();
    const stop = () => {
      isStopping = true;
      alarm.wake();
      return running;
    };
    return Promise.resolve({ stop });
  },
};

export const loops: Loop[] = [sampler];
