export { actOnJob } from "./jobs.ts";
export { recordSamples, tidyQueues } from "./samples.ts";
