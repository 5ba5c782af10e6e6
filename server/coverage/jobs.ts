/** What the queue runs for coverage, by the clock. */
import * as z from "zod";
import { MINUTE_MS } from "../platform/clock.ts";
import { defineJob } from "../platform/queue/define.ts";

/** Shows Prometheus how services stand. */
export const measureJob = defineJob({
  name: "coverage.measure",
  input: z.object({}),
  retries: 1,
  timeoutMs: MINUTE_MS,
  cron: { line: "*/5 * * * *", input: {} },
});

/** Lets go of the files of old commits and of content that nothing uses. */
export const pruneJob = defineJob({
  name: "coverage.prune",
  input: z.object({}),
  retries: 3,
  timeoutMs: 10 * MINUTE_MS,
  cron: { line: "41 3 * * *", input: {} },
});
