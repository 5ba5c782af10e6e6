/**
 * How long copies are kept. Every rule keeps; what no rule keeps goes. Isomorphic: the form shows the same numbers.
 * `withinDays` keeps everything younger; the others keep the newest good copy of each of the last n periods that have one.
 */
import * as z from "zod";

/** A week: shorter than this, a fault found after a weekend has no copy from before it. */
const FEWEST_DAYS = 7;
const MOST_DAYS = 3_650;
const MOST_COPIES = 1_000;

const periods = z.coerce.number().int().min(0).max(MOST_COPIES);

export const RetentionPolicy = z.object({
  withinDays: z.coerce.number().int().min(FEWEST_DAYS, `At least ${FEWEST_DAYS} days`).max(MOST_DAYS),
  keepLast: periods.default(7),
  hourly: periods.default(0),
  daily: periods.default(0),
  weekly: periods.default(0),
  monthly: periods.default(0),
  yearly: periods.default(0),
});
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;

const EMPTY = { keepLast: 7, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };

/** A month on this machine, a quarter in a bucket, a month for files wherever they are. */
export function defaultRetention(store: "local" | "s3", source: "database" | "files"): RetentionPolicy {
  return { ...EMPTY, withinDays: store === "s3" && source === "database" ? 90 : 30 };
}
