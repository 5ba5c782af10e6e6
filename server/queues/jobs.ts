import * as z from "zod";
import { defineJob } from "../platform/queue/define.ts";

/** Adds samples up to hours, deletes jobs that are past their time in the settings, and old samples. */
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

/** Seals the passwords of connections with the keyring's current key; finds nothing to do unless the key was rotated. */
export const reseal = defineJob({
  name: "queues.reseal",
  input: z.object({}),
  cron: { line: "*/10 * * * *", input: {} },
  timeoutMs: 60_000,
});
