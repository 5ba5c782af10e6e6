/**
 * Gatus' configuration file (YAML, `endpoints:`). Conditions are translated where a check here can hold them to account:
 * status, response time, body text and paths, days left on the certificate. Durations are Go's ("30s", "1m30s", "48h").
 */
import { parse } from "yaml";
import type { Fields } from "../manifest/document.ts";
import { Collector, ImportError, intervalOf, timeoutOf, type Imported, type Skipped } from "./imported.ts";

type Endpoint = Record<string, unknown>;

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const DAY_MS = 86_400_000;
const MAX_ALIASES = 100;
/** Gatus looks once a minute unless told otherwise. */
const DEFAULT_INTERVAL_MS = 60_000;

const words = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
const mapping = (value: unknown): Record<string, unknown> => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {});

/** A Go duration in ms; null for what is none. */
export function goDurationMs(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) return null;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
}

function readEndpoints(text: string): Endpoint[] {
  let data: unknown;
  try {
    data = parse(text, { maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new ImportError(`This is no configuration of Gatus: ${error instanceof Error ? error.message : String(error)}`);
  }
  const list = mapping(data)["endpoints"];
  if (!Array.isArray(list)) throw new ImportError("This is no configuration of Gatus: it has no endpoints.");
  return list.map(mapping);
}

/** What one condition means for a check; null when nothing here can hold it to account. */
export function translate(condition: string): Fields | null {
  const [, left = "", operator = "", right = ""] = /^\s*(\S+)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*$/.exec(condition) ?? [];
  if (left === "[STATUS]" && operator === "==") {
    const any = /^any\((.+)\)$/.exec(right)?.[1]?.split(",").map((code) => code.trim());
    return { expectedStatus: any ?? [right] };
  }
  if (left === "[STATUS]" && (operator === "<" || operator === "<=")) return { expectedStatus: [`100-${Number(right) - (operator === "<" ? 1 : 0)}`] };
  if (left === "[RESPONSE_TIME]" && operator.startsWith("<")) return { maxLatencyMs: Number(right) };
  if (left === "[CERTIFICATE_EXPIRATION]" && operator.startsWith(">")) return { certificateMinDays: Math.ceil((goDurationMs(right) ?? 0) / DAY_MS) };
  if (left === "[BODY]" && operator === "==") {
    const pattern = /^pat\(\*(.+)\*\)$/.exec(right)?.[1];
    return pattern && !pattern.includes("*") ? { bodyContains: pattern } : null;
  }
  if (left.startsWith("[BODY].") && operator === "==" && !/^(any|pat|len|has)\(/.test(right)) return { jsonPath: { path: `$.${left.slice("[BODY].".length)}`, equals: right } };
  return left === "[CONNECTED]" && operator === "==" && right === "true" ? {} : null;
}

function httpCheck(endpoint: Endpoint, into: Collector, name: string): Fields {
  const conditions = Array.isArray(endpoint["conditions"]) ? endpoint["conditions"].map(words) : [];
  const check: Fields = { kind: "http", url: words(endpoint["url"]) };
  for (const condition of conditions) {
    const meaning = translate(condition);
    const isTaken = meaning !== null && Object.keys(meaning).some((key) => Object.hasOwn(check, key));
    if (meaning === null || isTaken) into.note(name, `the condition "${condition}" was left out`);
    else Object.assign(check, meaning);
  }
  const method = words(endpoint["method"]).toUpperCase();
  const headers = Object.entries(mapping(endpoint["headers"])).map(([header, value]): Fields => ({ name: header, value: into.secret(words(value)), isSecret: true }));
  const client = mapping(endpoint["client"]);
  return {
    ...check,
    ...(method && method !== "GET" ? { method } : {}),
    ...(headers.length > 0 ? { headers } : {}),
    ...(words(endpoint["body"]) && method && !["GET", "HEAD", "OPTIONS"].includes(method) ? { body: words(endpoint["body"]) } : {}),
    ...(client["insecure"] === true ? { ignoreCertificateErrors: true } : {}),
    ...(client["ignore-redirect"] === true ? { followRedirects: 0 } : {}),
  };
}

function checkOf(endpoint: Endpoint, into: Collector, name: string): Fields | Skipped {
  const url = words(endpoint["url"]);
  const scheme = /^([a-z+]+):\/\//.exec(url)?.[1] ?? "";
  if (scheme === "http" || scheme === "https") return httpCheck(endpoint, into, name);
  if (scheme === "tcp") {
    const target = new URL(url.replace(/^tcp/, "http"));
    return { kind: "tcp", host: target.hostname, port: Number(target.port || 80) };
  }
  return { skipped: `addresses of the kind ${scheme || "without a scheme"} cannot be checked here` };
}

/** Reads a configuration. A group becomes the domain. Throws ImportError for another file. */
export function importGatus(text: string): Imported {
  const into = new Collector("GATUS_SECRET");
  for (const endpoint of readEndpoints(text)) {
    const name = words(endpoint["name"]);
    const check = checkOf(endpoint, into, name);
    if ("skipped" in check) {
      into.note(name, check.skipped as string);
      continue;
    }
    const timeoutMs = goDurationMs(words(mapping(endpoint["client"])["timeout"]));
    const alerts = Array.isArray(endpoint["alerts"]) ? endpoint["alerts"].map(mapping) : [];
    const failures = Number(alerts.find((alert) => alert["failure-threshold"] !== undefined)?.["failure-threshold"] ?? 3);
    const successes = Number(alerts.find((alert) => alert["success-threshold"] !== undefined)?.["success-threshold"] ?? 2);
    into.add({
      name,
      domain: words(endpoint["group"]),
      check: {
        ...check,
        intervalSeconds: intervalOf((goDurationMs(words(endpoint["interval"])) ?? DEFAULT_INTERVAL_MS) / 1_000),
        ...(timeoutMs ? { timeoutMs: timeoutOf(timeoutMs) } : {}),
        failuresBeforeDown: Math.min(20, failures),
        successesBeforeUp: Math.min(20, successes),
        ...(endpoint["enabled"] === false ? { isPaused: true } : {}),
      },
    });
  }
  return into.result;
}
