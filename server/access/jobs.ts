/** What the queue runs for access, by the clock. */
import * as z from "zod";
import { MINUTE_MS } from "../platform/clock.ts";
import { defineJob } from "../platform/queue/define.ts";

/** Writes where the audit trail stands to a second place, so that a cut-off tail shows. */
export const anchorAuditJob = defineJob({
  name: "access.anchorAudit",
  input: z.object({}),
  cron: { line: "*/5 * * * *", input: {} },
  timeoutMs: MINUTE_MS,
});

/** Moves entries that are older than the retention to sealed files. */
export const archiveAuditJob = defineJob({
  name: "access.archiveAudit",
  input: z.object({}),
  cron: { line: "23 3 * * *", input: {} },
  timeoutMs: 30 * MINUTE_MS,
});

/** Seals second factors and audit archives with the keyring's current key; finds nothing to do unless the key was rotated. */
export const resealJob = defineJob({
  name: "access.reseal",
  input: z.object({}),
  retries: 3,
  timeoutMs: 10 * MINUTE_MS,
  cron: { line: "5-59/10 * * * *", input: {} },
});
