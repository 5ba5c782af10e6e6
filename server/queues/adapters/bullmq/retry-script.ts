/**
 * Failed jobs put back in line by the hundred: the library's own script, as this version ships it, run for each job inside
 * one script. What it does to a job is what the library does; only the way there and back is shared. Loads the library, so
 * it is itself loaded with a connection.
 */
import { reprocessJob } from "bullmq/dist/esm/scripts/reprocessJob-9.js";

/** KEYS: the queue's base. ARGV: job ids. Answers the script's code for each: 1 when it is back in line. */
export const RETRY_MANY = `
local base, ids, codes = KEYS[1], ARGV, {}
local function retry(KEYS, ARGV)
${reprocessJob.content}
end
for index, id in ipairs(ids) do
  codes[index] = retry(
    { base .. id, base .. 'events', base .. 'failed', base .. 'wait', base .. 'meta', base .. 'active', base .. 'marker', base .. 'prioritized', base .. 'pc' },
    { id, 'LPUSH', 'failedReason', 'failed', '1', '1' })
end
return codes`;
