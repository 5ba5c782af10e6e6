export { cancelBulk, pauseBulk, resumeBulk, startBulk } from "./bulk.ts";
export { actOnJob, releaseJob } from "./jobs.ts";
export { tidyLeftovers } from "./leftovers.ts";
export { setConcurrency, setNeverRetry } from "./policies.ts";
export { drainQueue, enqueueTest, pauseQueue, resumeQueue, runScheduleNow } from "./queue-acts.ts";
export { recordSamples, tidyQueues } from "./samples.ts";
