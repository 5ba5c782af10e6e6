/**
 * The words of backups. Say here what each term means and which facts always hold.
 */
import * as z from "zod";

export const BackupsSummary = z.object({ count: z.number().int() });
export type BackupsSummary = z.infer<typeof BackupsSummary>;
