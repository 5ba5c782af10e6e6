/**
 * A loop is work that a worker process does all the time, beside the jobs it takes from the queue: claiming due checks,
 * renewing its heartbeat. A module exports its loops from handlers.ts; server/worker.ts starts them in order and stops
 * them in reverse. `stop` resolves when nothing of the loop is running any more.
 */
import type { Context } from "./context.ts";

export type RunningLoop = { stop: () => Promise<void> };

export type Loop = {
  name: string;
  start: (ctx: Context) => Promise<RunningLoop>;
};
