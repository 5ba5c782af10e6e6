import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref, newestResult, milliseconds, plural } from "./words.ts";

const LEAST_RESULTS = 100;

export const latencyMeasured: Rule = {
  id: "latency-measured",
  title: "Its latency is measured",
  why: "Slow is the new down, and only a measured service can be seen to slow.",
  fix: "Add a check that asks a real address.",
  category: "observability",
  severity: "medium",
  weight: 2,
  freshForMs: WATCHED_MS,
  judge: ({ service }) => {
    const { count } = service.latency7d;
    return decide(count >= LEAST_RESULTS, { value: plural(count, "measurement"), target: `${LEAST_RESULTS} in 7 days`, at: newestResult(service), evidence: seen("Latency of the service", serviceHref(service), { Measurements: count, p95: service.latency7d.p95 === null ? null : milliseconds(service.latency7d.p95) }) }, count / LEAST_RESULTS);
  },
};
