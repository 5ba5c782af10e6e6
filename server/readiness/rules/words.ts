/** What many rules say: links into the console, figures with units, and the two families of observed rules. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { CheckFacts, ServiceFacts } from "../../services/queries/index.ts";
import type { Facts, ObservedKind } from "../facts.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";

/** What a guarded request saw holds for two days; it is repeated several times a day. */
export const OBSERVED_MS = 2 * DAY_MS;
/** A load test tells about the software of its day. */
export const LOAD_FRESH_MS = 30 * DAY_MS;

export const serviceHref = (service: ServiceFacts, tab = ""): string => `/services/${service.slug}${tab ? `?tab=${tab}` : ""}`;
export const checkHref = (service: ServiceFacts): string => serviceHref(service, "checks");
export const loadHref = (service: ServiceFacts): string => `/loadtests?service=${service.slug}`;

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
export const days = (ms: number): string => plural(Math.floor(ms / DAY_MS), "day");
export const figure = (value: number, digits = 0): string => String(Number(value.toFixed(digits)));
/** Never rounds up to a figure that is not there: 0.99999 is 99.99 %. */
export const percent = (ratio: number, digits = 2): string => `${(Math.floor(ratio * 100 * 10 ** digits + 1e-9) / 10 ** digits).toFixed(digits)} %`;
export const milliseconds = (ms: number): string => (ms < SECOND_MS ? `${Math.round(ms)} ms` : `${figure(ms / SECOND_MS, 2)} s`);
export function spanWords(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${figure(ms / HOUR_MS, 1)} h` : days(ms);
}
/** At most three names, and how many more. */
export function nameList(names: readonly string[]): string {
  const more = names.length - 3;
  return `${names.slice(0, 3).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

export const liveChecks = (service: ServiceFacts): CheckFacts[] => service.checks.filter((check) => !check.isPaused);
export const httpChecks = (service: ServiceFacts): (CheckFacts & { url: string })[] => liveChecks(service).filter((check): check is CheckFacts & { url: string } => check.url !== null);
export const overHttps = (facts: Facts): boolean => httpChecks(facts.service).some(({ url }) => url.startsWith("https:"));
export const pathOf = (url: string): string => URL.parse(url)?.pathname.toLowerCase() ?? "";

/** When any check of the service was last heard of. */
export function newestResult(service: ServiceFacts): Date | null {
  const times = service.checks.flatMap(({ lastResultAt }) => (lastResultAt ? [lastResultAt.getTime()] : []));
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}

type HeaderRule = Pick<Rule, "id" | "title" | "why" | "fix" | "severity" | "weight"> & {
  target: string;
  /** What is wrong with the header's value, or null. The headers are those of a real answer, names in lower case. */
  problemOf: (headers: Record<string, string>) => string | null;
};

/** A rule about a response header of the service's own address, as a guarded request saw it. */
export function headerRule({ target, problemOf, ...rule }: HeaderRule): Rule {
  return {
    ...rule,
    category: "security",
    freshForMs: OBSERVED_MS,
    appliesTo: ({ service }) => httpChecks(service).length > 0,
    judge: ({ observed }) => {
      const found = observed.headers;
      if (!found) return unknown("not looked at yet", target);
      if (!found.answered) return unknown(`no answer: ${found.detail.problem ?? "unreachable"}`, target, seen(found.url, found.url, { Address: found.url, Problem: found.detail.problem, Looked: found.observedAt }));
      const problem = problemOf(found.detail);
      const rows = Object.fromEntries(Object.entries(found.detail).map(([name, value]) => [name, value.slice(0, 300)]));
      return decide(problem === null, { value: problem ?? "present", target, at: found.observedAt, evidence: seen(`Headers of ${found.url}`, found.url, { Address: found.url, Status: found.status, ...rows, Looked: found.observedAt }) });
    },
  };
}

type LinkRule = Pick<Rule, "id" | "title" | "why" | "fix" | "severity" | "weight" | "category" | "isBlocking"> & { kind: ObservedKind; named: string };

/** A rule about a link of the service: it is there, and it answers a guarded request. Half its points for being there. */
export function linkRule({ kind, named, ...rule }: LinkRule): Rule {
  const target = `a ${named} link that answers`;
  return {
    ...rule,
    freshForMs: 7 * DAY_MS,
    judge: ({ service, observed }) => {
      const url = linkOf(service, kind);
      const href = serviceHref(service, "settings");
      if (!url) return decide(false, { value: `no ${named} link`, target, at: service.updatedAt, evidence: seen("Links of the service", href, { Links: service.links.map(({ label }) => label).join(", ") || "none" }) });
      const found = observed[kind];
      if (!found || found.url !== url) return unknown("not looked at yet", target, seen(url, url, { Address: url }));
      const holds = found.answered && found.status !== null && (found.status < 400 || found.status === 401 || found.status === 403);
      const value = found.answered ? `answers ${found.status}` : `no answer: ${found.detail.problem ?? "unreachable"}`;
      return decide(holds, { value, target, at: found.observedAt, evidence: seen(url, url, { Address: url, Status: found.status, Problem: found.detail.problem, Looked: found.observedAt }) }, 0.5);
    },
  };
}

/** Words of a link's label that say what it leads to. */
const LABELS: Partial<Record<ObservedKind, RegExp>> = {
  docs: /\b(docs?|documentation|readme|manual|wiki|guide|api)\b/i,
  runbook: /\b(run-?books?|playbooks?|on-?call|operations?)\b/i,
  pipeline: /\b(ci|cd|pipelines?|builds?|actions|workflows?|deploy(ments?)?)\b/i,
  dashboard: /\b(dashboards?|grafana|metrics|monitoring)\b/i,
  errors: /\b(errors?|sentry|exceptions?|crash(es)?|bugs?nag|rollbar|glitchtip)\b/i,
  logs: /\b(logs?|loki|kibana|opensearch|logging)\b/i,
};

/** The address that a kind of observation looks at; null when the service has none. */
export function linkOf(service: ServiceFacts, kind: ObservedKind): string | null {
  if (kind === "repository") return service.repositoryUrl;
  if (kind === "headers" || kind === "redirect") return httpChecks(service)[0]?.url ?? null;
  const label = LABELS[kind];
  return label ? (service.links.find((link) => label.test(link.label))?.url ?? null) : null;
}
