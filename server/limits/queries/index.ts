export { listBlocks } from "./blocks.ts";
export { getSummary, getTrend, listUsage } from "./usage.ts";
export { getWindow, listExceptions, listWindows, tryMax } from "./windows.ts";
