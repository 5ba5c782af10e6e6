/** Forgets kept answers after their day. An expired one is never replayed, pruned or not; this only keeps the table small. */
import { createAlarm } from "../alarm.ts";
import { HOUR_MS, MINUTE_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import type { Loop } from "../loops.ts";
import { KEPT_HOURS } from "./claim.ts";

const PRUNE_EVERY_MS = 10 * MINUTE_MS;

/** Deletes what is older than a day. Returns how many rows went. */
export async function pruneAnswers(ctx: Context): Promise<number> {
  const { count } = await ctx.db.idempotentRequest.deleteMany({ where: { createdAt: { lt: new Date(ctx.now().getTime() - KEPT_HOURS * HOUR_MS) } } });
  return count;
}

/** Prunes every ten minutes; several workers may. */
export const pruneAnswersLoop: Loop = {
  name: "idempotency",
  start: (ctx) => {
    const alarm = createAlarm();
    let isStopping = false;
    const running = (async () => {
      while (!isStopping) {
        await pruneAnswers(ctx).catch((error: unknown) => ctx.log.warn({ err: error }, "could not forget old answers, will try again"));
        if (!isStopping) await alarm.pause(PRUNE_EVERY_MS);
      }
    })();
    const stop = async () => {
      isStopping = true;
      alarm.wake();
      await running;
    };
    return Promise.resolve({ stop });
  },
};
