/** A check as its form holds it: one flat set of fields for every kind; empty means "not asked for". Pure. */
import type { CheckConfigInput } from "../../server/services/check-config.ts";
import type { CheckDetail, CheckKind } from "../../server/services/schema.ts";
import { completeAddress } from "./service-values.ts";

/** Number inputs hold a number, or text while something else is typed. */
type Figure = number | string;

export interface CheckValues {
  kind: Exclude<CheckKind, "self">;
  name: string;
  url: string;
  method: string;
  headers: { name: string; value: string; isSecret: boolean }[];
  body: string;
  expectedStatus: string;
  maxLatencyMs: Figure;
  bodyContains: string;
  jsonPath: string;
  jsonEquals: string;
  regex: string;
  certificateMinDays: Figure;
  followRedirects: Figure;
  ignoreCertificateErrors: boolean;
  readsHealthDocument: boolean;
  host: string;
  port: Figure;
  connectionString: string;
  query: string;
  expect: string;
  redisUrl: string;
  pingId: string;
  periodMinutes: Figure;
  schedule: string;
  timeZone: string;
  graceMinutes: Figure;
  intervalSeconds: Figure;
  timeoutMs: Figure;
  failuresBeforeDown: Figure;
  successesBeforeUp: Figure;
}

/** A new check: asked every 30 s, down after two failures. */
export function emptyCheck(): CheckValues {
  return {
    kind: "http", name: "", url: "", method: "GET", headers: [], body: "", expectedStatus: "200-299", maxLatencyMs: "", bodyContains: "", jsonPath: "",
    jsonEquals: "", regex: "", certificateMinDays: "", followRedirects: 5, ignoreCertificateErrors: false, readsHealthDocument: true, host: "", port: "",
    connectionString: "", query: "", expect: "", redisUrl: "", pingId: "", periodMinutes: 1440, schedule: "", timeZone: "UTC", graceMinutes: 60, intervalSeconds: 30, timeoutMs: 5000, failuresBeforeDown: 2, successesBeforeUp: 1,
  };
}

/** The form of an existing check; secrets arrive masked and go back masked. */
export function checkValues(check: CheckDetail): CheckValues {
  const { name, intervalSeconds, timeoutMs, failuresBeforeDown, successesBeforeUp, config } = check;
  const shared = { ...emptyCheck(), name: name === check.target ? "" : name, intervalSeconds, timeoutMs, failuresBeforeDown, successesBeforeUp };
  switch (config.kind) {
    case "http": {
      const { jsonPath, expectedStatus, kind, ...http } = config;
      return { ...shared, ...filled(http), kind, expectedStatus: expectedStatus.join(", "), jsonPath: jsonPath?.path ?? "", jsonEquals: jsonPath?.equals ?? "" };
    }
    case "tcp":
      return { ...shared, ...config };
    case "postgres":
      return { ...shared, ...filled(config) };
    case "redis":
      return { ...shared, kind: "redis", redisUrl: config.url };
    case "heartbeat":
      return { ...shared, kind: "heartbeat", pingId: config.pingId ?? "", schedule: config.schedule ?? "", timeZone: config.timeZone, periodMinutes: config.periodSeconds === undefined ? "" : config.periodSeconds / 60, graceMinutes: config.graceSeconds / 60 };
    case "self":
      return shared;
    default:
      return config satisfies never;
  }
}

/** What the check measures, as the server receives it. */
export function toCheckConfig(values: CheckValues): CheckConfigInput {
  switch (values.kind) {
    case "http":
      return httpConfig(values);
    case "tcp":
      return { kind: "tcp", host: values.host.trim(), port: figure(values.port) ?? Number.NaN };
    case "postgres":
      return { kind: "postgres", connectionString: values.connectionString.trim(), ...filled({ query: values.query.trim() || undefined, expect: values.expect || undefined }) };
    case "redis":
      return { kind: "redis", url: values.redisUrl.trim() };
    case "heartbeat":
      return heartbeatConfig(values);
    default:
      return values.kind satisfies never;
  }
}

/** A schedule, when there is one, takes the place of the period. */
function heartbeatConfig(values: CheckValues): CheckConfigInput {
  const schedule = values.schedule.trim();
  const when = schedule ? { schedule, timeZone: values.timeZone.trim() || "UTC" } : { periodSeconds: seconds(values.periodMinutes) };
  return { kind: "heartbeat", ...when, graceSeconds: seconds(values.graceMinutes), ...filled({ pingId: values.pingId || undefined }) };
}

const seconds = (minutes: Figure): number => Math.round((figure(minutes) ?? Number.NaN) * 60);

function httpConfig(values: CheckValues): CheckConfigInput {
  const hasBody = !["GET", "HEAD", "OPTIONS"].includes(values.method);
  return {
    kind: "http",
    url: completeAddress(values.url),
    method: values.method as "GET",
    headers: values.headers.filter((header) => header.name.trim() !== "" || header.value !== ""),
    expectedStatus: values.expectedStatus.split(/[\s,]+/u).filter((part) => part !== ""),
    followRedirects: figure(values.followRedirects) ?? 0,
    ignoreCertificateErrors: values.ignoreCertificateErrors,
    readsHealthDocument: values.readsHealthDocument,
    ...filled({
      body: hasBody ? values.body || undefined : undefined,
      maxLatencyMs: figure(values.maxLatencyMs),
      bodyContains: values.bodyContains || undefined,
      jsonPath: values.jsonPath.trim() ? { path: values.jsonPath.trim(), ...filled({ equals: values.jsonEquals || undefined }) } : undefined,
      regex: values.regex || undefined,
      certificateMinDays: figure(values.certificateMinDays),
    }),
  };
}

/** How often and how strictly; the same for every kind. A check without a name is called by its target. */
export function toCheckRules(values: CheckValues) {
  return {
    ...filled({ name: values.name.trim() || undefined }),
    intervalSeconds: figure(values.intervalSeconds) ?? Number.NaN,
    timeoutMs: figure(values.timeoutMs) ?? Number.NaN,
    failuresBeforeDown: figure(values.failuresBeforeDown) ?? Number.NaN,
    successesBeforeUp: figure(values.successesBeforeUp) ?? Number.NaN,
  };
}

/** The form's field for a path of the input: "config.jsonPath.equals" is "jsonEquals". */
export function checkField(path: string, values: CheckValues): string {
  const inner = path.replace(/^config\./u, "");
  if (inner === "periodSeconds") return "periodMinutes";
  if (inner === "graceSeconds") return "graceMinutes";
  if (inner === "url" && values.kind === "redis") return "redisUrl";
  if (inner.startsWith("jsonPath")) return inner.endsWith(".equals") ? "jsonEquals" : "jsonPath";
  return inner.startsWith("expectedStatus") ? "expectedStatus" : inner;
}

function figure(value: Figure): number | undefined {
  if (value === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function filled<Part extends object>(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Part;
}


