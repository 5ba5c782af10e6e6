export { cancelBulk, pauseBulk, resumeBulk, startBulk } from "./bulk.ts";
export { addConnection, removeConnection, resealConnections, testConnection, updateConnection } from "./connections.ts";
export { actOnJob, releaseJob } from "./jobs.ts";
export { tidyLeftovers } from "./leftovers.ts";
export { setConcurrency, setNeverRetry } from "./policies.ts";
export { drainQueue, enqueueTest, pauseQueue, resumeQueue, runScheduleNow, setRateCap } from "./queue-acts.ts";
export { rollUpSamples, tidyQueues } from "./samples.ts";
export { setThresholds } from "./thresholds.ts";
