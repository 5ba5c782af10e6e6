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

/** Mails a one-time link; the row of the link says what became of it. */
export const mailLinkJob = defineJob({
  name: "access.mailLink",
  input: z.object({ linkId: z.string().max(64) }),
  retries: 5,
  priority: "high",
  timeoutMs: MINUTE_MS,
});

/** Looks whether somebody who forgot a password has an account, and mails a link if so. */
export const forgottenPasswordJob = defineJob({
  name: "access.forgottenPassword",
  input: z.object({ email: z.string().max(254) }),
  priority: "high",
  timeoutMs: MINUTE_MS,
});

/** Computes the whole audit trail again, archives included. */
export const verifyAuditJob = defineJob({
  name: "access.verifyAudit",
  input: z.object({ verificationId: z.string().max(64) }),
  retries: 2,
  timeoutMs: 30 * MINUTE_MS,
});
