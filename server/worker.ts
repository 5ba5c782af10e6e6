/**
 * The worker process: `node server/worker.ts`. Runs the jobs of all modules and their loops. Any number of workers may
 * run. Without a database it waits for one. On SIGTERM, SIGINT or when its parent goes away it takes nothing more,
 * finishes what runs within SEAWORTHY_SHUTDOWN_TIMEOUT_MS, hands back the rest and exits with 0; a second signal ends
 * it at once. It tells a parent over IPC when it is ready.
 */
import * as coverage from "./coverage/handlers.ts";
import * as limits from "./limits/handlers.ts";
import * as loadtests from "./loadtests/handlers.ts";
import { createAlarm, pauseAfter } from "./platform/alarm.ts";
import { SECOND_MS } from "./platform/clock.ts";
import { config, ConfigError, type Config } from "./platform/config.ts";
import { closeDatabase, database } from "./platform/db.ts";
import { logger, type Logger } from "./platform/logger.ts";
import { pruneAnswersLoop } from "./platform/idempotency/prune.ts";
import type { Loop, RunningLoop } from "./platform/loops.ts";
import { processLoop } from "./platform/processes.ts";
import type { HandledJob } from "./platform/queue/define.ts";
import { startQueue } from "./platform/queue/start.ts";
import { systemContext } from "./platform/system-context.ts";
import * as access from "./access/handlers.ts";
import * as backups from "./backups/handlers/index.ts";
import * as queues from "./queues/handlers.ts";
import * as readiness from "./readiness/handlers.ts";
import * as services from "./services/handlers.ts";

/** In the order of the modules. */
const HANDLERS: HandledJob[] = [...access.handlers, ...queues.handlers, ...limits.handlers, ...services.handlers, ...backups.handlers, ...coverage.handlers, ...loadtests.handlers, ...readiness.handlers];
const LOOPS: Loop[] = [processLoop("worker"), pruneAnswersLoop, ...queues.loops, ...services.loops, ...backups.loops, ...readiness.loops];

/** A terminal's Ctrl+C can arrive twice, from the terminal and from npm; later than this it is a second wish. */
const SAME_SIGNAL_MS = SECOND_MS;
/** sysexits(3) EX_CONFIG: starting again cannot help. */
const EXIT_CONFIG = 78;
/** Kept back from the time to stop, for closing connections. */
const CLOSE_MS = SECOND_MS;

export type RunningWorker = {
  /** Resolves when jobs are taken and every loop runs. */
  ready: Promise<void>;
  stop: (timeoutMs: number) => Promise<void>;
};

/** Starts loops one after the other, each again until it starts; stops them in reverse. */
function startLoops(loops: Loop[], log: Logger): RunningWorker {
  const running: RunningLoop[] = [];
  const alarm = createAlarm();
  let isStopping = false;

  const startOne = async (loop: Loop): Promise<void> => {
    const ctx = systemContext(loop.name);
    for (let failures = 1; !isStopping; failures++) {
      try {
        running.push(await loop.start(ctx));
        return;
      } catch (error) {
        log.warn({ err: error, loop: loop.name }, "a loop cannot start yet, will try again");
        await alarm.pause(pauseAfter(failures));
      }
    }
  };
  const ready = (async () => {
    for (const loop of loops) await startOne(loop);
  })();
  return {
    ready,
    stop: async () => {
      isStopping = true;
      alarm.wake();
      await ready;
      for (const loop of running.toReversed()) await loop.stop();
    },
  };
}

/** Starts everything; returns at once, whether or not the database answers. */
export function startWorker(values: Config): RunningWorker {
  const log = logger().child({ role: "worker" });
  const queue = startQueue({
    pool: database().pool,
    handlers: HANDLERS,
    concurrency: values.SEAWORTHY_WORKER_CONCURRENCY,
    context: ({ name, id }) => {
      const ctx = systemContext(name);
      return { ...ctx, log: ctx.log.child({ jobId: id }) };
    },
    log,
  });
  const loops = startLoops(LOOPS, log);
  return {
    ready: Promise.all([queue.ready, loops.ready]).then(() => undefined),
    stop: async (timeoutMs) => {
      const timeout = Promise.withResolvers<void>();
      const timer = setTimeout(timeout.resolve, timeoutMs);
      const stopped = Promise.all([queue.stop(timeoutMs - CLOSE_MS), loops.stop(timeoutMs - CLOSE_MS)]);
      await Promise.race([stopped, timeout.promise]);
      clearTimeout(timer);
      await Promise.race([closeDatabase(), new Promise((resolve) => setTimeout(resolve, CLOSE_MS))]);
    },
  };
}

function readConfig(): Config {
  try {
    return config();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

async function main(): Promise<void> {
  const values = readConfig();
  const log = logger().child({ role: "worker" });
  const worker = startWorker(values);
  let stoppingSince: number | null = null;
  const stop = (reason: string) => {
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    log.info({ reason }, "worker stopping");
    worker.stop(values.SEAWORTHY_SHUTDOWN_TIMEOUT_MS).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "worker did not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  process.once("disconnect", () => stop("parent gone"));
  await worker.ready;
  if (stoppingSince !== null) return;
  process.send?.({ type: "ready" });
  log.info({ jobs: HANDLERS.length, loops: LOOPS.length }, "worker ready");
}

if (import.meta.main) await main();
