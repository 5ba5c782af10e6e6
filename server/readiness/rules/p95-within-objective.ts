import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { httpChecks, serviceHref, newestResult, milliseconds, plural } from "./words.ts";

/** Without an objective of its own: half a second. */
const DEFAULT_MS = 500;
const LEAST_RESULTS = 20;

export const p95WithinObjective: Rule = {
  id: "p95-within-objective",
  title: "95 of 100 answers are fast enough",
  why: "People leave what they wait for.",
  fix: "Find what takes the time; set the objective at the check if this one is wrong.",
  category: "performance",
  severity: "high",
  weight: 4,
  freshForMs: WATCHED_MS,
  judge: ({ service }) => {
    const objective = Math.max(0, ...httpChecks(service).flatMap(({ maxLatencyMs }) => maxLatencyMs ?? [])) || DEFAULT_MS;
    const target = `at most ${milliseconds(objective)}`;
    const { p95, count } = service.latency1d;
    if (p95 === null || count < LEAST_RESULTS) return unknown("too few measurements", target, seen("Latency of the service", serviceHref(service), { Measurements: count }));
    return decide(p95 <= objective, { value: milliseconds(p95), target, at: newestResult(service), evidence: seen(`p95 of ${plural(count, "answer")}`, serviceHref(service), { p50: milliseconds(service.latency1d.p50 ?? 0), p95: milliseconds(p95), p99: milliseconds(service.latency1d.p99 ?? 0), Measurements: count, Objective: milliseconds(objective) }) }, objective / p95);
  },
};
