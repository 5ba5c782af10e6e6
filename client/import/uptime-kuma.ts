/**
 * Uptime Kuma's backup file (version 1 of the product, "Settings → Backup"): JSON with `version`, `notificationList` and
 * `monitorList`. Version 2 has no export. Intervals are seconds; headers are a JSON text inside the JSON.
 */
import type { Fields } from "../manifest/document.ts";
import { Collector, ImportError, intervalOf, timeoutOf, type Imported, type Skipped } from "./imported.ts";

type Monitor = Record<string, unknown>;

const MS = 1_000;
/** Pings are not watched more finely than this. */
const LEAST_HEARTBEAT_SECONDS = 60;

const words = (value: unknown): string => (typeof value === "string" ? value : "");
const count = (value: unknown, otherwise: number): number => (typeof value === "number" && Number.isFinite(value) ? value : typeof value === "string" && /^\d+$/.test(value) ? Number(value) : otherwise);
const isOn = (value: unknown): boolean => value === true || value === 1;

function parseList(text: string): Monitor[] {
  const data = readJson(text);
  const list = typeof data === "object" && data !== null ? (data as Record<string, unknown>)["monitorList"] : undefined;
  if (!Array.isArray(list)) throw new ImportError("This is no backup of Uptime Kuma: it has no monitorList. Version 2 of Uptime Kuma writes none; export from version 1.");
  return list.filter((item): item is Monitor => typeof item === "object" && item !== null && !Array.isArray(item));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ImportError(`This is no backup of Uptime Kuma: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function headersOf(monitor: Monitor, into: Collector): Fields[] {
  const given = words(monitor["headers"]).trim();
  const parsed = given === "" ? {} : readHeaders(given);
  if (parsed === null) into.note(words(monitor["name"]), "its headers are not readable and were left out");
  const headers = Object.entries(parsed ?? {}).map(([name, value]): Fields => ({ name, value: into.secret(String(value)), isSecret: true }));
  const user = words(monitor["basic_auth_user"]);
  if (user === "") return headers;
  const basic = btoa(`${user}:${words(monitor["basic_auth_pass"])}`);
  return [...headers, { name: "Authorization", value: into.secret(`Basic ${basic}`), isSecret: true }];
}

function readHeaders(text: string): Record<string, unknown> | null {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function httpCheck(monitor: Monitor, into: Collector): Fields {
  const method = words(monitor["method"]).toUpperCase() || "GET";
  const headers = headersOf(monitor, into);
  const statuses = Array.isArray(monitor["accepted_statuscodes"]) ? monitor["accepted_statuscodes"].map(String) : [];
  const body = words(monitor["body"]);
  const keyword = words(monitor["keyword"]);
  if (monitor["type"] === "keyword" && isOn(monitor["invertKeyword"])) into.note(words(monitor["name"]), "the keyword that must be absent was left out");
  const path = words(monitor["jsonPath"]);
  return {
    kind: "http",
    url: words(monitor["url"]),
    ...(method === "GET" ? {} : { method }),
    ...(headers.length > 0 ? { headers } : {}),
    ...(body !== "" && !["GET", "HEAD", "OPTIONS"].includes(method) ? { body } : {}),
    ...(statuses.length > 0 && statuses.join() !== "200-299" ? { expectedStatus: statuses } : {}),
    ...(monitor["type"] === "keyword" && keyword !== "" && !isOn(monitor["invertKeyword"]) ? { bodyContains: keyword } : {}),
    ...(monitor["type"] === "json-query" && path !== "" ? { jsonPath: { path: path.startsWith("$") ? path : `$.${path}`, equals: words(monitor["expectedValue"]) } } : {}),
    ...(isOn(monitor["ignoreTls"]) ? { ignoreCertificateErrors: true } : {}),
    ...(isOn(monitor["expiryNotification"]) ? { certificateMinDays: 14 } : {}),
    ...(count(monitor["maxredirects"], 10) < 5 ? { followRedirects: count(monitor["maxredirects"], 10) } : {}),
  };
}

function checkOf(monitor: Monitor, into: Collector): Fields | Skipped {
  const type = words(monitor["type"]);
  switch (type) {
    case "http":
    case "keyword":
    case "json-query":
      return httpCheck(monitor, into);
    case "port":
      return { kind: "tcp", host: words(monitor["hostname"]), port: count(monitor["port"], 0) };
    case "postgres":
      return { kind: "postgres", connectionString: into.secret(words(monitor["databaseConnectionString"])), ...(words(monitor["databaseQuery"]) ? { query: words(monitor["databaseQuery"]) } : {}) };
    case "redis":
      return { kind: "redis", url: into.secret(words(monitor["databaseConnectionString"])) };
    case "push":
      into.note(words(monitor["name"]), "its address for pings is a new one; see the check");
      return { kind: "heartbeat", periodSeconds: Math.max(LEAST_HEARTBEAT_SECONDS, count(monitor["interval"], 60)), graceSeconds: LEAST_HEARTBEAT_SECONDS };
    case "group":
      return { skipped: "" };
    default:
      return { skipped: `checks of type ${type || "unknown"} do not exist here` };
  }
}

/** Reads a backup. A group becomes the domain of its monitors. Throws ImportError for another file. */
export function importUptimeKuma(text: string): Imported {
  const monitors = parseList(text);
  const into = new Collector("KUMA_SECRET");
  const names = new Map(monitors.map((monitor) => [monitor["id"], words(monitor["name"])]));
  for (const monitor of monitors) {
    const name = words(monitor["name"]);
    const check = checkOf(monitor, into);
    if ("skipped" in check) {
      if (check.skipped) into.note(name, check.skipped as string);
      continue;
    }
    const tags = Array.isArray(monitor["tags"]) ? monitor["tags"].map((tag) => words((tag as Record<string, unknown> | null)?.["name"]).toLowerCase().replaceAll(/\s+/g, "-")).filter(Boolean) : [];
    const timeoutS = count(monitor["timeout"], 0);
    into.add({
      name,
      description: words(monitor["description"]),
      domain: names.get(monitor["parent"]) ?? "",
      tags,
      check: {
        ...check,
        intervalSeconds: intervalOf(count(monitor["interval"], 60)),
        ...(timeoutS > 0 ? { timeoutMs: timeoutOf(timeoutS * MS) } : {}),
        failuresBeforeDown: Math.min(20, count(monitor["maxretries"], 0) + 1),
        ...(monitor["active"] === undefined || isOn(monitor["active"]) ? {} : { isPaused: true }),
      },
    });
  }
  return into.result;
}
