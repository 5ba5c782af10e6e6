/** What the worker runs for readiness: everything by the clock, what changed within seconds, and the looks at addresses. */
import { createAlarm } from "../platform/alarm.ts";
import { SECOND_MS } from "../platform/clock.ts";
import type { Loop } from "../platform/loops.ts";
import { handle, type HandledJob } from "../platform/queue/define.ts";
import { showReadiness } from "./gauges.ts";
import { evaluateJob, observeJob } from "./jobs.ts";
import { evaluate, follow, observe } from "./mutations/index.ts";
import { readFleet } from "./queries/index.ts";

/** Evidence shows in the score this long after it arrived, at most. */
const FOLLOW_MS = 5 * SECOND_MS;

export const handlers: HandledJob[] = [
  handle(evaluateJob, async (ctx, _input, attempt) => {
    const done = await evaluate({ ...ctx, signal: attempt.signal });
    showReadiness(await readFleet(ctx));
    ctx.log.debug(done, "judged all services");
  }),
  handle(observeJob, async (ctx, { serviceId }, attempt) => {
    await observe({ ...ctx, signal: attempt.signal }, serviceId ? [serviceId] : null);
  }),
];

const follower: Loop = {
  name: "readiness.follow",
  start: (ctx) => {
    const alarm = createAlarm();
    let isStopping = false;
    const running = (async () => {
      while (!isStopping) {
        try {
          const { changed } = await follow(ctx);
          if (changed > 0) showReadiness(await readFleet(ctx));
        } catch (error) {
          ctx.log.warn({ err: error }, "could not follow what changed");
        }
        if (!isStopping) await alarm.pause(FOLLOW_MS);
      }
    })();
    return Promise.resolve({
      stop: () => {
        isStopping = true;
        alarm.wake();
        return running;
      },
    });
  },
};

export const loops: Loop[] = [follower];
