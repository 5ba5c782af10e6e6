/** What the worker runs for access: anchors and the archive of the audit trail. */
import { config } from "../platform/config.ts";
import { handle, type HandledJob } from "../platform/queue/define.ts";
import { getSettings } from "../settings/queries.ts";
import { anchorAuditJob, archiveAuditJob, resealJob } from "./jobs.ts";
import { anchorAudit, archiveAudit, resealAccess } from "./mutations/index.ts";

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
];
