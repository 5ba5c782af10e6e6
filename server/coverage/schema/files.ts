/** Files and folders of a commit. */
import * as z from "zod";
import { CountWord, Percentages, TotalsWord } from "./measures.ts";

export const FileRow = z.object({
  path: z.string(),
  totals: TotalsWord,
  percent: Percentages,
  uncovered: z.number().int().describe("Lines that no test reaches."),
  gain: z.number().describe("Points that all lines would gain if this file were covered."),
  risk: z.number().describe("Uncovered lines, weighted by how often the file's coverage changed in 90 days."),
  changes: z.number().int(),
});
export type FileRow = z.infer<typeof FileRow>;

export const FilePage = z.object({ items: z.array(FileRow), nextCursor: z.string().nullable(), total: z.number().int().describe("Files that match."), commit: z.string().nullable(), hasDetail: z.boolean() });
export type FilePage = z.infer<typeof FilePage>;

export const TreeNode = z.object({ name: z.string(), path: z.string(), isFolder: z.boolean(), files: z.number().int(), lines: CountWord, percent: z.number().nullable() });
export type TreeNode = z.infer<typeof TreeNode>;
export const Tree = z.object({ folder: z.string(), nodes: z.array(TreeNode), commit: z.string().nullable(), formats: z.array(z.string()), at: z.date().nullable(), hasDetail: z.boolean() });
export type Tree = z.infer<typeof Tree>;

/** One line of a file: hits (null: nothing to cover; the least number when `isAtLeast`), and its branches. */
export const SourceLine = z.object({ line: z.number().int(), hits: z.number().int().nullable(), isAtLeast: z.boolean(), branches: CountWord.nullable(), text: z.string().nullable() });
export type SourceLine = z.infer<typeof SourceLine>;
export const SOURCE_FROM = ["pushed", "repository", "none"] as const;
export const FileDetail = z.object({
  path: z.string(),
  commit: z.string(),
  totals: TotalsWord,
  percent: Percentages,
  lines: z.array(SourceLine),
  source: z.enum(SOURCE_FROM),
  sourceProblem: z.string().nullable().describe("Why the text is not shown."),
  isSummaryOnly: z.boolean(),
});
export type FileDetail = z.infer<typeof FileDetail>;

export const WorkItem = z.object({
  serviceId: z.string(),
  service: z.string(),
  slug: z.string(),
  path: z.string(),
  percent: z.number(),
  goal: z.number(),
  gain: z.number().describe("Points that all lines of the service would gain at the goal."),
  uncovered: z.number().int(),
});
export type WorkItem = z.infer<typeof WorkItem>;
export const Worklist = z.object({ items: z.array(WorkItem), nextCursor: z.string().nullable(), total: z.number().int() });
export type Worklist = z.infer<typeof Worklist>;
