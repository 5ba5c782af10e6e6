export { countQueues } from "./counts.ts";
export { getJob, listJobs } from "./jobs.ts";
export { getMetrics, getQueue, getSummary, listQueues } from "./queues.ts";
