/** What the queue runs for load tests, by the clock. */
import * as z from "zod";
import { MINUTE_MS } from "../platform/clock.ts";
import { defineJob } from "../platform/queue/define.ts";

/** Forgets runs of more than a year ago. */
export const pruneJob = defineJob({
  name: "loadtests.prune",
  input: z.object({}),
  retries: 2,
  timeoutMs: 5 * MINUTE_MS,
  cron: { line: "43 3 * * *", input: {} },
});
