/** What the queue runs for services. */
import * as z from "zod";
import { MINUTE_MS } from "../platform/clock.ts";
import { defineJob } from "../platform/queue/define.ts";

/** Turns new results into rollups and refreshes the list's statistics. Catches up after downtime. */
export const rollupJob = defineJob({
  name: "services.rollup",
  input: z.object({}),
  retries: 2,
  timeoutMs: 5 * MINUTE_MS,
  cron: { line: "* * * * *", input: {} },
});

/** Makes partitions ahead and drops what is older than its retention. */
export const pruneJob = defineJob({
  name: "services.prune",
  input: z.object({}),
  retries: 3,
  timeoutMs: 10 * MINUTE_MS,
  cron: { line: "17 * * * *", input: {} },
});

/** Seals the secrets of checks with the keyring's current key; finds nothing to do unless the key was rotated. */
export const resealJob = defineJob({
  name: "services.reseal",
  input: z.object({}),
  retries: 3,
  timeoutMs: 10 * MINUTE_MS,
  cron: { line: "*/10 * * * *", input: {} },
});

/** Does an act on many services, one after the other. */
export const bulkJob = defineJob({
  name: "services.bulk",
  input: z.object({ bulkId: z.string().max(40) }),
  retries: 5,
  priority: "high",
  timeoutMs: 30 * MINUTE_MS,
});
