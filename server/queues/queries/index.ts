export { getBulk, listBulkItems, listBulks } from "./bulks.ts";
export { getJob, listJobs } from "./jobs.ts";
export { listLetters } from "./letters.ts";
export { getPolicy, listQuarantine } from "./policies.ts";
export { previewBulk } from "./preview.ts";
export { getMetrics, getQueue, getSummary, listQueues, readOwnQueues } from "./queues.ts";
export { systemOf, type OpenedSystem } from "./systems.ts";
export { listWorkers } from "./workers.ts";
