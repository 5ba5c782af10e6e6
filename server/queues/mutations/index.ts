export { discardJob, retryJob } from "./jobs.ts";
export { recordSamples, tidyQueues } from "./samples.ts";
