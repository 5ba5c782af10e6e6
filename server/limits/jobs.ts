import * as z from "zod";
import { MINUTE_MS } from "../platform/clock.ts";
import { defineJob } from "../platform/queue/define.ts";

/** Deletes usage after eight days, attempts after a month, and counters of the last resort after a day. */
export const pruneJob = defineJob({
  name: "limits.prune",
  input: z.object({}),
  retries: 3,
  timeoutMs: 5 * MINUTE_MS,
  cron: { line: "41 * * * *", input: {} },
});
