/** The process itself: event loop, memory, processor and the disk under the data folder. */
import { statfs } from "node:fs/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { config } from "../config.ts";
import type { Check, Finding } from "./run-check.ts";

const RESOLUTION_MS = 20;
const NS_PER_MS = 1_000_000;
const PERCENT = 100;
/** A loop this late delays probes and live updates noticeably. */
const LATE_MS = 250;
const HEAP_LIMIT_SHARE = 0.9;
const DISK_LOW_SHARE = 0.1;
const DISK_FULL_SHARE = 0.01;
const MICROS_PER_MS = 1_000;

type Watch = { loop: ReturnType<typeof monitorEventLoopDelay>; cpu: NodeJS.CpuUsage; cpuAt: number };

const holder = globalThis as { seaworthyProcessWatch?: Watch };

function watch(): Watch {
  if (!holder.seaworthyProcessWatch) {
    const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    loop.enable();
    holder.seaworthyProcessWatch = { loop, cpu: process.cpuUsage(), cpuAt: performance.now() };
  }
  return holder.seaworthyProcessWatch;
}

/** Judges the delay of the event loop, in milliseconds beyond the sampling itself. */
export function judgeLoop(p99Ms: number): Finding {
  const detail = { p99Ms: Math.max(0, Math.round(p99Ms - RESOLUTION_MS)) };
  return detail.p99Ms > LATE_MS ? { status: "degraded", error: `The process is ${detail.p99Ms} ms late. It has more work than one core can do.`, detail } : { status: "up", detail };
}

/** Event loop delay since the last look, and the processor share of the process. */
export const eventLoopCheck: Check = () => {
  const seen = watch();
  const finding = judgeLoop(seen.loop.percentile(99) / NS_PER_MS);
  const used = process.cpuUsage(seen.cpu);
  const elapsedMs = Math.max(1, performance.now() - seen.cpuAt);
  const cpuPercent = Math.round(((used.user + used.system) / MICROS_PER_MS / elapsedMs) * PERCENT);
  seen.loop.reset();
  seen.cpu = process.cpuUsage();
  seen.cpuAt = performance.now();
  return { ...finding, detail: { ...finding.detail, cpuPercent } };
};

/** Judges the heap against the limit at which V8 gives up; the heap's present size grows on demand and says little. */
export function judgeMemory(heap: { usedBytes: number; limitBytes: number; rssBytes: number }): Finding {
  const detail = { ...heap, percent: Math.round((heap.usedBytes / heap.limitBytes) * PERCENT) };
  const isHigh = heap.usedBytes > heap.limitBytes * HEAP_LIMIT_SHARE;
  return isHigh ? { status: "degraded", error: `The heap is ${detail.percent} % full. Restart the process, or give it more memory.`, detail } : { status: "up", detail };
}

/** Heap in use of the heap's limit. */
export const memoryCheck: Check = () => {
  const heap = getHeapStatistics();
  return judgeMemory({ usedBytes: heap.used_heap_size, limitBytes: heap.heap_size_limit, rssBytes: process.memoryUsage.rss() });
};

/** Judges the room on a disk. */
export function judgeDisk(disk: { freeBytes: number; totalBytes: number }): Finding {
  const detail = { ...disk, freePercent: Math.round((disk.freeBytes / disk.totalBytes) * PERCENT) };
  const error = `${detail.freePercent} % of the disk under SEAWORTHY_DATA_DIR is free. Make room before the database stops.`;
  if (disk.freeBytes < disk.totalBytes * DISK_FULL_SHARE) return { status: "down", error, detail };
  return disk.freeBytes < disk.totalBytes * DISK_LOW_SHARE ? { status: "degraded", error, detail } : { status: "up", detail };
}

/** Free space under the data folder; unknown counts as up when a role runs without one. */
export const diskCheck: Check = async () => {
  try {
    const stats = await statfs(config().SEAWORTHY_DATA_DIR);
    return judgeDisk({ freeBytes: stats.bavail * stats.bsize, totalBytes: stats.blocks * stats.bsize });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { status: "up", detail: { hasDataFolder: false } };
    throw error;
  }
};
