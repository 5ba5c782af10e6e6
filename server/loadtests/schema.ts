/**
 * The words of loadtests. Say here what each term means and which facts always hold.
 */
import * as z from "zod";

export const LoadtestsSummary = z.object({ count: z.number().int() });
export type LoadtestsSummary = z.infer<typeof LoadtestsSummary>;
