import * as z from "zod";
import { defineJob } from "../platform/queue/define.ts";

/** Deletes completed jobs after an hour and depth samples after thirty days. */
export const tidy = defineJob({
  name: "queues.tidy",
  input: z.object({}),
  cron: { line: "*/5 * * * *", input: {} },
  timeoutMs: 60_000,
});

/** Carries out one operation on many jobs, slice by slice. A killed worker's slice is taken over and acts on no job twice. */
export const bulk = defineJob({
  name: "queues.bulk",
  input: z.object({ id: z.string() }),
  retries: 20,
  concurrency: 2,
  timeoutMs: 120_000,
});

/** Hands operations over again whose job is gone, such as after three killed workers. */
export const revive = defineJob({
  name: "queues.revive",
  input: z.object({}),
  cron: { line: "* * * * *", input: {} },
  timeoutMs: 30_000,
});
