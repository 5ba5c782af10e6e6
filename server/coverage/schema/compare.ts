/** Two commits beside each other. */
import * as z from "zod";
import { Percentages, TotalsWord } from "./measures.ts";

export const CHANGES = ["added", "removed", "better", "worse"] as const;
export const ComparedFile = z.object({ path: z.string(), change: z.enum(CHANGES), before: z.number().nullable(), after: z.number().nullable(), newlyUncovered: z.number().int() });
export type ComparedFile = z.infer<typeof ComparedFile>;

const Side = z.object({ commit: z.string(), at: z.date(), totals: TotalsWord, percent: Percentages, files: z.number().int(), hasDetail: z.boolean() });
export const Comparison = z.object({ base: Side.nullable(), head: Side.nullable(), delta: Percentages, files: z.array(ComparedFile), changed: z.number().int().describe("Files that differ in all.") });
export type Comparison = z.infer<typeof Comparison>;
