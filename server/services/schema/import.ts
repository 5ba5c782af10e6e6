/** Words of the import of services from comma-separated values: what each line of the file would do, and what was done. */
import * as z from "zod";

/** Services one file may bring: the largest fleet the console is made for, and still one transaction of seconds. */
export const MOST_IMPORTED = 2_000;
/** Characters of a file; with its JSON around it, it stays under the megabyte that a request may have. */
const CSV_MAX = 750_000;

const csv = z.string().min(1, "The file is empty").max(CSV_MAX, "The file is too large. Import it in parts.");

export const PreviewImport = z.object({ csv: csv.describe("Lines of comma-separated values, the first one names the columns.") });
export type PreviewImport = z.infer<typeof PreviewImport>;

export const ImportServices = PreviewImport.extend({
  leavesOutProblems: z.boolean().default(false).describe("Imports the other lines when some cannot be taken; otherwise nothing is imported then."),
  expected: z
    .object({ created: z.number().int().min(0), changed: z.number().int().min(0) })
    .optional()
    .describe("The counts that were shown; when they are others by now, nothing is imported."),
});
export type ImportServices = z.infer<typeof ImportServices>;

export const IMPORT_ACTIONS = ["create", "change", "same", "problem"] as const;
export const ImportAction = z.enum(IMPORT_ACTIONS);
export type ImportAction = z.infer<typeof ImportAction>;

export const ImportedLine = z.object({
  line: z.number().int().describe("Where the line begins in the file, from 1."),
  slug: z.string(),
  name: z.string(),
  action: ImportAction,
  changes: z.array(z.object({ field: z.string(), from: z.string(), to: z.string() })).describe("For create and change."),
  problems: z.array(z.string()),
});
export type ImportedLine = z.infer<typeof ImportedLine>;

export const ImportCounts = z.object({ created: z.number().int(), changed: z.number().int(), same: z.number().int(), problems: z.number().int() });
export type ImportCounts = z.infer<typeof ImportCounts>;

export const ImportPreview = z.object({
  counts: ImportCounts,
  lines: z.array(ImportedLine),
  ignoredColumns: z.array(z.string()).describe("Columns of the file that are no field of a service."),
});
export type ImportPreview = z.infer<typeof ImportPreview>;
