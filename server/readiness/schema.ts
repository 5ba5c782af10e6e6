/**
 * The words of readiness. Say here what each term means and which facts always hold.
 */
import * as z from "zod";

export const ReadinessSummary = z.object({ count: z.number().int() });
export type ReadinessSummary = z.infer<typeof ReadinessSummary>;
