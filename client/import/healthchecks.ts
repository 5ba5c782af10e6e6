/**
 * The list of checks of Healthchecks' management API, version 3 (`GET /api/v3/checks/`), saved as JSON: `checks` with
 * `name`, `desc`, `tags`, `grace`, and either `timeout` (a period) or `schedule` with `tz`. Durations are seconds.
 */
import type { Fields } from "../manifest/document.ts";
import { Collector, ImportError, type Imported } from "./imported.ts";

type Check = Record<string, unknown>;

/** Healthchecks allows a minute at the least for both. */
const LEAST_SECONDS = 60;
const DEFAULT_GRACE_SECONDS = 3_600;

const words = (value: unknown): string => (typeof value === "string" ? value : "");
const seconds = (value: unknown, otherwise: number): number => (typeof value === "number" && Number.isFinite(value) ? Math.max(LEAST_SECONDS, Math.round(value)) : otherwise);

function readChecks(text: string): Check[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new ImportError(`This is no list of checks of Healthchecks: ${error instanceof Error ? error.message : String(error)}`);
  }
  const list = Array.isArray(data) ? data : typeof data === "object" && data !== null ? (data as Check)["checks"] : undefined;
  if (!Array.isArray(list)) throw new ImportError("This is no list of checks of Healthchecks: it has no checks. Save the answer of GET /api/v3/checks/.");
  return list.filter((item): item is Check => typeof item === "object" && item !== null);
}

function heartbeatOf(check: Check): Fields {
  const graceSeconds = seconds(check["grace"], DEFAULT_GRACE_SECONDS);
  const schedule = words(check["schedule"]);
  if (schedule) return { kind: "heartbeat", schedule, timeZone: words(check["tz"]) || "UTC", graceSeconds };
  return { kind: "heartbeat", periodSeconds: seconds(check["timeout"], 86_400), graceSeconds };
}

/** Reads a list of checks. Pings keep their ids where the file has them, so the scripts that send them need no change but the host. */
export function importHealthchecks(text: string): Imported {
  const into = new Collector("HEALTHCHECKS_SECRET");
  for (const check of readChecks(text)) {
    const uuid = words(check["uuid"]) || (/\/([0-9a-f-]{36})$/.exec(words(check["ping_url"]))?.[1] ?? "");
    into.add({
      name: words(check["name"]) || words(check["slug"]),
      description: words(check["desc"]),
      tags: words(check["tags"]).toLowerCase().split(/\s+/).filter(Boolean),
      check: { ...heartbeatOf(check), ...(uuid ? { pingId: uuid } : {}), ...(words(check["status"]) === "paused" ? { isPaused: true } : {}) },
    });
  }
  return into.result;
}
