import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref, newestResult, milliseconds, plural } from "./words.ts";

const LIMIT_MS = 1_000;
const LEAST_RESULTS = 100;

export const p99UnderASecond: Rule = {
  id: "p99-under-a-second",
  title: "99 of 100 answers take less than a second",
  why: "With a hundred requests a page, the slowest one is the page.",
  fix: "Look at the slowest answers: garbage collection, cold caches, locks.",
  category: "performance",
  severity: "medium",
  weight: 2,
  freshForMs: WATCHED_MS,
  judge: ({ service }) => {
    const { p99, count } = service.latency7d;
    if (p99 === null || count < LEAST_RESULTS) return unknown("too few measurements", "less than 1 s", seen("Latency of the service", serviceHref(service), { Measurements: count }));
    return decide(p99 < LIMIT_MS, { value: milliseconds(p99), target: "less than 1 s", at: newestResult(service), evidence: seen(`p99 of ${plural(count, "answer")}`, serviceHref(service), { p99: milliseconds(p99), Measurements: count }) }, LIMIT_MS / p99);
  },
};
