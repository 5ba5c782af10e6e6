/**
 * Liveness: the process runs and its event loop turns. Answered without any I/O, by the custom server before the
 * framework is ready and by the routes under /health.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

export type LivenessDocument = { status: "healthy"; timestamp: string; uptime: number; version: string };

const holder = globalThis as { seaworthyVersion?: string };

function readVersion(): string {
  const file = path.join(process.cwd(), "package.json");
  if (!existsSync(file)) return "unknown";
  const parsed = JSON.parse(readFileSync(file, "utf8")) as { version?: string };
  return parsed.version ?? "unknown";
}

/** The product's version, read once; "unknown" when its package file is not there. */
export function version(): string {
  holder.seaworthyVersion ??= readVersion();
  return holder.seaworthyVersion;
}

/** Uptime in whole seconds. */
export const uptimeSeconds = (): number => Math.floor(process.uptime());

/** The document of /health and /health/live. */
export function livenessDocument(now: Date): LivenessDocument {
  return { status: "healthy", timestamp: now.toISOString(), uptime: uptimeSeconds(), version: version() };
}
