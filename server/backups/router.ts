import * as z from "zod";
import { may, router } from "../platform/trpc.ts";
import { getBackupsSummary } from "./queries.ts";
import { BackupsSummary } from "./schema.ts";

export const backupsRouter = router({
  summary: may("backups:summary", { access: "viewer", tier: "read", rest: "GET /backups/summary", summary: "Summarise backups" })
    .input(z.object({}))
    .output(BackupsSummary)
    .query(({ ctx }) => getBackupsSummary(ctx)),
});
