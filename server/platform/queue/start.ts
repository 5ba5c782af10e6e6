/**
 * The queue of a worker process: brings the tables up to date, keeps the clock, rescues jobs of dead workers and runs
 * handlers. Starting goes on in the background until the database answers; stopping drains.
 */
import type pg from "pg";
import { createAlarm, pauseAfter } from "../alarm.ts";
import { monotonicMs } from "../clock.ts";
import type { Context } from "../context.ts";
import { listen, type Listener } from "../live/listen.ts";
import type { Logger } from "../logger.ts";
import { processId } from "../processes.ts";
import { workerBoss } from "./boss.ts";
import { Consumer } from "./consume.ts";
import type { HandledJob } from "./define.ts";
import { ensureQueues, ensureSchedules } from "./install.ts";
import { DEFAULT_TIMING, JOB_CHANNEL, type QueueTiming } from "./policy.ts";
import { publishWorkload } from "./workload.ts";

export type QueueOptions = {
  /** Where the queue lives; also tells the listening connection how to connect. */
  pool: pg.Pool;
  handlers: HandledJob[];
  /** Jobs of all kinds that run at once. */
  concurrency: number;
  /** A fresh world for one attempt. */
  context: (job: { name: string; id: string }) => Context;
  log: Logger;
  /** Names the process on the jobs it takes; its own id when left out. */
  worker?: string;
  timing?: QueueTiming;
};

export type RunningQueue = {
  /** Resolves when jobs are being taken. */
  ready: Promise<void>;
  /** Drains: finishes what runs within `timeoutMs`, hands the rest back. */
  stop: (timeoutMs: number) => Promise<void>;
};

type Parts = { stopBoss: () => Promise<void>; consumer: Consumer; listener: Listener };

async function assemble(options: QueueOptions, timing: QueueTiming): Promise<Parts> {
  const { pool, handlers, concurrency, context, log, worker } = options;
  const boss = await workerBoss(pool, timing, log);
  const stopBoss = () => boss.stop({ graceful: false });
  try {
    await boss.start();
    const definitions = handlers.map((handled) => handled.definition);
    await ensureQueues(boss, definitions, timing);
    await ensureSchedules(boss, definitions);
  } catch (error) {
    await stopBoss();
    throw error;
  }
  const consumer = new Consumer({ boss, pool, handlers, concurrency, worker: worker ?? processId(), timing, context, log });
  publishWorkload(() => consumer.workload());
  const onWake = () => consumer.wake();
  const listener = listen({ connection: pool.options, channel: JOB_CHANNEL, onMessage: onWake, onReconnect: onWake, log });
  return { stopBoss, consumer, listener };
}

/** Throws at once when two handlers claim one job; anything the database does is waited out. */
export function startQueue(options: QueueOptions): RunningQueue {
  const names = options.handlers.map((handled) => handled.definition.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) throw new Error(`Two handlers are bound to the job ${twice}.`);
  const timing = options.timing ?? DEFAULT_TIMING;
  let isStopping = false;
  const alarm = createAlarm();

  const starting = (async (): Promise<Parts | null> => {
    for (let failures = 1; !isStopping; failures++) {
      try {
        return await assemble(options, timing);
      } catch (error) {
        options.log.warn({ err: error }, "the queue cannot start yet, will try again");
        await alarm.pause(pauseAfter(failures));
      }
    }
    return null;
  })();

  return {
    ready: starting.then(() => undefined),
    stop: async (timeoutMs) => {
      const deadlineMs = monotonicMs() + timeoutMs;
      isStopping = true;
      alarm.wake();
      const parts = await starting;
      if (!parts) return;
      await Promise.all([parts.listener.close(), parts.consumer.stop(deadlineMs - monotonicMs())]);
      await parts.stopBoss();
      publishWorkload(null);
    },
  };
}
