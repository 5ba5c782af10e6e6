/**
 * From the facts of one answer to a verdict and one line that says why. Pure: what was asked for is in the check, what
 * came back is in the facts. Anything down wins over anything degraded; all reasons of the winning kind are named.
 */
import { JSONPath } from "jsonpath-plus";
import type { CertificateFacts } from "../platform/http/outbound.ts";
import { compilePattern } from "../platform/regex.ts";
import type { HttpCheck } from "./check-config.ts";
import type { HealthDocument } from "./health-documents/document.ts";
import { parseJson } from "./health-documents/json.ts";
import { plainText } from "./health-documents/plain-text.ts";
import type { Verdict } from "./probes/reading.ts";

export type HttpFacts = {
  status: number;
  latencyMs: number;
  body: string;
  /** True when the body was longer than what was read. */
  isTruncated: boolean;
  certificate: CertificateFacts | null;
  document: HealthDocument | null;
};

export type Judgement = { verdict: Verdict; message: string };

type Finding = { verdict: "down" | "degraded"; reason: string };

/** Long enough for several reasons, short enough for a table cell. */
const MAX_MESSAGE_LENGTH = 300;
const MAX_QUOTE_LENGTH = 60;
const MAX_NAMED_COMPONENTS = 3;

const down = (reason: string): Finding => ({ verdict: "down", reason });
const degraded = (reason: string): Finding => ({ verdict: "degraded", reason });
const quote = (text: string) => `"${plainText(text, MAX_QUOTE_LENGTH)}"`;
const days = (count: number) => `${count} day${count === 1 ? "" : "s"}`;

/** True when a status is one of the codes or lies in one of the ranges ("200", "200-299"). */
export function isExpectedStatus(status: number, expected: readonly string[]): boolean {
  return expected.some((entry) => {
    const [first, last = first] = entry.split("-");
    return status >= Number(first) && status <= Number(last);
  });
}

function statusFinding(check: HttpCheck, facts: HttpFacts): Finding[] {
  return isExpectedStatus(facts.status, check.expectedStatus) ? [] : [down(`${facts.status}, expected ${check.expectedStatus.join(", ")}`)];
}

function certificateFinding(check: HttpCheck, certificate: CertificateFacts | null): Finding[] {
  const wanted = check.certificateMinDays;
  if (!certificate || wanted === undefined) return [];
  if (certificate.daysLeft < 0) return [down(`certificate expired ${days(-certificate.daysLeft)} ago`)];
  return certificate.daysLeft < wanted ? [degraded(`certificate expires in ${days(certificate.daysLeft)}, wanted ${wanted}`)] : [];
}

function textFindings(check: HttpCheck, facts: HttpFacts): Finding[] {
  const limit = facts.isTruncated ? " in the part that was read" : "";
  const findings: Finding[] = [];
  if (check.bodyContains !== undefined && !facts.body.includes(check.bodyContains)) findings.push(down(`body does not contain ${quote(check.bodyContains)}${limit}`));
  if (check.regex !== undefined) {
    const { isMatch, isComplete } = compilePattern(check.regex).search(facts.body);
    const searched = isComplete ? limit : " in the part that was searched";
    if (!isMatch) findings.push(down(`body does not match ${quote(check.regex)}${searched}`));
  }
  return findings;
}

/** The first value a path finds, as text: strings as they are, other values as JSON. Undefined when there is none. */
export function valueAtPath(body: string, path: string): string | undefined {
  const json = parseJson(body);
  if (typeof json !== "object" || json === null) return undefined;
  const found: unknown = JSONPath({ path, json, eval: false, wrap: true });
  if (!Array.isArray(found) || found.length === 0) return undefined;
  const first: unknown = found[0];
  return typeof first === "string" ? first : JSON.stringify(first);
}

function jsonFinding(check: HttpCheck, facts: HttpFacts): Finding[] {
  if (!check.jsonPath) return [];
  const { path, equals } = check.jsonPath;
  const value = valueAtPath(facts.body, path);
  if (value === undefined) return [down(`${path} not found in the body`)];
  return equals === undefined || value === equals ? [] : [down(`${path} is ${quote(value)}, expected ${quote(equals)}`)];
}

function documentFinding(document: HealthDocument | null): Finding[] {
  if (!document || (document.verdict !== "down" && document.verdict !== "degraded")) return [];
  const troubled = document.components.filter((component) => component.verdict === "down" || component.verdict === "degraded");
  const named = troubled.slice(0, MAX_NAMED_COMPONENTS).map((component) => `${component.name} ${component.verdict}`);
  const more = troubled.length > named.length ? ` and ${troubled.length - named.length} more` : "";
  const reason = `reports itself ${document.verdict}${named.length > 0 ? `: ${named.join(", ")}${more}` : ""}`;
  return [document.verdict === "down" ? down(reason) : degraded(reason)];
}

function latencyFinding(check: HttpCheck, facts: HttpFacts): Finding[] {
  const limit = check.maxLatencyMs;
  return limit !== undefined && facts.latencyMs > limit ? [degraded(`${Math.round(facts.latencyMs)} ms, wanted at most ${limit} ms`)] : [];
}

/** Judges one HTTP answer. */
export function judgeHttp(check: HttpCheck, facts: HttpFacts): Judgement {
  const findings = [
    ...certificateFinding(check, facts.certificate),
    ...statusFinding(check, facts),
    ...textFindings(check, facts),
    ...jsonFinding(check, facts),
    ...documentFinding(check.readsHealthDocument ? facts.document : null),
    ...latencyFinding(check, facts),
  ];
  const verdict: Verdict = findings.some((finding) => finding.verdict === "down") ? "down" : findings.length > 0 ? "degraded" : "up";
  const reasons = findings.filter((finding) => finding.verdict === verdict).map((finding) => finding.reason);
  const message = reasons.length > 0 ? reasons.join("; ") : `${facts.status} in ${Math.round(facts.latencyMs)} ms`;
  return { verdict, message: plainText(message, MAX_MESSAGE_LENGTH) };
}
