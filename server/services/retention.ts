/** How long time series are kept, and why. `services.prune` drops what is older. */
import { DAY_MS, HOUR_MS } from "../platform/clock.ts";

const YEAR_MS = 365 * DAY_MS;

export const RETENTION_MS = {
  /** Two days of single results: enough to look back at last night's incident from its messages. */
  raw: 48 * HOUR_MS,
  /** A week at one minute, the resolution that people compare weekdays at. */
  minute: 7 * DAY_MS,
  /** A quarter at one hour: the longest window of uptime shown. */
  hour: 90 * DAY_MS,
  /** Two years at one day: this year beside the last. */
  day: 2 * YEAR_MS,
  /** Transitions explain the daily rollups, so they live as long. */
  transitions: 2 * YEAR_MS,
  /** Components that no document has named for this long were renamed or removed. */
  components: 7 * DAY_MS,
} as const;

/** Daily partitions made ahead, so that a worker that is off for a long weekend leaves room for others. */
export const PARTITION_DAYS_AHEAD = 4;
