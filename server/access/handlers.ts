/** What the worker runs for access: anchors and the archive of the audit trail. */
import { config } from "../platform/config.ts";
import { MailError } from "../platform/mail/send.ts";
import { handle, Permanent, type HandledJob } from "../platform/queue/define.ts";
import { getSettings } from "../settings/queries/index.ts";
import { anchorAuditJob, archiveAuditJob, forgottenPasswordJob, mailLinkJob, resealJob, verifyAuditJob } from "./jobs.ts";
import { anchorAudit, answerForgottenPassword, archiveAudit, giveUpVerification, mailLink, resealAccess, runVerification } from "./mutations/index.ts";

const isLastTry = (job: { retries?: number }, attempt: number): boolean => attempt > (job.retries ?? 0);

export const handlers: HandledJob[] = [
  handle(anchorAuditJob, async (ctx) => {
    await anchorAudit(ctx, { dataDir: config().SEAWORTHY_DATA_DIR });
  }),
  handle(archiveAuditJob, async (ctx) => {
    const { values } = await getSettings(ctx);
    const { entries, files } = await archiveAudit(ctx, { dataDir: config().SEAWORTHY_DATA_DIR, olderThanDays: values.auditDays });
    if (entries > 0) ctx.log.info({ entries, files: files.length }, "audit entries archived");
  }),
  handle(resealJob, async (ctx) => {
    const sealed = await resealAccess(ctx, { dataDir: config().SEAWORTHY_DATA_DIR });
    if (sealed > 0) ctx.log.info({ sealed }, "second factors and audit archives sealed with the current key");
  }),
  handle(forgottenPasswordJob, answerForgottenPassword),
  handle(mailLinkJob, async (ctx, { linkId }, { attempt }) => {
    await mailLink(ctx, { linkId, isLast: isLastTry(mailLinkJob, attempt) }).catch((error: unknown) => {
      throw error instanceof MailError && error.isFinal ? new Permanent(error.message, { cause: error }) : error;
    });
  }),
  handle(verifyAuditJob, async (ctx, { verificationId }, { attempt }) => {
    await runVerification(ctx, { verificationId, dataDir: config().SEAWORTHY_DATA_DIR }).catch(async (error: unknown) => {
      if (isLastTry(verifyAuditJob, attempt)) await giveUpVerification(ctx, { verificationId, problem: "The check broke off; the log of the worker says why." });
      throw error;
    });
  }),
];
