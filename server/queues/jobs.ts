import * as z from "zod";
import { defineJob } from "../platform/queue/define.ts";

/** Deletes completed jobs after an hour and depth samples after thirty days. */
export const tidy = defineJob({
  name: "queues.tidy",
  input: z.object({}),
  cron: { line: "*/5 * * * *", input: {} },
  timeoutMs: 60_000,
});
