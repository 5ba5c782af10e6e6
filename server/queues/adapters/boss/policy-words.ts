/** What pg-boss's policies allow, with their names as its documentation has them. Pure. */
const WORDS: Record<string, string> = {
  standard: "any number of jobs",
  short: "one may wait",
  singleton: "one may run",
  stately: "one in each state",
  exclusive: "one may wait or run",
  key_strict_fifo: "in order for each key",
};

/** `exclusive` → "one may wait or run (exclusive)"; a policy of a newer version keeps its name. */
export const policyInWords = (policy: string): string => (WORDS[policy] ? `${WORDS[policy]} (${policy})` : policy);
