export { getJob, listJobs } from "./jobs.ts";
export { getMetrics, getQueue, getSummary, listQueues, readOwnQueues } from "./queues.ts";
export { systemOf } from "./systems.ts";
