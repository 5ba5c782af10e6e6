/** What the worker runs for backups. */
import type { Loop } from "../../platform/loops.ts";
import { handle, type HandledJob } from "../../platform/queue/define.ts";
import * as jobs from "../jobs.ts";
import { resealBackups } from "../mutations/index.ts";
import { executeDrill } from "./drill.ts";
import { lookAround } from "./look-around.ts";
import { executeRestore } from "./restore.ts";
import { decideAll, deleteDecided } from "./retain.ts";
import { executeRun } from "./run.ts";
import { sweepStores } from "./sweep.ts";
import { watchLoop } from "./watch.ts";

export const handlers: HandledJob[] = [
  handle(jobs.runJob, (ctx, { runId }) => executeRun(ctx, runId)),
  handle(jobs.drillJob, (ctx, { drillId }) => executeDrill(ctx, drillId)),
  handle(jobs.restoreJob, (ctx, { restoreId }) => executeRestore(ctx, restoreId)),
  handle(jobs.retainJob, async (ctx) => {
    const goes = await decideAll(ctx);
    const deleted = await deleteDecided(ctx);
    if (goes + deleted > 0) ctx.log.info({ goes, deleted }, "retention let copies go");
  }),
  handle(jobs.sweepJob, async (ctx, input) => {
    ctx.log.info({ removed: await sweepStores(ctx, input) }, "left-overs of dead runs were removed");
  }),
  handle(jobs.checkJob, (ctx) => lookAround(ctx)),
  handle(jobs.resealJob, async (ctx) => {
    const sealed = await resealBackups(ctx);
    if (sealed > 0) ctx.log.info({ sealed }, "secrets of backups sealed with the current key");
  }),
];

export const loops: Loop[] = [watchLoop];
