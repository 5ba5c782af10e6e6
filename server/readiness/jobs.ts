/** What the queue runs for readiness, by the clock and when somebody asks. */
import * as z from "zod";
import { MINUTE_MS } from "../platform/clock.ts";
import { defineJob } from "../platform/queue/define.ts";

/** Judges every service: facts age, certificates run out and windows move on without anybody doing anything. */
export const evaluateJob = defineJob({
  name: "readiness.evaluate",
  input: z.object({}),
  retries: 2,
  timeoutMs: 5 * MINUTE_MS,
  cron: { line: "*/10 * * * *", input: {} },
});

/** Looks at services by guarded requests: those whose turn it is, or one. */
export const observeJob = defineJob({
  name: "readiness.observe",
  input: z.object({ serviceId: z.string().optional() }),
  retries: 1,
  timeoutMs: 10 * MINUTE_MS,
  cron: { line: "*/5 * * * *", input: {} },
});
