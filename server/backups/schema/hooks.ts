/** Calls to other systems around a run. Isomorphic. */
import * as z from "zod";

const MOST_HOOKS = 10;

export const HOOK_MOMENTS = ["before", "after", "failed"] as const;

/**
 * A POST with the run as JSON. `before`: an answer other than 2xx stops the run when `mustSucceed`. `after`: the backup is
 * stored. `failed`: it is not.
 */
export const Hook = z.object({
  when: z.enum(HOOK_MOMENTS),
  url: z.url({ protocol: /^https?$/, message: "Must be an http or https address" }).max(2_000),
  mustSucceed: z.boolean().default(false),
});
export type Hook = z.infer<typeof Hook>;

export const Hooks = z.array(Hook).max(MOST_HOOKS);
