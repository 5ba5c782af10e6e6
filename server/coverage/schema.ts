/**
 * The words of coverage. Say here what each term means and which facts always hold.
 */
import * as z from "zod";

export const CoverageSummary = z.object({ count: z.number().int() });
export type CoverageSummary = z.infer<typeof CoverageSummary>;
