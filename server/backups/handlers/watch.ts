/** What a worker does for backups all the time: the schedule, drills by the calendar, rescue, the clock, metrics. */
import { createAlarm } from "../../platform/alarm.ts";
import { monotonicMs, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { Loop } from "../../platform/loops.ts";
import { showPlans } from "../gauges.ts";
import { ensureOwnPlan, startDueDrills, startDueRuns } from "../mutations/index.ts";
import { readAllPlans } from "../queries/index.ts";
import { watchClock } from "./clock.ts";
import { rescueDead, sendLost } from "./rescue.ts";
import { sweepScratch } from "./scratch.ts";

const TURN_MS = 2 * SECOND_MS;
const SLOW_EVERY_MS = 30 * SECOND_MS;

type LastRun = { plan: string; lastSuccess: Date | null; seconds: number | null };

async function showMetrics(ctx: Context): Promise<void> {
  const rows = await readAllPlans(ctx);
  const samples = await ctx.db.$queryRaw<LastRun[]>`
    SELECT DISTINCT ON (p.id) p.slug AS plan, r.data_as_of AS "lastSuccess", extract(epoch FROM r.finished_at - r.started_at)::float8 AS seconds
    FROM backup_plan p JOIN backup_run r ON r.plan_id = p.id AND r.state = 'stored' WHERE p.archived_at IS NULL ORDER BY p.id, r.requested_at DESC`;
  showPlans(rows, samples);
}

/** Done twice a minute: cheap, and nothing that a person waits for. */
async function slowTurn(ctx: Context): Promise<void> {
  await watchClock(ctx);
  await sendLost(ctx);
  const running = await ctx.db.backupDrill.findMany({ where: { state: "running" }, select: { id: true } });
  const alive = new Set(running.map(({ id }) => id));
  const swept = await sweepScratch((id) => alive.has(id));
  if (swept > 0) ctx.log.info({ swept }, "scratch places of ended drills were destroyed");
  await showMetrics(ctx);
}

export const watchLoop: Loop = {
  name: "backups.watch",
  start: (ctx) => {
    const log = ctx.log.child({ loop: "backups.watch" });
    const alarm = createAlarm();
    let isStopping = false;
    let hasPlan = false;
    let slowAt = Number.NEGATIVE_INFINITY;
    const turn = async () => {
      if (!hasPlan) await ensureOwnPlan(ctx);
      hasPlan = true;
      await rescueDead(ctx);
      await startDueRuns(ctx);
      await startDueDrills(ctx);
      if (monotonicMs() - slowAt < SLOW_EVERY_MS) return;
      slowAt = monotonicMs();
      await slowTurn({ ...ctx, log });
    };
    const running = (async () => {
      let isLost = false;
      while (!isStopping) {
        try {
          await turn();
          isLost = false;
        } catch (error) {
          // The loop is a process entry of its own: it reports and goes on, whatever the database does.
          if (!isLost) log.warn({ err: error }, "due backups cannot be read, trying again");
          isLost = true;
        }
        if (!isStopping) await alarm.pause(TURN_MS);
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
