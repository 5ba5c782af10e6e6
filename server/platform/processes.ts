/**
 * Each web and worker process keeps one row: who it is and, every ten seconds, its Prometheus registry, so that one
 * scrape of any web process covers all. A row that was not renewed for a minute belongs to a dead process and goes.
 * While the database is away the renewals fail and are tried again; nothing ends.
 */
import { hostname } from "node:os";
import product from "../../package.json" with { type: "json" };
import { createAlarm } from "./alarm.ts";
import { SECOND_MS, systemClock } from "./clock.ts";
import type { Context } from "./context.ts";
import type { Prisma } from "./db.ts";
import { newId } from "./ids.ts";
import type { Loop } from "./loops.ts";
import { instruments } from "./metrics/registry.ts";
import { readWorkload } from "./queue/workload.ts";

const RENEW_MS = 10 * SECOND_MS;
/** Six missed renewals. */
export const STALE_MS = 60 * SECOND_MS;

const holder = globalThis as { seaworthyProcessId?: string };

/** The id of this process's row, the same as long as the process lives. */
export function processId(): string {
  holder.seaworthyProcessId ??= newId("prc", systemClock());
  return holder.seaworthyProcessId;
}

type Identity = { id: string; role: string; host: string; pid: number; version: string; startedAt: Date };

async function renew(ctx: Context, identity: Identity): Promise<void> {
  const now = ctx.now();
  const metrics = (await instruments().registry.getMetricsAsJSON()) as unknown as Prisma.InputJsonValue;
  const work = readWorkload() ?? undefined;
  const { id, ...facts } = identity;
  await ctx.db.processInstance.upsert({
    where: { id },
    create: { id, ...facts, lastSeenAt: now, metrics, work },
    update: { lastSeenAt: now, metrics, work },
  });
  await ctx.db.processInstance.deleteMany({ where: { lastSeenAt: { lt: new Date(now.getTime() - STALE_MS) }, id: { not: id } } });
}

/** The loop that keeps this process's row. Stopping removes it. */
export function processLoop(role: "web" | "worker"): Loop {
  return {
    name: "process",
    start: (ctx) => {
      const startedAt = ctx.now();
      const identity = { id: processId(), role, host: hostname(), pid: process.pid, version: product.version, startedAt };
      const alarm = createAlarm();
      let isStopping = false;
      const running = (async () => {
        while (!isStopping) {
          await renew(ctx, identity).catch((error: unknown) => ctx.log.warn({ err: error }, "could not renew this process's row"));
          if (!isStopping) await alarm.pause(RENEW_MS);
        }
      })();
      const stop = async () => {
        isStopping = true;
        alarm.wake();
        await running;
        await ctx.db.processInstance
          .deleteMany({ where: { id: identity.id } })
          .catch((error: unknown) => ctx.log.warn({ err: error }, "could not remove this process's row; it goes by itself within a minute"));
      };
      return Promise.resolve({ stop });
    },
  };
}
